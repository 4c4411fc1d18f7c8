-- A ticket that fell through would be waste that nobody collected.
{{ rows_without_one_verdict(
    source('landed', 'tickets'), ref('checked_tickets'), is_landed_by_night()
) }}

-- A row that fell through would be a road that nobody swept.
{{ rows_without_one_verdict(
    source('landed', 'sweeping'), ref('checked_sweeping'), is_landed_by_night()
) }}

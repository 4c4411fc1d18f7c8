-- A row that fell through would make a town or a road unknown.
{{ rows_without_one_verdict(
    source('landed', 'reference_rows'), ref('checked_reference_rows'), is_landed_by_night()
) }}

-- A row that fell through would be a deduction that nobody made.
{{ rows_without_one_verdict(
    source('landed', 'inspection_sheets'), ref('checked_inspection_sheets'), is_landed_by_night()
) }}
union all
{{ rows_without_one_verdict(
    source('landed', 'inspection_deductions'), ref('checked_inspection_deductions'), is_landed_by_night()
) }}

-- An event that fell through would be missing from the returns of a department.
{{ rows_without_one_verdict(
    source('landed', 'case_events'),
    ref('checked_case_events'),
    is_not_of_a_later_day(ref('parsed_case_events'))
) }}

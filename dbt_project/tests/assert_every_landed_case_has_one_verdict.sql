-- A case version that fell through would be missing from every case indicator.
{{ rows_without_one_verdict(
    source('landed', 'cases'),
    ref('checked_cases'),
    is_not_of_a_later_day(ref('parsed_cases'))
) }}

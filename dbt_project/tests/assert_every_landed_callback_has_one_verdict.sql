-- A call-back that fell through would be missing from the satisfaction rate.
{{ rows_without_one_verdict(
    source('landed', 'callbacks'),
    ref('checked_callbacks'),
    is_not_of_a_later_day(ref('parsed_callbacks'))
) }}

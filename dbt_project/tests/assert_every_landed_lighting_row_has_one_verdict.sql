-- A row that fell through would be a lamp, a plan or a fault that nobody counts. Polls
-- are not listed one by one: their counts are compared elsewhere.
{{ rows_without_one_verdict(
    source('landed', 'lamp'),
    ref('checked_lamp'),
    'coalesce(
        landed.updated_at <= parameters.as_of or isinf(landed.updated_at), true
    )'
) }}
union all
{{ rows_without_one_verdict(
    source('landed', 'switch_plan'),
    ref('checked_switch_plan'),
    'coalesce(
        landed.updated_at <= parameters.as_of or isinf(landed.updated_at), true
    )'
) }}
union all
{{ rows_without_one_verdict(
    source('landed', 'planned_outage'),
    ref('checked_planned_outage'),
    'coalesce(
        landed.updated_at <= parameters.as_of or isinf(landed.updated_at), true
    )'
) }}
union all
{{ rows_without_one_verdict(
    source('landed', 'lamp_fault'),
    ref('checked_lamp_fault'),
    'coalesce(
        landed.updated_at <= parameters.as_of or isinf(landed.updated_at), true
    )'
) }}

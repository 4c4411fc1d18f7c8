-- X01: of the supervised matters that were settled or fell due, the share settled by
-- the cut-off. Settled means accepted by the supervising office, not merely answered.
select
    'supervision_item' as record_type,
    record_key,
    1 as record_count,

    'M' as period_type,
    month_start as period_start,
    cast(null as varchar) as town_code,
    cast(null as varchar) as contractor_code,
    dept_code,

    cast(is_done as integer) as numerator,
    1 as denominator,
    excluded_reason,
    cast(null as varchar) as note

from {{ ref('int_supervision_items_due') }}

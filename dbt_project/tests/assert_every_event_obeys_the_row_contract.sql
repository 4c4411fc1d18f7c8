-- Nobody can open a number whose record has no key, and a record that is neither
-- counted nor excluded has no business here. A formula that adds up months answers by
-- month.
select *

from {{ ref('indicator_events') }}

where
    record_type is null
    or record_key is null
    or coalesce(record_count, 0) < 1
    or (rolls_up and period_type != 'M')
    or (excluded_reason is null and numerator is null and denominator is null)

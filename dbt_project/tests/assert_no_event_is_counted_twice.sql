-- A join that finds two editions of a town, or two periods, would count a record twice.
-- Staffing and parking registers have no key of their own: there a row is a row.
select
    indicator_id,
    period_type,
    period_start,
    record_type,
    record_key,
    count(*) as times

from {{ ref('indicator_events') }}

where record_type not in ('staffing', 'parking')

group by
    indicator_id,
    period_type,
    period_start,
    record_type,
    record_key

having count(*) > 1

-- What an indicator left out and why: records by reason.
select
    indicator_id,
    period,
    area_code,
    coalesce(reason, '未说明') as reason,
    cast(sum(record_count) as bigint) as records

from {{ ref('indicator_records') }}

where role = 'excluded'

group by
    indicator_id,
    period,
    area_code,
    coalesce(reason, '未说明')

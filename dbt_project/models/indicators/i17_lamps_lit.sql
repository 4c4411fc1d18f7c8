-- I17: of the lamp-nights that should have been lit, the share that were. A lamp that
-- did not answer counts as not lit.
select
    record_type,
    record_key,
    record_count,

    'M' as period_type,
    month_start as period_start,
    town_code,
    cast(null as varchar) as contractor_code,
    cast(null as varchar) as dept_code,

    case when verdict = '亮' then record_count else 0 end as numerator,
    record_count as denominator,
    case when verdict in ('计划停', 'no_plan') then verdict end as excluded_reason,
    case when verdict in ('不亮', '未知') then verdict end as note

from {{ ref('int_lamp_night_records') }}

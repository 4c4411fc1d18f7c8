-- What needs attention tonight: one open item per problem, with its owner, since when and
-- how much. An item is a statement about tonight's data: when the problem is gone, so is
-- the item, and nobody has to close it.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

kinds as (

    select * from {{ ref('attention_kinds') }}

),

departments as (

    select
        dept_code,
        max_by(name, valid_from) as dept_name

    from {{ ref('stg_reference__departments') }}

    group by dept_code

),

areas as (

    select * from {{ ref('int_areas') }}

),

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

),

lamp_owner as (

    select max(owner_zh) as owner_zh

    from {{ ref('indicators') }}

    where indicator_id = 'I17'

),

cases as (

    select
        'overdue_cases' as kind,
        overdue.dept_code as subject_code,
        coalesce(departments.dept_name, overdue.dept_code, '未分派部门')
            as subject_name,
        coalesce(departments.dept_name, overdue.dept_code, '派遣员') as owner,
        cast(min(overdue.due_at) as date) as first_day,
        count(*) as quantity,
        '最早的 ' || min_by(overdue.case_id, overdue.due_at) as detail

    from {{ ref('overdue_cases') }} as overdue
    left join departments
        on overdue.dept_code = departments.dept_code

    group by
        overdue.dept_code,
        departments.dept_name

),

supervision as (

    select
        'overdue_supervision' as kind,
        items.dept_code as subject_code,
        coalesce(departments.dept_name, items.dept_code, '未定牵头单位')
            as subject_name,
        coalesce(departments.dept_name, items.dept_code, '考核办') as owner,
        cast(min(items.due_at) as date) as first_day,
        count(*) as quantity,
        '最早的 ' || min_by(items.item_no, items.due_at) as detail

    from {{ ref('stg_registers__supervision_items') }} as items
    cross join parameters
    left join departments
        on items.dept_code = departments.dept_code

    where
        items.register_month = (
            select max(latest.register_month)
            from {{ ref('stg_registers__supervision_items') }} as latest
        )
        and items.item_status != '已取消'
        and items.due_at <= parameters.as_of
        and items.verified_at is null

    group by
        items.dept_code,
        departments.dept_name

),

lamps as (

    select
        'dark_lamps' as kind,
        dark_lamps.town_code as subject_code,
        coalesce(areas.area_name, dark_lamps.town_code, '未知乡镇')
            as subject_name,
        lamp_owner.owner_zh as owner,
        min(dark_lamps.dark_since) as first_day,
        count(*) as quantity,
        '最久的 ' || min_by(dark_lamps.lamp_id, dark_lamps.dark_since)
        || ' 已 ' || cast(max(dark_lamps.nights) as varchar) || ' 夜' as detail

    from {{ ref('dark_lamps') }} as dark_lamps
    cross join lamp_owner
    left join areas
        on dark_lamps.town_code = areas.town_code

    group by
        dark_lamps.town_code,
        areas.area_name,
        lamp_owner.owner_zh

),

repairs as (

    select
        'overdue_repairs' as kind,
        faults.grade as subject_code,
        coalesce(faults.grade, '未定') || '故障' as subject_name,
        lamp_owner.owner_zh as owner,
        cast(min(faults.due_at) as date) as first_day,
        count(*) as quantity,
        '最早的 ' || min_by(faults.fault_id, faults.due_at) as detail

    from {{ ref('stg_lighting__lamp_faults') }} as faults
    cross join parameters
    cross join lamp_owner

    where faults.due_at <= parameters.as_of and faults.fixed_at is null

    group by
        faults.grade,
        lamp_owner.owner_zh

),

facilities as (

    select
        'facility_over_capacity' as kind,
        facility_use.facility_id as subject_code,
        facility_use.facility_name as subject_name,
        facility_use.facility_name as owner,
        coalesce(facility_use.first_day_over, months.period_start) as first_day,
        facility_use.days_over_highest as quantity,
        '本月日均 ' || cast(round(facility_use.tonnes_per_day, 1) as varchar)
        || ' t，各说法最高 ' || cast(facility_use.capacity_high as varchar)
        || ' t/d' as detail

    from {{ ref('facility_use') }} as facility_use
    inner join months
        on
            facility_use.month = months.period
            and not months.has_ended

    where facility_use.status = '超负荷'

),

-- The days of a source since it last was all there.
feed_days as (

    select
        health.source,
        health.business_date,
        health.status,
        max(health.business_date) filter (where health.status = '正常') over (
            partition by health.source
        ) as last_good_day

    from {{ ref('source_health') }} as health
    cross join parameters

    where health.business_date <= parameters.as_of_date

),

feeds as (

    select
        'missing_feed' as kind,
        feed_days.source as subject_code,
        coalesce(owners.name_zh, feed_days.source) as subject_name,
        coalesce(owners.owner_zh, feed_days.source) as owner,
        min(feed_days.business_date) as first_day,
        count(*) as quantity,
        '最近一天：' || max_by(feed_days.status, feed_days.business_date) as detail

    from feed_days
    left join {{ ref('source_owners') }} as owners
        on feed_days.source = owners.source

    where
        feed_days.last_good_day is null
        or feed_days.business_date > feed_days.last_good_day

    group by
        feed_days.source,
        owners.name_zh,
        owners.owner_zh

),

-- The months of the year in which a binding indicator has not met its target, without
-- a month between that did.
failing_months as (

    select
        monthly.indicator_id,
        months.period_start,
        monthly.status,
        max(months.period_start) filter (where monthly.status = '达标') over (
            partition by monthly.indicator_id
        ) as last_good_month

    from {{ ref('indicator_values') }} as monthly
    inner join months
        on monthly.period = months.period

    where monthly.area_code = {{ county_code() }}

),

failing_since as (

    select
        indicator_id,
        min(period_start) as first_month

    from failing_months

    where
        status = '未达标'
        and (last_good_month is null or period_start > last_good_month)

    group by indicator_id

),

first_months as (

    select
        {{ period_start_of("'Y'", 'period_start') }} as year_start,
        min(period_start) as first_month

    from months

    group by {{ period_start_of("'Y'", 'period_start') }}

),

failing as (

    select
        'failing_indicator' as kind,
        indicators.indicator_id as subject_code,
        indicators.name_zh as subject_name,
        indicators.owner_zh as owner,
        coalesce(failing_since.first_month, first_months.first_month) as first_day,
        1 as quantity,
        indicators.indicator_id || ' 本年 '
        -- Cut, not rounded: what misses its target is never shown as meeting it.
        || cast(floor(year_values.value * 100) / 100 as varchar)
        || indicators.unit
        || '，目标 ' || {{ plain_number('year_values.target') }} as detail

    from {{ ref('indicator_values') }} as year_values
    inner join {{ ref('indicators') }} as indicators
        on year_values.indicator_id = indicators.indicator_id
    inner join {{ ref('int_periods') }} as years
        on
            year_values.period_type = years.period_type
            and year_values.period = years.period
            and not years.has_ended
    left join failing_since
        on year_values.indicator_id = failing_since.indicator_id
    left join first_months
        on years.period_start = first_months.year_start

    where
        year_values.period_type = 'Y'
        and year_values.area_code = {{ county_code() }}
        and year_values.status = '未达标'
        and indicators.nature = '约束性'

),

problems as (

    select * from cases

    union all

    select * from supervision

    union all

    select * from lamps

    union all

    select * from repairs

    union all

    select * from facilities

    union all

    select * from feeds

    union all

    select * from failing

)

select
    -- ids
    problems.kind || '/' || coalesce(problems.subject_code, '-') as item_id,
    problems.kind,
    kinds.position,
    kinds.name_zh as kind_name,
    problems.subject_code,
    problems.subject_name,
    problems.owner,

    -- how much, since when
    kinds.severity,
    cast(problems.quantity as bigint) as quantity,
    kinds.unit,
    problems.first_day,
    cast(date_diff('day', problems.first_day, parameters.as_of_date) as bigint)
        as age_days,
    problems.detail,
    parameters.as_of_date as as_of

from problems
cross join parameters
inner join kinds
    on problems.kind = kinds.kind

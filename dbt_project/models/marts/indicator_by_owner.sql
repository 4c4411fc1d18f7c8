-- An indicator by the contractor or the department whose work it speaks of. No target
-- is set for them: these are shares, to see who, not judgements.
with

events as (

    select * from {{ ref('indicator_events') }}

    where rolls_up

),

contractors as (

    select
        contractor_code,
        max_by(name, valid_from) as contractor_name

    from {{ ref('stg_reference__contractors') }}

    group by contractor_code

),

departments as (

    select
        dept_code,
        max_by(name, valid_from) as dept_name

    from {{ ref('stg_reference__departments') }}

    group by dept_code

),

owned as (

    select
        events.*,
        '承包商' as owner_kind,
        events.contractor_code as owner_code,
        coalesce(contractors.contractor_name, events.contractor_code) as owner_name

    from events
    left join contractors
        on events.contractor_code = contractors.contractor_code

    where events.contractor_code is not null

    union all

    select
        events.*,
        '部门' as owner_kind,
        events.dept_code as owner_code,
        coalesce(departments.dept_name, events.dept_code) as owner_name

    from events
    left join departments
        on events.dept_code = departments.dept_code

    where events.dept_code is not null

),

period_types as (

    select unnest(['M', 'Q', 'Y']) as period_type

),

summed as (

    select
        owned.indicator_id,
        period_types.period_type,
        {{ period_start_of('period_types.period_type', 'owned.period_start') }}
            as period_start,
        owned.owner_kind,
        owned.owner_code,
        owned.owner_name,
        sum(owned.numerator) as numerator,
        sum(owned.denominator) as denominator,
        sum(owned.record_count) filter (
            where owned.excluded_reason is null and owned.denominator is not null
        ) as n,
        sum(owned.record_count) filter (
            where owned.excluded_reason is not null
        ) as excluded

    from owned
    cross join period_types

    group by
        owned.indicator_id,
        period_types.period_type,
        {{ period_start_of('period_types.period_type', 'owned.period_start') }},
        owned.owner_kind,
        owned.owner_code,
        owned.owner_name

)

select
    summed.indicator_id,
    summed.period_type,
    {{ period_label('summed.period_type', 'summed.period_start') }} as period,
    summed.owner_kind,
    summed.owner_code,
    summed.owner_name,
    cast(summed.numerator as double) as numerator,
    cast(summed.denominator as double) as denominator,
    cast(indicators.unit_scale as double) * cast(summed.numerator as double)
    / nullif(cast(summed.denominator as double), 0) as value,
    cast(coalesce(summed.n, 0) as bigint) as n,
    cast(coalesce(summed.excluded, 0) as bigint) as excluded

from summed
inner join {{ ref('int_indicators') }} as indicators
    on summed.indicator_id = indicators.indicator_id

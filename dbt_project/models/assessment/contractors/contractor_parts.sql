-- The one place where a contractor's month is added up: sheets to modules, records to
-- rates, and both to the components of the score. What was not inspected or measured
-- is left out and its weight shared among the rest; nothing missing counts as zero.
with

contractor_months as (

    select
        contractor_months.contractor_code,
        contractor_months.month,
        contractor_months.month_start,
        contractor_months.scheme_key,
        versions.min_ratings

    from {{ ref('contractor_months') }} as contractor_months
    inner join {{ source('ops', 'scheme_versions') }} as versions
        on contractor_months.scheme_key = versions.scheme_key

),

components as (

    select * from {{ source('ops', 'scheme_components') }}

),

sheet_sums as (

    select
        contractor_code,
        month,
        component_id,
        module_id,
        count(*) as sheets,
        cast({{ exact_sum('deducted_points') }} as double) as deducted_points

    from {{ ref('contractor_sheets') }}

    where excluded_reason is null

    group by
        contractor_code,
        month,
        component_id,
        module_id

),

-- The mean of the sheets' rates is one minus deductions over sheets times weight.
modules as (

    select
        contractor_months.contractor_code,
        contractor_months.month,
        contractor_months.month_start,
        components.component_id,
        modules.module_id as part_id,
        modules.module_name as part_name,
        modules.position,
        cast(modules.weight as double) as weight,
        coalesce(sheet_sums.sheets, 0) as record_count,
        cast(sheet_sums.deducted_points as double) as numerator,
        cast(modules.weight * sheet_sums.sheets as double) as denominator,
        100 - cast(sheet_sums.deducted_points as double)
        / cast(modules.weight * sheet_sums.sheets as double) * 100 as value,
        case
            when sheet_sums.sheets is null then '未检查'
            when
                components.component_id = 'DAILY'
                and sheet_sums.sheets < modules.min_sheets
                then '检查不足'
        end as note

    from contractor_months
    inner join components
        on
            contractor_months.scheme_key = components.scheme_key
            and components.component_id in ('DAILY', 'JOINT')
    inner join {{ source('ops', 'scheme_modules') }} as modules
        on contractor_months.scheme_key = modules.scheme_key
    left join sheet_sums
        on
            contractor_months.contractor_code = sheet_sums.contractor_code
            and contractor_months.month = sheet_sums.month
            and components.component_id = sheet_sums.component_id
            and modules.module_id = sheet_sums.module_id

),

record_sums as (

    select
        contractor_code,
        month,
        metric_id,
        count(*) as records,
        sum(cast(numerator as decimal(28, 6))) as numerator,
        sum(cast(denominator as decimal(28, 6))) as denominator

    from {{ ref('contractor_measured_records') }}

    where excluded_reason is null

    group by
        contractor_code,
        month,
        metric_id

),

rates as (

    select
        *,
        cast(numerator as double) / cast(denominator as double) * 100 as rate

    from record_sums

    where denominator > 0

),

-- A straight line from nothing at one rate to everything at another.
metrics as (

    select
        contractor_months.contractor_code,
        contractor_months.month,
        contractor_months.month_start,
        'DATA' as component_id,
        metrics.metric_id as part_id,
        metrics.metric_name as part_name,
        metrics.position,
        cast(metrics.weight as double) as weight,
        coalesce(rates.records, 0) as record_count,
        cast(rates.numerator as double) as numerator,
        cast(rates.denominator as double) as denominator,
        case
            when rates.rate is not null
                then
                    least(
                        greatest(
                            (rates.rate - cast(metrics.zero_at as double))
                            / cast(metrics.full_at - metrics.zero_at as double)
                            * 100,
                            0
                        ),
                        100
                    )
        end as value,
        case when rates.rate is null then '没有数据' end as note

    from contractor_months
    inner join {{ source('ops', 'scheme_metrics') }} as metrics
        on contractor_months.scheme_key = metrics.scheme_key
    left join rates
        on
            contractor_months.contractor_code = rates.contractor_code
            and contractor_months.month = rates.month
            and metrics.metric_id = rates.metric_id

),

parts as (

    select * from modules

    union all

    select * from metrics

),

-- Weights of the parts that have a value, together one.
weighted as (

    select
        *,
        case
            when value is not null
                then
                    weight / cast(
                        {{ exact_sum(
                            'case when value is not null then weight end'
                        ) }} over (
                            partition by contractor_code, month, component_id
                        ) as double
                    )
        end as weight_used

    from parts

),

part_sums as (

    select
        contractor_code,
        month,
        component_id,
        sum(record_count) as records,
        cast({{ exact_sum('weight_used * value') }} as double) as value

    from weighted

    where value is not null

    group by
        contractor_code,
        month,
        component_id

),

ratings as (

    select
        contractor_months.contractor_code,
        contractor_months.month,
        'PUBLIC' as component_id,
        rates.records,
        rates.numerator,
        rates.denominator,
        rates.records >= contractor_months.min_ratings as is_enough,
        rates.rate

    from contractor_months
    inner join rates
        on
            contractor_months.contractor_code = rates.contractor_code
            and contractor_months.month = rates.month
            and rates.metric_id = 'RATING'

),

component_values as (

    select
        contractor_months.contractor_code,
        contractor_months.month,
        contractor_months.month_start,
        components.component_id,
        components.component_name as part_name,
        components.position,
        cast(components.weight as double) as weight,
        coalesce(part_sums.records, ratings.records, 0) as record_count,
        cast(ratings.numerator as double) as numerator,
        cast(ratings.denominator as double) as denominator,
        case
            when part_sums.value is not null then part_sums.value
            when ratings.is_enough then ratings.rate
        end as value,
        case
            when part_sums.value is not null or ratings.is_enough then null
            when ratings.records is not null then '评价不足'
            else '没有数据'
        end as note

    from contractor_months
    inner join components
        on contractor_months.scheme_key = components.scheme_key
    left join part_sums
        on
            contractor_months.contractor_code = part_sums.contractor_code
            and contractor_months.month = part_sums.month
            and components.component_id = part_sums.component_id
    left join ratings
        on
            contractor_months.contractor_code = ratings.contractor_code
            and contractor_months.month = ratings.month
            and components.component_id = ratings.component_id

),

weighted_components as (

    select
        *,
        case
            when value is not null
                then
                    weight / cast(
                        {{ exact_sum(
                            'case when value is not null then weight end'
                        ) }} over (
                            partition by contractor_code, month
                        ) as double
                    )
        end as weight_used

    from component_values

)

select
    contractor_code,
    month,
    month_start,
    case when component_id = 'DATA' then 'metric' else 'module' end as part,
    component_id,
    part_id,
    part_name,
    cast(position as integer) as position,
    weight,
    weight_used,
    cast(record_count as bigint) as record_count,
    numerator,
    denominator,
    value,
    note

from weighted

union all

select
    contractor_code,
    month,
    month_start,
    'component' as part,
    component_id,
    component_id as part_id,
    part_name,
    cast(position as integer) as position,
    weight,
    weight_used,
    cast(record_count as bigint) as record_count,
    numerator,
    denominator,
    value,
    note

from weighted_components

with

indicators as (

    select * from {{ ref('int_indicators') }}

),

periods as (

    select * from {{ ref('int_indicator_periods') }}

),

areas as (

    select * from {{ ref('int_areas') }}

),

totals as (

    select * from {{ ref('indicator_totals') }}

),

registers as (

    select * from {{ ref('int_register_periods') }}

),

targets as (

    select * from {{ ref('targets') }}

),

effective_targets as (

    select * from targets

    where status = 'effective'

    qualify
        row_number() over (
            partition by indicator_id
            order by valid_from desc, claim_id desc
        ) = 1

),

-- Where another claim of the plan is easier than the effective one, values between the
-- two are neither a success nor a failure.
easier_claims as (

    select
        targets.indicator_id,
        min(targets.value) as value

    from targets
    inner join effective_targets
        on targets.indicator_id = effective_targets.indicator_id

    where
        targets.status = 'recorded'
        and targets.op = 'ge'
        and targets.value < effective_targets.value

    group by targets.indicator_id

),

completeness as (

    select
        feeds.indicator_id,
        complete.period_type,
        complete.period_start,
        complete.town_code,
        min(complete.completeness) as completeness

    from {{ ref('int_indicator_feeds') }} as feeds
    inner join {{ ref('int_feed_completeness') }} as complete
        on feeds.feed = complete.feed

    group by
        feeds.indicator_id,
        complete.period_type,
        complete.period_start,
        complete.town_code

),

-- Every number that is asked for, whether or not anything happened.
asked as (

    select
        indicators.*,
        periods.period_type,
        periods.period,
        periods.period_start,
        periods.period_end,
        periods.has_ended,
        periods.stage,
        periods.as_of_date,
        areas.area_code,
        areas.area_name,
        areas.town_code is not null as is_town,
        periods.is_provided,
        -- Lowered by the share of days whose month lacks a needed field.
        coalesce(of_town.completeness, completeness.completeness)
        - least(
            coalesce(of_town.completeness, completeness.completeness),
            1 - periods.provided_days / periods.elapsed_days
        ) as completeness

    from indicators
    inner join periods
        on indicators.indicator_id = periods.indicator_id
    inner join areas
        on
            areas.town_code is null
            or indicators.has_town_rows
    left join completeness
        on
            indicators.indicator_id = completeness.indicator_id
            and periods.period_type = completeness.period_type
            and periods.period_start = completeness.period_start
            and completeness.town_code is null
    left join completeness as of_town
        on
            indicators.indicator_id = of_town.indicator_id
            and periods.period_type = of_town.period_type
            and periods.period_start = of_town.period_start
            and areas.town_code = of_town.town_code

),

register_months as (

    select * from {{ ref('stg_registers__months') }}

),

-- The begun months of a period that lack the register they all need.
uncollected as (

    select distinct
        asked.indicator_id,
        asked.period_type,
        asked.period_start

    from asked
    inner join periods as months
        on
            asked.indicator_id = months.indicator_id
            and asked.period_start <= months.period_start
            and asked.period_end >= months.period_end
            and months.period_type = 'M'
    left join register_months
        on
            asked.register = register_months.register
            and months.period_start = register_months.register_month

    where
        asked.register_rule = 'every_month'
        and register_months.register_month is null

),

-- An absent register is a gap, not an empty register.
without_register as (

    select
        asked.indicator_id,
        asked.period_type,
        asked.period_start,
        asked.area_code,
        case
            when uncollected.indicator_id is not null then 'not_collected'
            when
                asked.register_rule in ('final_month', 'any_month')
                and registers.register_month is null
                then case when asked.has_ended then 'source_late' else 'not_due' end
            when
                asked.register_rule = 'final_month'
                and asked.has_ended
                and not registers.is_final_month_present
                then 'source_late'
        end as null_reason

    from asked
    inner join registers
        on
            asked.register = registers.register
            and asked.period_type = registers.period_type
            and asked.period_start = registers.period_start
    left join uncollected
        on
            asked.indicator_id = uncollected.indicator_id
            and asked.period_type = uncollected.period_type
            and asked.period_start = uncollected.period_start

),

found as (

    select
        asked.*,
        case
            when without_register.null_reason is not null
                then without_register.null_reason
            when not asked.is_provided then 'not_provided'
        end as missing_reason,
        totals.numerator as total_numerator,
        totals.denominator as total_denominator,
        totals.numerator_records,
        totals.denominator_records,
        totals.excluded as total_excluded,
        totals.indicator_id is null as has_no_records,
        -- The only note a formula gives to a whole number: a survey carried forward.
        case
            when asked.register_rule = 'carried' then totals.note
        end as carried_note

    from asked
    left join totals
        on
            asked.indicator_id = totals.indicator_id
            and asked.period_type = totals.period_type
            and asked.period_start = totals.period_start
            and asked.area_code = totals.area_code
    left join without_register
        on
            asked.indicator_id = without_register.indicator_id
            and asked.period_type = without_register.period_type
            and asked.period_start = without_register.period_start
            and asked.area_code = without_register.area_code

),

summed as (

    select
        *,
        case
            when missing_reason is null
                then cast(coalesce(total_numerator, 0) as double)
        end as numerator,
        case
            when missing_reason is null and rollup != 'count'
                then cast(coalesce(total_denominator, 0) as double)
        end as denominator,
        case
            when missing_reason is not null then 0
            when rollup = 'count' then coalesce(numerator_records, 0)
            else coalesce(denominator_records, 0)
        end as n,
        case
            when missing_reason is null then coalesce(total_excluded, 0)
            else 0
        end as excluded

    from found

),

reasoned as (

    select
        *,
        case
            when missing_reason is not null then missing_reason
            -- The survey of a year is due in the January after it.
            when register_rule = 'carried' and has_no_records
                then
                    case
                        when
                            as_of_date
                            >= {{ add_days(add_months('period_end', 1), -1) }}
                            then 'source_late'
                        else 'not_due'
                    end
            when rollup = 'count' then null
            -- Nothing at all has come: not a quiet period, but a silent source.
            when denominator = 0 and completeness = 0 then 'source_late'
            when denominator = 0 then 'no_denominator'
            when is_town and denominator < town_min_sample then 'below_min_sample'
        end as null_reason

    from summed

),

valued as (

    select
        *,
        case
            when null_reason is not null then null
            when rollup = 'count' then numerator
            else numerator / denominator * unit_scale
        end as value

    from reasoned

)

select
    -- ids
    valued.indicator_id,
    valued.period_type,
    valued.period,
    valued.area_code,
    valued.area_name,

    -- measures
    case
        when valued.register_rule = 'carried' and valued.has_no_records then null
        else valued.numerator
    end as numerator,
    case
        when valued.register_rule = 'carried' and valued.has_no_records then null
        else valued.denominator
    end as denominator,
    valued.value,
    valued.null_reason,
    cast(valued.excluded as bigint) as excluded,
    cast(valued.n as bigint) as n,

    -- judgement
    effective_targets.value as target,
    case
        when valued.value is null then '无数据'
        when valued.completeness < 0.95 then '数据不完整'
        when effective_targets.claim_id is null then '描述性'
        when
            effective_targets.op = 'ge'
            and valued.value >= effective_targets.value
            then '达标'
        when
            effective_targets.op = 'le'
            and valued.value <= effective_targets.value
            then '达标'
        when
            effective_targets.op = 'between'
            and valued.value >= effective_targets.value
            and valued.value <= effective_targets.value_high
            then '达标'
        when valued.value >= easier_claims.value then '口径冲突区间'
        else '未达标'
    end as status,
    case
        when
            effective_targets.op = 'between'
            and valued.value > effective_targets.value_high
            then '超上限'
        when
            effective_targets.op = 'between'
            and valued.value < effective_targets.value
            then '有差距'
        else valued.carried_note
    end as note,
    valued.stage,
    valued.completeness,

    -- what it was measured by
    valued.formula_version,
    effective_targets.claim_id as target_claim_id,
    valued.as_of_date as as_of

from valued
left join effective_targets
    on valued.indicator_id = effective_targets.indicator_id
left join easier_claims
    on valued.indicator_id = easier_claims.indicator_id

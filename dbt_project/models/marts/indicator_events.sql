-- Every formula's answers in one table. Answers outside the indicator's begun periods are
-- left out: a weighing dated next month, or before the first weighbridge's first file, is
-- in no number yet (int_records_without_period counts them). So are those of a month that
-- lacks a field its indicator needs.
-- Excluded are the records that would have stood in the denominator, or in a count.
with

answers as (

    {% for indicator in plan_indicators() %}
        select
            '{{ indicator.id }}' as indicator_id,
            record_type,
            record_key,
            cast(record_count as bigint) as record_count,
            period_type,
            cast(period_start as date) as period_start,
            {{ "'" ~ indicator.rollup ~ "' != 'period_end'" }} as rolls_up,
            {{ 'town_code' if indicator.towns else 'cast(null as varchar)' }}
                as town_code,
            contractor_code,
            dept_code,
            cast(
                case when excluded_reason is null then numerator end as decimal(28, 10)
            ) as numerator,
            cast(
                case when excluded_reason is null then denominator end
                as decimal(28, 10)
            ) as denominator,
            excluded_reason,
            note

        from {{ ref(indicator.formula) }}

        where
            excluded_reason is null
            or {{ 'numerator' if indicator.rollup == 'count' else 'denominator' }}
            is not null

        {{ 'union all' if not loop.last }}
    {% endfor %}

),

periods as (

    select * from {{ ref('int_indicator_periods') }}

)

select answers.*

from answers
inner join periods
    on
        answers.indicator_id = periods.indicator_id
        and answers.period_type = periods.period_type
        and answers.period_start = periods.period_start
        and periods.is_provided

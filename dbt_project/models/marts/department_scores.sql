-- The monthly score and rank of each member unit. A part without data leaves its
-- component to the other parts; a component without data leaves the hundred to the
-- others. A department without a case due is not scored, nor one that the reference
-- does not know; below ten it is not ranked. Where nobody fills due or disposal times it
-- is not known who had cases due.
with

records as (

    select * from {{ ref('department_records') }}

),

months as (

    select * from {{ ref('int_feed_periods') }}

    where feed = 'cases' and period_type = 'M'

),

departments as (

    select * from {{ ref('stg_reference__departments') }}

),

-- Name and group as the reference stood last in the month.
listed as (

    select
        departments.dept_code,
        months.period as month,
        max_by(departments.name, departments.valid_from) as dept_name,
        max_by(departments.ranking_group, departments.valid_from) as ranking_group

    from departments
    inner join months
        on
            departments.valid_from < months.period_end
            and departments.valid_from <= months.as_of_date
            and departments.valid_to > months.period_start

    group by
        departments.dept_code,
        months.period

),

known as (

    select distinct
        dept_code,
        month

    from records

),

-- Also a department that only cases know: its cases are shown, its score is nobody's.
asked as (

    select
        coalesce(listed.dept_code, known.dept_code) as dept_code,
        coalesce(listed.month, known.month) as month,
        listed.dept_code is not null as is_known,
        listed.dept_name,
        listed.ranking_group

    from listed
    full outer join known
        on
            listed.dept_code = known.dept_code
            and listed.month = known.month

),

parts as (

    select * from {{ ref('department_parts') }}

),

components as (

    select
        dept_code,
        month,
        component,
        component_points as full_points,
        sum(weight) filter (where share is not null) as weight_with_data,
        cast({{ exact_sum('points') }} as double) as points

    from parts

    where component != 'adjustment'

    group by
        dept_code,
        month,
        component,
        component_points

    having count(share) > 0

),

totals as (

    select
        dept_code,
        month,
        cast({{ exact_sum('points') }} as double) / sum(full_points) * 100
            as base_score,
        sum(full_points) as points_with_data,
        max(points) filter (where component = 'case') as case_points,
        max(weight_with_data) filter (where component = 'case') as case_weight,
        max(full_points) filter (where component = 'case') as case_full_points,
        max(points) filter (where component = 'inspection') as inspection_points,
        max(points) filter (where component = 'complaint') as complaint_points,
        max(points) filter (where component = 'supervision') as supervision_points

    from components

    group by
        dept_code,
        month

),

due as (

    select
        dept_code,
        month,
        weight,
        denominator as due_cases,
        share as on_time_share,
        -- Wilson's interval at 95 %: z = 1.96, z² = 3.8416.
        (
            numerator + 1.9208 - 1.96 * sqrt(
                numerator * (denominator - numerator) / denominator + 0.9604
            )
        ) / (denominator + 3.8416) as on_time_share_low,
        (
            numerator + 1.9208 + 1.96 * sqrt(
                numerator * (denominator - numerator) / denominator + 0.9604
            )
        ) / (denominator + 3.8416) as on_time_share_high

    from parts

    where part_id = 'on_time_disposal_rate' and denominator > 0

),

adjustments as (

    select
        dept_code,
        month,
        numerator as points

    from parts

    where part_id = 'adjustment'

),

counted as (

    select
        dept_code,
        month,
        count(distinct record_key) as case_count

    from records

    where record_type = 'case' and excluded_reason is null

    group by
        dept_code,
        month

),

-- What one whole on-time rate is worth in this department's score of this month.
scored as (

    select
        due.dept_code,
        due.month,
        due.due_cases,
        due.on_time_share,
        due.on_time_share_low,
        due.on_time_share_high,
        totals.points_with_data,
        totals.case_points,
        totals.inspection_points,
        totals.complaint_points,
        totals.supervision_points,
        coalesce(adjustments.points, 0) as adjust_points,
        totals.base_score + coalesce(adjustments.points, 0) as score,
        due.weight / totals.case_weight * totals.case_full_points
        / totals.points_with_data * 100 as on_time_worth

    from due
    inner join totals
        on
            due.dept_code = totals.dept_code
            and due.month = totals.month
    left join adjustments
        on
            due.dept_code = adjustments.dept_code
            and due.month = adjustments.month

),

shown as (

    select
        asked.dept_code,
        asked.month,
        asked.dept_name,
        asked.ranking_group,
        due.due_cases,
        scored.on_time_share,
        scored.on_time_share_low,
        scored.on_time_share_high,
        scored.points_with_data,
        scored.case_points,
        scored.inspection_points,
        scored.complaint_points,
        scored.supervision_points,
        scored.adjust_points,
        scored.score,
        {{ two_decimals('scored.score') }} as score_shown,
        scored.score - scored.on_time_worth
        * (scored.on_time_share - scored.on_time_share_low) as score_low,
        scored.score + scored.on_time_worth
        * (scored.on_time_share_high - scored.on_time_share) as score_high,
        coalesce(
            scored.due_cases >= 10 and asked.ranking_group is not null, false
        ) as is_ranked

    from asked
    left join due
        on
            asked.dept_code = due.dept_code
            and asked.month = due.month
    left join scored
        on
            asked.dept_code = scored.dept_code
            and asked.month = scored.month
            and asked.is_known

),

ranked as (

    select
        dept_code,
        month,
        dense_rank() over (
            partition by month, ranking_group
            order by score_shown desc
        ) as rank

    from shown

    where is_ranked

),

-- The rank the department would have at either end of its interval, the others standing
-- where they are.
possible as (

    select
        shown.dept_code,
        shown.month,
        1 + count(
            distinct case
                when others.score_shown > {{ two_decimals('shown.score_high') }}
                    then others.score_shown
            end
        ) as rank_best,
        1 + count(
            distinct case
                when others.score_shown > {{ two_decimals('shown.score_low') }}
                    then others.score_shown
            end
        ) as rank_worst

    from shown
    left join shown as others
        on
            shown.month = others.month
            and shown.ranking_group = others.ranking_group
            and shown.dept_code != others.dept_code
            and others.is_ranked

    where shown.is_ranked

    group by
        shown.dept_code,
        shown.month

)

select
    -- ids
    shown.dept_code,
    shown.dept_name,
    shown.month,
    shown.ranking_group,

    -- points
    shown.case_points,
    shown.inspection_points,
    shown.complaint_points,
    shown.supervision_points,
    case when shown.score is not null then shown.adjust_points end as adjust_points,
    shown.score,
    shown.score_shown,

    -- what it rests on
    cast(
        case
            when absent.month_start is null then coalesce(shown.due_cases, 0)
        end as bigint
    ) as due_cases,
    cast(coalesce(counted.case_count, 0) as bigint) as case_count,
    cast(shown.points_with_data as double) as points_with_data,
    shown.on_time_share * 100 as on_time_rate,
    shown.on_time_share_low * 100 as on_time_rate_low,
    shown.on_time_share_high * 100 as on_time_rate_high,
    shown.score_low,
    shown.score_high,

    -- the rank
    shown.is_ranked as ranked,
    cast(ranked.rank as integer) as rank,
    cast(possible.rank_best as integer) as rank_best,
    cast(possible.rank_worst as integer) as rank_worst,
    possible.rank_best != ranked.rank or possible.rank_worst != ranked.rank
        as rank_may_change,
    months.stage,
    months.as_of_date as as_of

from shown
inner join months
    on shown.month = months.period
left join {{ ref('int_absent_metrics') }} as absent
    on
        absent.metric_id = 'on_time_disposal_rate'
        and months.period_start = absent.month_start
left join counted
    on
        shown.dept_code = counted.dept_code
        and shown.month = counted.month
left join ranked
    on
        shown.dept_code = ranked.dept_code
        and shown.month = ranked.month
left join possible
    on
        shown.dept_code = possible.dept_code
        and shown.month = possible.month

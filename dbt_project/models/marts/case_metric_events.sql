-- Every answer behind the life-cycle metrics, with whom it speaks of: the town and the
-- class of the case, the department that held it at that time, and the post that acted.
-- A month that lacks a field which a metric needs has no answers to it.
with

answers as (

    select * from {{ ref('case_disposal_measures') }}

    union all

    select * from {{ ref('case_closing_measures') }}

    union all

    select * from {{ ref('case_handling_measures') }}

    union all

    select * from {{ ref('case_rating_measures') }}

    union all

    select * from {{ ref('case_stage_hours') }}

),

cases as (

    select * from {{ ref('stg_cases__cases') }}

),

terms as (

    select * from {{ ref('case_department_terms') }}

),

metrics as (

    select * from {{ ref('case_metric_names') }}

),

actors as (

    select
        case_id,
        event_type,
        max_by(actor_role, event_at) as actor_role

    from {{ ref('stg_cases__case_events') }}

    group by
        case_id,
        event_type

)

select
    -- ids
    answers.metric_id,
    answers.record_type,
    answers.record_key,
    answers.month_start,

    -- whom it speaks of
    cases.town_code,
    coalesce(answers.dept_code, terms.dept_code, cases.dept_code) as dept_code,
    coalesce(actors.actor_role, metrics.default_role) as actor_role,
    cases.kind || substr(cases.category_code, 1, 2) as case_class,

    -- measures; amounts of hours are sums of decimals, the same on every run
    cast(
        case when answers.excluded_reason is null then answers.numerator end
        as decimal(28, 10)
    ) as numerator,
    cast(
        case when answers.excluded_reason is null then answers.denominator end
        as decimal(28, 10)
    ) as denominator,
    answers.excluded_reason,

    -- times
    answers.happened_at

from answers
inner join metrics
    on answers.metric_id = metrics.metric_id
left join cases
    on answers.case_id = cases.case_id
left join terms
    on
        answers.case_id = terms.case_id
        and answers.happened_at >= terms.valid_from
        and answers.happened_at < terms.valid_to
left join actors
    on
        answers.case_id = actors.case_id
        and metrics.event_type = actors.event_type
left join {{ ref('int_absent_metrics') }} as absent
    on
        answers.metric_id = absent.metric_id
        and answers.month_start = absent.month_start

where absent.metric_id is null

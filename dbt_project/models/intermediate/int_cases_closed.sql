-- Every case closed by its month's cut-off, with its last rating (F6). A rating is the
-- last call-back that reached the citizen and got a judgement by then; a refusal or an
-- unanswered call is not one.
with

cases as (

    select * from {{ ref('stg_cases__cases') }}

),

callbacks as (

    select * from {{ ref('stg_cases__callbacks') }}

),

communities as (

    select * from {{ ref('stg_reference__communities') }}

),

channels as (

    select * from {{ ref('channels') }}

),

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

),

closed as (

    select
        cases.*,
        months.period_start as month_start,
        months.cutoff_at

    from cases
    inner join months
        on
            cases.closed_at >= {{ midnight('months.period_start') }}
            and cases.closed_at < {{ midnight('months.period_end') }}
            and cases.closed_at <= months.cutoff_at

),

ratings as (

    select
        closed.case_id,
        callbacks.rating

    from closed
    inner join callbacks
        on
            closed.case_id = callbacks.case_id
            and callbacks.called_at <= closed.cutoff_at

    where
        callbacks.is_reached
        and callbacks.rating in ('满意', '基本满意', '不满意')

    qualify
        row_number() over (
            partition by closed.case_id
            order by
                callbacks.called_at desc,
                callbacks.attempt_no desc,
                callbacks.callback_id desc
        ) = 1

)

select
    -- ids
    closed.case_id,
    closed.town_code,
    closed.dept_code,
    closed.contractor_code,

    -- categories
    closed.is_urban_management,
    closed.resolution_means,
    coalesce(channels.is_citizen, false) as is_citizen_complaint,
    coalesce(communities.in_urban_area, false) as is_in_urban_area,
    ratings.rating,

    -- judgements
    case
        when closed.status = '作废' then '作废'
        when closed.status = '不予受理' then '不予受理'
        when closed.master_case_id is not null then '重复件'
        when
            closed.suspended_at <= closed.cutoff_at
            and (
                closed.resumed_at is null
                or closed.resumed_at > closed.cutoff_at
            )
            then '挂账'
    end as excluded_reason,

    -- times
    closed.month_start,
    closed.closed_at

from closed
left join ratings
    on closed.case_id = ratings.case_id
left join channels
    on closed.channel = channels.channel
left join communities
    on
        closed.community_code = communities.community_code
        and cast(closed.closed_at as date) >= communities.valid_from
        and cast(closed.closed_at as date) < communities.valid_to

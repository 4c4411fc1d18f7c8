{#
  F1, the due-rate family (indicators.md): each case once, in the month of
  least(done, due), with what the formulas ask of it at the month's own cut-off.
  A case without a due time is shown, excluded, in the month it was done.
  `done_at` names the column that ends the case: disposed_at or closed_at.
#}
{% macro due_cases(done_at) %}
with

cases as (

    select * from {{ ref('stg_cases__cases') }}

),

categories as (

    select * from {{ ref('stg_reference__case_categories') }}

),

communities as (

    select * from {{ ref('stg_reference__communities') }}

),

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

),

channels as (

    select * from {{ ref('channels') }}

),

attributed as (

    select
        cases.*,
        cases.{{ done_at }} as done_at,
        case
            when cases.due_at is null then cases.{{ done_at }}
            else least(coalesce(cases.{{ done_at }}, cases.due_at), cases.due_at)
        end as attributed_at

    from cases

)

select
    -- ids
    attributed.case_id,
    attributed.town_code,
    attributed.community_code,
    attributed.dept_code,
    attributed.contractor_code,

    -- categories, as they stood at the time of the event
    attributed.is_urban_management,
    categories.indicator_group,
    coalesce(channels.is_citizen, false) as is_citizen_complaint,
    coalesce(communities.in_urban_area, false) as is_in_urban_area,

    -- judgements
    case
        when attributed.status = '作废' then '作废'
        when attributed.status = '不予受理' then '不予受理'
        when attributed.master_case_id is not null then '重复件'
        when
            attributed.suspended_at <= months.cutoff_at
            and (
                attributed.resumed_at is null
                or attributed.resumed_at > months.cutoff_at
            )
            then '挂账'
        when attributed.due_at is null then '无时限'
    end as excluded_reason,
    coalesce(attributed.done_at <= months.cutoff_at, false) as is_done,
    coalesce(attributed.done_at <= attributed.due_at, false) as is_on_time,
    coalesce(
        attributed.stop_due_at is null
        or attributed.stopped_at <= attributed.stop_due_at,
        false
    ) as is_stopped_in_time,

    -- times
    months.period_start as month_start,
    attributed.attributed_at,
    attributed.due_at,
    attributed.done_at

from attributed
inner join months
    on
        attributed.attributed_at >= {{ midnight('months.period_start') }}
        and attributed.attributed_at < {{ midnight('months.period_end') }}
        and attributed.attributed_at <= months.as_of
left join channels
    on attributed.channel = channels.channel
left join categories
    on
        attributed.kind = categories.kind
        and attributed.category_code = categories.category_code
        and cast(attributed.attributed_at as date) >= categories.valid_from
        and cast(attributed.attributed_at as date) < categories.valid_to
left join communities
    on
        attributed.community_code = communities.community_code
        and cast(attributed.attributed_at as date) >= communities.valid_from
        and cast(attributed.attributed_at as date) < communities.valid_to
{% endmacro %}

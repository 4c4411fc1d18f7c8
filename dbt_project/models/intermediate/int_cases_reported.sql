-- Cases in the month they were reported, with their group in the plan at that time
-- (X10).
with

cases as (

    select * from {{ ref('stg_cases__cases') }}

),

categories as (

    select * from {{ ref('stg_reference__case_categories') }}

),

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

)

select
    cases.case_id,
    cases.town_code,
    cases.dept_code,
    cases.contractor_code,
    categories.indicator_group,
    case
        when cases.status = '作废' then '作废'
        when cases.master_case_id is not null then '重复件'
    end as excluded_reason,
    months.period_start as month_start,
    cases.reported_at

from cases
inner join months
    on
        cases.reported_at >= {{ midnight('months.period_start') }}
        and cases.reported_at < {{ midnight('months.period_end') }}
        and cases.reported_at <= months.as_of
left join categories
    on
        cases.kind = categories.kind
        and cases.category_code = categories.category_code
        and cast(cases.reported_at as date) >= categories.valid_from
        and cast(cases.reported_at as date) < categories.valid_to

-- What each sheet says of each module it inspected: the points deducted, every item
-- up to its cap and all together down to the module's floor. A sheet under appeal
-- counts until it is withdrawn.
with

contractor_months as (

    select * from {{ ref('contractor_months') }}

),

sheets as (

    select
        sheets.*,
        contractor_months.month,
        contractor_months.month_start,
        contractor_months.scheme_key

    from {{ ref('stg_inspections__sheets') }} as sheets
    inner join contractor_months
        on
            sheets.contractor_code = contractor_months.contractor_code
            and sheets.report_month = contractor_months.month_start

),

-- A module named twice is inspected once.
inspected as (

    select distinct
        sheet_id,
        month,
        {{ one_row_per_item('modules') }} as module_id

    from sheets

),

item_points as (

    select
        month,
        sheet_id,
        module_id,
        least(cast({{ exact_sum('points') }} as double), max(item_cap)) as points

    from {{ ref('contractor_deductions') }}

    where excluded_reason is null

    group by
        month,
        sheet_id,
        module_id,
        item_id

),

module_points as (

    select
        month,
        sheet_id,
        module_id,
        cast({{ exact_sum('points') }} as double) as points

    from item_points

    group by
        month,
        sheet_id,
        module_id

)

select
    -- ids
    sheets.sheet_id,
    sheets.contractor_code,
    sheets.month,
    sheets.month_start,
    modules.module_id,

    -- categories
    sheets.sheet_type as component_id,
    sheets.sheet_status = '申诉中' as is_under_appeal,
    sheets.place,
    case when sheets.sheet_status = '已撤销' then '检查表已撤销' end
        as excluded_reason,

    -- measures
    modules.weight as module_weight,
    least(
        coalesce(module_points.points, 0), modules.weight - versions.module_floor
    ) as deducted_points,

    -- times
    sheets.inspected_at

from sheets
inner join inspected
    on
        sheets.sheet_id = inspected.sheet_id
        and sheets.month = inspected.month
inner join {{ source('ops', 'scheme_modules') }} as modules
    on
        sheets.scheme_key = modules.scheme_key
        and inspected.module_id = modules.module_id
inner join {{ source('ops', 'scheme_versions') }} as versions
    on sheets.scheme_key = versions.scheme_key
left join module_points
    on
        sheets.sheet_id = module_points.sheet_id
        and sheets.month = module_points.month
        and modules.module_id = module_points.module_id

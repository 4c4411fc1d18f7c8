-- Every deduction found at a contractor, with what it costs: quantity times points,
-- once more for a finding that comes back and for one not put right in time. A fact
-- costs its heaviest deduction only. The caps per sheet are applied where a sheet is
-- added up.
with

contractor_months as (

    select * from {{ ref('contractor_months') }}

),

versions as (

    select * from {{ source('ops', 'scheme_versions') }}

),

items as (

    select * from {{ source('ops', 'scheme_items') }}

),

found as (

    select
        deductions.deduction_id,
        deductions.fact_id,
        deductions.quantity,
        deductions.rectified_at,
        coalesce(deductions.found_at, sheets.inspected_at) as found_at,
        coalesce(
            deductions.rectify_due_at,
            coalesce(deductions.found_at, sheets.inspected_at)
            + to_hours(versions.rectify_hours)
        ) as rectify_due_at,
        sheets.sheet_id,
        sheets.sheet_type as component_id,
        sheets.place,
        contractor_months.contractor_code,
        contractor_months.month,
        contractor_months.month_start,
        contractor_months.cutoff_at,
        versions.scheme_key,
        versions.repeat_window_days,
        versions.repeat_multiplier,
        versions.overdue_multiplier,
        versions.no_double_penalty,
        items.module_id,
        deductions.item_id,
        items.item_text,
        items.unit,
        items.points as unit_points,
        items.cap as item_cap,
        case
            when sheets.sheet_status = '已撤销' then '检查表已撤销'
            when items.item_id is null then '扣分项不在当月方案'
            when not array_contains(sheets.modules, items.module_id)
                then '扣分项所属模块不在检查模块内'
        end as excluded_reason

    from {{ ref('stg_inspections__deductions') }} as deductions
    inner join {{ ref('stg_inspections__sheets') }} as sheets
        on
            deductions.sheet_id = sheets.sheet_id
            and deductions.report_month = sheets.report_month
    inner join contractor_months
        on
            sheets.contractor_code = contractor_months.contractor_code
            and sheets.report_month = contractor_months.month_start
    inner join versions
        on contractor_months.scheme_key = versions.scheme_key
    left join items
        on
            contractor_months.scheme_key = items.scheme_key
            and deductions.item_id = items.item_id

),

counted as (

    select * from found

    where excluded_reason is null

),

-- Found again on another sheet within so many days, also across the turn of the month.
-- One fact written down twice has not come back: it is the same fact.
repeats as (

    select
        counted.month,
        counted.deduction_id

    from counted
    inner join counted as earlier
        on
            counted.contractor_code = earlier.contractor_code
            and counted.item_id = earlier.item_id
            and counted.place = earlier.place
            and counted.sheet_id != earlier.sheet_id
            and coalesce(counted.fact_id != earlier.fact_id, true)
            and counted.found_at > earlier.found_at
            and counted.found_at
            <= earlier.found_at + to_days(counted.repeat_window_days)

    group by
        counted.month,
        counted.deduction_id

),

multiplied as (

    select
        found.*,
        case
            when repeats.deduction_id is not null then found.repeat_multiplier
            else 1
        end as applied_repeat_multiplier,
        case
            when
                found.rectify_due_at < found.cutoff_at
                and coalesce(found.rectified_at > found.rectify_due_at, true)
                then found.overdue_multiplier
            else 1
        end as applied_overdue_multiplier

    from found
    left join repeats
        on
            found.month = repeats.month
            and found.deduction_id = repeats.deduction_id

),

weighed as (

    select
        *,
        cast(
            quantity
            * cast(unit_points as double)
            * cast(applied_repeat_multiplier as double)
            * cast(applied_overdue_multiplier as double) as decimal(18, 6)
        ) as points

    from multiplied

),

ranked as (

    select
        *,
        row_number() over (
            partition by
                contractor_code, month, fact_id, excluded_reason is null
            order by points desc, item_id asc, deduction_id asc
        ) as weight_rank

    from weighed

)

select
    -- ids
    deduction_id,
    sheet_id,
    contractor_code,
    month,
    month_start,
    scheme_key,
    component_id,
    module_id,
    item_id,
    fact_id,

    -- categories
    item_text,
    unit,
    place,
    case
        when excluded_reason is not null then excluded_reason
        when no_double_penalty and fact_id is not null and weight_rank > 1
            then '同一事实已按更重的条款扣分'
    end as excluded_reason,

    -- measures
    quantity,
    unit_points,
    item_cap,
    applied_repeat_multiplier as repeat_multiplier,
    applied_overdue_multiplier as overdue_multiplier,
    points,

    -- times
    found_at,
    rectify_due_at,
    rectified_at

from ranked

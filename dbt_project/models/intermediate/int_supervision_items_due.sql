-- Supervised matters in the month they were settled or fell due, by that month's own
-- register (X01, F1).
with

items as (

    select
        *,
        case
            when due_at is null then verified_at
            else least(coalesce(verified_at, due_at), due_at)
        end as attributed_at

    from {{ ref('stg_registers__supervision_items') }}

),

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

)

select
    cast(items.register_month as varchar) || '/' || items.item_no as record_key,
    items.dept_code,
    case
        when items.item_status = '已取消' then '已取消'
        when items.due_at is null then '无时限'
    end as excluded_reason,
    coalesce(items.verified_at <= months.cutoff_at, false) as is_done,
    months.period_start as month_start

from items
inner join months
    on
        items.register_month = months.period_start
        and items.attributed_at >= {{ midnight('months.period_start') }}
        and items.attributed_at < {{ midnight('months.period_end') }}
        and items.attributed_at <= months.as_of

-- Penalties and bonuses under the sanitation contracts, by month.
select
    -- ids
    register_month,
    {{ cell('事件编号') }} as event_no,
    {{ cell('合同单位') }} as contractor_code,

    -- categories
    {{ cell('类型') }} as event_type,
    {{ cell('依据') }} as basis,
    {{ cell('审批人') }} as approver,

    -- times
    {{ as_date(cell('发生日期')) }} as occurred_date

from {{ ref('checked_register_rows') }}

where register = 'contract_events' and verdict = 'accepted'

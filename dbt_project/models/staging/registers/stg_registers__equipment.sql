-- Enforcement equipment against its standard, at the end of each month.
select
    -- ids
    register_month,
    {{ cell('装备名称') }} as equipment_name,

    -- measures
    {{ as_number(cell('标准数量')) }} as standard_quantity,
    {{ as_number(cell('在用合格数量')) }} as qualified_quantity

from {{ ref('checked_register_rows') }}

where register = 'equipment' and verdict = 'accepted'

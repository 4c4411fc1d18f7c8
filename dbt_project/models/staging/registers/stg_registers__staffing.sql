-- Officers, auxiliaries and the people they serve, by quarter.
select
    -- ids
    register_month,

    -- measures
    {{ as_integer(cell('在编执法人员')) }} as enforcement_officers,
    {{ as_integer(cell('辅助人员')) }} as auxiliary_staff,
    {{ as_number(cell('城市人口')) }} as urban_population

from {{ ref('checked_register_rows') }}

where register = 'staffing' and verdict = 'accepted'

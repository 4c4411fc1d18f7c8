-- The yearly survey of green space; it comes in January of the next year.
select
    -- ids
    register_month,
    cast({{ as_integer(cell('年度')) }} as integer) as survey_year,
    {{ cell('边界版本') }} as boundary_version,

    -- measures
    {{ as_number(cell('建成区面积km2')) }} as built_up_km2,
    {{ as_number(cell('绿化覆盖面积km2')) }} as green_cover_km2,
    {{ as_number(cell('绿地面积km2')) }} as green_space_km2,
    {{ as_number(cell('公园绿地面积ha')) }} as park_green_ha,
    {{ as_number(cell('城区人口')) }} as urban_population,
    {{ as_number(cell('城区暂住人口')) }} as temporary_population

from {{ ref('checked_register_rows') }}

where register = 'green_survey' and verdict = 'accepted'

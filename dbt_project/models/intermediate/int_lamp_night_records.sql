-- Lamp-nights as records to be counted: each that was not simply lit, one by one, and
-- the lit ones together by night, town and road class.
with

lamp_nights as (

    select * from {{ ref('int_lamp_nights') }}

)

select
    'lamp_night' as record_type,
    cast(night_date as varchar) || '/' || lamp_id as record_key,
    cast(1 as bigint) as record_count,
    night_date,
    {{ month_start('night_date') }} as month_start,
    town_code,
    road_class,
    verdict,
    cast(polled as bigint) as polled_count

from lamp_nights

where verdict != '亮'

union all

select
    'lit_lamps' as record_type,
    cast(night_date as varchar)
    || '/' || coalesce(town_code, '-')
    || '/' || coalesce(road_class, '-') as record_key,
    count(*) as record_count,
    night_date,
    {{ month_start('night_date') }} as month_start,
    town_code,
    road_class,
    '亮' as verdict,
    cast(sum(polled) as bigint) as polled_count

from lamp_nights

where verdict = '亮'

group by
    night_date,
    town_code,
    road_class

-- Lamps that were dark on the last night that has answered, and since when without a
-- night between: the limit of an ordinary repair is 24 hours, so two nights are too many.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

dark_nights as (

    select
        substr(record_key, 12) as lamp_id,
        town_code,
        night_date,
        {{ add_days(
            'night_date',
            '-row_number() over (partition by substr(record_key, 12) order by night_date)'
        ) }} as run

    from {{ ref('int_lamp_night_records') }}

    where record_type = 'lamp_night' and verdict = '不亮'

)

select
    dark_nights.lamp_id,
    dark_nights.town_code,
    min(dark_nights.night_date) as dark_since,
    count(*) as nights

from dark_nights
cross join parameters

group by
    dark_nights.lamp_id,
    dark_nights.town_code,
    dark_nights.run,
    parameters.as_of_date

having
    max(dark_nights.night_date) = {{ add_days('parameters.as_of_date', -1) }}
    and count(*) >= 2

-- Road segments that must be lit, on the day each period asks of: its last day, or D
-- while it runs (I16).
with

periods as (

    select
        period_type,
        period_start,
        least({{ add_days('period_end', -1) }}, as_of_date) as asked_date

    from {{ ref('int_periods') }}

),

segments as (

    select * from {{ ref('stg_reference__road_segments') }}

    where is_lamp_required

),

lamps as (

    select * from {{ ref('stg_lighting__lamps') }}

),

lit as (

    select distinct
        periods.asked_date,
        lamps.segment_id

    from periods
    inner join lamps
        on
            (
                lamps.in_service_from is null
                or lamps.in_service_from <= periods.asked_date
            )
            and (
                lamps.in_service_to is null
                or lamps.in_service_to >= periods.asked_date
            )

)

select
    periods.period_type,
    periods.period_start,
    segments.segment_id,
    segments.length_m,
    lit.segment_id is not null as has_lamp

from periods
inner join segments
    on
        segments.valid_from <= periods.asked_date
        and segments.valid_to > periods.asked_date
left join lit
    on
        periods.asked_date = lit.asked_date
        and segments.segment_id = lit.segment_id

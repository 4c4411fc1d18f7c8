-- Lamps that citizens report dark, against what the lamp itself answered that night
-- (noon to noon around the report). Only a lamp with a controller of its own can answer.
with

faults as (

    select
        faults.fault_id,
        faults.lamp_id,
        faults.found_at,
        {{ night_of('faults.found_at') }} as night_date

    from {{ ref('stg_lighting__lamp_faults') }} as faults
    left join {{ ref('stg_cases__cases') }} as cases
        on faults.case_id = cases.case_id
    left join {{ ref('channels') }} as channels
        on cases.channel = channels.channel

    where
        faults.found_by = '投诉'
        or (faults.found_by = '案卷' and channels.is_citizen)

),

lamps as (

    select * from {{ ref('stg_lighting__lamps') }}

),

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

),

-- Every night of a lamp that was not simply lit is listed by itself.
exceptions as (

    select
        record_key,
        verdict

    from {{ ref('int_lamp_night_records') }}

    where record_type = 'lamp_night'

),

answered as (

    select
        faults.fault_id,
        faults.found_at,
        faults.night_date,
        lamps.town_code,
        months.period_start as month_start,
        case
            when
                lamps.control = '单灯'
                and coalesce(lamps.in_service_from, faults.night_date)
                <= faults.night_date
                and coalesce(lamps.in_service_to, faults.night_date)
                >= faults.night_date
                and faults.night_date < months.as_of_date
                then coalesce(exceptions.verdict, '亮')
        end as verdict

    from faults
    inner join lamps
        on faults.lamp_id = lamps.lamp_id
    inner join months
        on
            faults.found_at >= {{ midnight('months.period_start') }}
            and faults.found_at < {{ midnight('months.period_end') }}
            and faults.found_at <= months.as_of
            and faults.night_date >= months.period_start
    left join exceptions
        on
            exceptions.record_key
            = cast(faults.night_date as varchar) || '/' || faults.lamp_id

)

select
    'lamp_reported_dark' as check_id,
    month_start,
    town_code as owner_code,
    'lamp_fault' as record_type,
    fault_id as record_key,
    case
        when verdict = '不亮' then 'both'
        when verdict = '亮' then 'only_first'
        else 'not_comparable'
    end as outcome,
    case
        when verdict = '亮'
            then '市民反映不亮，遥测 ' || cast(night_date as varchar) || ' 夜亮'
        when verdict is null then '没有单灯遥测'
        when verdict != '不亮'
            then '遥测 ' || cast(night_date as varchar) || ' 夜：' || verdict
    end as note

from answered

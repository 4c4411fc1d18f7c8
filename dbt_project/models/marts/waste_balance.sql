-- What a station took in must leave it again; what a plant took in and did not give out
-- again counts as treated there.
with

monthly as (

    select
        month_start,
        facility_id,
        facility_kind,
        sum(
            case when direction = '进' then cast(net_kg as decimal(28, 3)) else 0 end
        ) as in_kg,
        sum(
            case when direction = '出' then cast(net_kg as decimal(28, 3)) else 0 end
        ) as out_kg

    from {{ ref('int_waste_tickets') }}

    where excluded_reason is null

    group by
        month_start,
        facility_id,
        facility_kind

),

treated as (

    select
        *,
        case when facility_kind != '转运站' then in_kg - out_kg else 0 end
            as treated_kg

    from monthly

),

facility_months as (

    select
        month_start,
        facility_id,
        sum(in_kg) as in_kg,
        sum(out_kg) as out_kg,
        sum(treated_kg) as treated_kg

    from treated

    group by
        month_start,
        facility_id

)

select
    {{ period_label("'M'", 'month_start') }} as month,
    facility_id,
    cast(in_kg as double) as in_kg,
    cast(out_kg as double) as out_kg,
    cast(treated_kg as double) as treated_kg,
    cast(in_kg - out_kg - treated_kg as double) as gap_kg,
    case
        when in_kg > 0
            then
                cast(in_kg - out_kg - treated_kg as double)
                / cast(in_kg as double) * 100
    end as gap_pct

from facility_months

-- What a station took in must leave it again; what a plant took in and did not give out
-- again counts as treated there. Beside it what makes the figures doubtful: tickets that
-- are probably one load weighed twice, and tickets written up by hand afterwards.
with

tickets as (

    select
        *,
        cast(net_kg as decimal(28, 3)) as kg

    from {{ ref('int_waste_tickets') }}

),

monthly as (

    select
        month_start,
        facility_id,
        facility_kind,
        sum(case when direction = '进' then kg else 0 end) as in_kg,
        sum(case when direction = '出' then kg else 0 end) as out_kg,
        sum(case when is_collected then kg else 0 end) as collected_kg,
        sum(case when is_treated then kg else 0 end) as harmless_kg,
        count(*) as tickets,
        count(*) filter (where is_probable_duplicate) as probable_duplicates,
        sum(case when is_probable_duplicate then kg else 0 end)
            as probable_duplicate_kg,
        count(*) filter (where ticket_status = '补录') as manual_tickets

    from tickets

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

-- A facility whose kind changed within the month is one row all the same.
facility_months as (

    select
        month_start,
        facility_id,
        sum(in_kg) as in_kg,
        sum(out_kg) as out_kg,
        sum(treated_kg) as treated_kg,
        sum(collected_kg) as collected_kg,
        sum(harmless_kg) as harmless_kg,
        sum(tickets) as tickets,
        sum(probable_duplicates) as probable_duplicates,
        sum(probable_duplicate_kg) as probable_duplicate_kg,
        sum(manual_tickets) as manual_tickets

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
    end as gap_pct,
    cast(collected_kg as double) as collected_kg,
    cast(harmless_kg as double) as harmless_kg,
    cast(tickets as bigint) as tickets,
    cast(probable_duplicates as bigint) as probable_duplicates,
    cast(probable_duplicate_kg as double) as probable_duplicate_kg,
    cast(manual_tickets as bigint) as manual_tickets,
    cast(manual_tickets as double) / cast(tickets as double) * 100
        as manual_share_pct

from facility_months

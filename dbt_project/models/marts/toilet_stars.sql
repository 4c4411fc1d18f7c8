-- The stars of each public toilet by its register of the month: facilities 40, cleaning
-- 40, service 20; a veto takes every star. The quarter's review stands beside them: the
-- mean of the months there are, vetoed if any of them was.
with

toilets as (

    select * from {{ ref('stg_registers__toilets') }}

),

months as (

    select * from {{ ref('int_periods') }}

    where period_type = 'M'

),

-- Fifths of points as decimals: 95 is reached by 95, not by 94.99999…
scored as (

    select
        months.period as month,
        {{ period_label("'Q'", 'months.period_start') }} as quarter,
        toilets.toilet_no as toilet_id,
        toilets.toilet_name,
        toilets.town_code,
        toilets.toilet_class,
        toilets.is_vetoed as vetoed,
        2 * cast(toilets.facility_score as decimal(18, 6))
        + 2 * cast(toilets.cleaning_score as decimal(18, 6))
        + cast(toilets.service_score as decimal(18, 6)) as fifths

    from toilets
    inner join months
        on toilets.register_month = months.period_start

),

reviewed as (

    select
        *,
        count(*) over (partition by quarter, toilet_id) as quarter_months,
        cast(sum(fifths) over (partition by quarter, toilet_id) as decimal(28, 6))
            as quarter_fifths,
        bool_or(vetoed) over (partition by quarter, toilet_id) as quarter_vetoed

    from scored

)

select
    month,
    toilet_id,
    toilet_name,
    town_code,
    toilet_class,
    cast(fifths * 0.2 as double) as score,
    case when vetoed then 0 else {{ toilet_stars('fifths', 5) }} end as stars,
    vetoed,
    quarter,
    cast(quarter_fifths * 0.2 as double) / quarter_months as quarter_score,
    case
        when quarter_vetoed then 0
        else {{ toilet_stars('quarter_fifths', '5 * quarter_months') }}
    end as quarter_stars,
    quarter_vetoed,
    quarter_months

from reviewed

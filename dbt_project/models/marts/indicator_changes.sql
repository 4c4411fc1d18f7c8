-- What moved: each value beside the one of the period before, and beside what a reader
-- was shown for the same period the night before.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

current_values as (

    select
        *,
        lag(period) over before_this as earlier_period,
        lag(value) over before_this as earlier_value,
        lag(status) over before_this as earlier_status

    from {{ ref('indicator_values') }}

    window before_this as (
        partition by indicator_id, period_type, area_code
        order by period
    )

),

-- An edition is written when something changed: the newest one of an earlier night is
-- what stood until tonight.
shown_before as (

    select recorded.*

    from {{ source('ops', 'ledger') }} as recorded
    cross join parameters

    where recorded.as_of < parameters.as_of_date

    qualify
        row_number() over (
            partition by
                recorded.indicator_id, recorded.period, recorded.area_code
            order by recorded.as_of desc, recorded.edition desc
        ) = 1

)

select
    -- ids
    current_values.indicator_id,
    current_values.period_type,
    current_values.period,
    current_values.area_code,

    -- now
    current_values.value,
    current_values.status,

    -- the period before
    current_values.earlier_period,
    current_values.earlier_value,
    current_values.earlier_status,
    current_values.value - current_values.earlier_value as period_change,

    -- the night before
    shown_before.as_of as shown_as_of,
    shown_before.value as shown_value,
    current_values.value - shown_before.value as night_change,
    current_values.as_of

from current_values
left join shown_before
    on
        current_values.indicator_id = shown_before.indicator_id
        and current_values.period = shown_before.period
        and current_values.area_code = shown_before.area_code

-- What is dated ahead, or before its feed's first month, is in no number yet and must not
-- be found behind one.
select events.*

from {{ ref('indicator_events') }} as events
left join {{ ref('int_indicator_periods') }} as periods
    on
        events.indicator_id = periods.indicator_id
        and events.period_type = periods.period_type
        and events.period_start = periods.period_start

where periods.period_start is null

-- The periods of each indicator: those of its types, from the first month of the feed it
-- stands on.
select
    indicators.indicator_id,
    feed_periods.* exclude (feed)

from {{ ref('int_indicators') }} as indicators
inner join {{ ref('int_feed_periods') }} as feed_periods
    on
        indicators.begins_with = feed_periods.feed
        and contains(indicators.periods, feed_periods.period_type)

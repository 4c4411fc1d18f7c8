-- The records behind the measured parts of a contractor's score: roads swept, cases
-- disposed of, weigh tickets and ratings, each with what it adds.
select
    contractor_code,
    month,
    metric_id,
    record_type,
    record_key,
    cast(numerator as double) as numerator,
    cast(denominator as double) as denominator,
    excluded_reason,
    note

from {{ ref('contractor_measured_records') }}

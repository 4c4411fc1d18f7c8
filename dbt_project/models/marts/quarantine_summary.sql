-- How many received units broke which rule, and what became of them.
select
    source,
    rule,
    {{ period_label("'M'", 'business_date') }} as month,
    cast(count(*) as bigint) as rows_quarantined,
    cast(count(*) filter (where status = 'open') as bigint) as open,
    cast(count(*) filter (where status = 'resubmitted') as bigint) as resubmitted,
    cast(count(*) filter (where status = 'waived') as bigint) as waived

from {{ ref('quarantine') }}

group by
    source,
    rule,
    {{ period_label("'M'", 'business_date') }}

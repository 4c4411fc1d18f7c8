-- How many received units broke which rule, and what became of them; and how many records
-- in force stand with a warning of the case platform's rules (AW1–AW3), which nobody
-- need answer for.
with

warning_rules as (

    select unnest(['AW1', 'AW2', 'AW3']) as rule

),

units as (

    select
        source,
        rule,
        business_date,
        status

    from {{ ref('quarantine') }}

    union all

    select
        cases.source,
        warning_rules.rule,
        cases.business_date,
        'standing' as status

    from {{ ref('checked_cases') }} as cases
    inner join warning_rules
        on contains(cases.warning, warning_rules.rule || ' ')

)

select
    source,
    rule,
    {{ period_label("'M'", 'business_date') }} as month,
    cast(count(*) as bigint) as rows_quarantined,
    cast(count(*) filter (where status = 'open') as bigint) as open,
    cast(count(*) filter (where status = 'resubmitted') as bigint) as resubmitted,
    cast(count(*) filter (where status = 'waived') as bigint) as waived

from units

group by
    source,
    rule,
    {{ period_label("'M'", 'business_date') }}

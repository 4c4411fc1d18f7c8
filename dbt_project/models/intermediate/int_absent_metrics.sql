-- Months in which a case metric lacks a field that it cannot do without.
with

metrics as (

    select
        metric_id,
        unnest(string_split(needs, ' ')) as need

    from {{ ref('case_metric_names') }}

    where needs is not null

)

select distinct
    metrics.metric_id,
    absent.month_start

from metrics
inner join {{ ref('int_absent_fields') }} as absent
    on absent.feed || '.' || absent.field = metrics.need

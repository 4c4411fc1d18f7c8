-- Which department held a case when, for the cases that changed hands; any other case is
-- its record's own. Two witnesses tell: the platform's dispatches and the versions of its
-- record. The record in force has the last word: a dispatch that the next version of the
-- record does not bear out, with no other dispatch between, moved nothing.
with

cases as (

    select * from {{ ref('stg_cases__cases') }}

),

versions as (

    select
        case_id,
        dept_code,
        updated_at as known_at

    from {{ ref('stg_cases__case_versions') }}

    where dept_code is not null

),

dispatches as (

    select
        events.case_id,
        coalesce(events.to_dept_code, events.dept_code) as dept_code,
        events.event_at as known_at,
        lead(events.event_at) over (
            partition by events.case_id
            order by events.event_at, events.event_id
        ) as next_dispatch_at

    from {{ ref('stg_cases__case_events') }} as events
    inner join cases
        on
            events.case_id = cases.case_id
            and events.event_at <= cases.updated_at

    where
        events.event_type = 'dispatched'
        and coalesce(events.to_dept_code, events.dept_code) is not null

),

next_versions as (

    select
        dispatches.case_id,
        dispatches.dept_code,
        dispatches.known_at,
        dispatches.next_dispatch_at,
        min(versions.known_at) as next_version_at,
        min_by(versions.dept_code, versions.known_at) as next_version_dept_code

    from dispatches
    inner join versions
        on
            dispatches.case_id = versions.case_id
            and dispatches.known_at <= versions.known_at

    group by
        dispatches.case_id,
        dispatches.dept_code,
        dispatches.known_at,
        dispatches.next_dispatch_at

),

testimony as (

    select
        case_id,
        dept_code,
        known_at,
        1 as witness

    from next_versions

    where
        dept_code = next_version_dept_code
        or next_dispatch_at <= next_version_at

    union all

    select
        case_id,
        dept_code,
        known_at,
        2 as witness

    from versions

),

changes as (

    select
        case_id,
        dept_code,
        known_at,
        lag(dept_code) over (
            partition by case_id
            order by known_at, witness
        ) as dept_code_before

    from testimony

),

terms as (

    select
        case_id,
        dept_code,
        case
            when dept_code_before is null then cast('1900-01-01' as timestamp)
            else known_at
        end as valid_from,
        lead(known_at, 1, cast('9999-12-31' as timestamp)) over (
            partition by case_id
            order by known_at
        ) as valid_to,
        count(*) over (partition by case_id) as term_count

    from changes

    where dept_code_before is null or dept_code != dept_code_before

)

select
    case_id,
    dept_code,
    valid_from,
    valid_to

from terms

where term_count > 1

-- Every fault of the rows in quarantine, also the second and third of a row, grouped by
-- what was found: what its sender must mend first, with one example to look at. A value
-- may be anything, also what somebody typed into the wrong field: numbers that may be a
-- person's are not repeated.
with

every_fault as (

    select
        *,
        {{ one_row_per_item('faults') }} as told

    from {{ ref('quarantine') }}

),

grouped as (

    select
        *,
        left(told, 3) as fault_rule,
        regexp_replace(
            substr(told, 5),
            '(^|[^0-9])([0-9]{17}[0-9Xx]|1[3-9][0-9]{9})([^0-9]|$)',
            '\1（疑似个人号码，不显示）\3',
            'g'
        ) as fault

    from every_fault

)

select
    source,
    source_table,
    fault_rule as rule,
    fault,
    cast(count(*) as bigint) as rows_quarantined,
    cast(count(*) filter (where status = 'open') as bigint) as open,
    max(first_seen_as_of) as last_seen,
    arg_max(file, first_seen_as_of) as example_file,
    arg_max(line_or_key, first_seen_as_of) as example_line_or_key

from grouped

group by
    source,
    source_table,
    fault_rule,
    fault

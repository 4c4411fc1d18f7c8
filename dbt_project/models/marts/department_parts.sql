-- Each part of a department's assessment in a month: what it counts, its share, and the
-- points it brings. Within a component the parts without data leave their weight to the
-- others.
with

records as (

    select * from {{ ref('department_records') }}

),

scheme as (

    select
        *,
        sum(weight) over (partition by component) as component_points

    from {{ ref('department_scheme') }}

),

summed as (

    select
        dept_code,
        month,
        part_id,
        cast(sum(numerator) as double) as numerator,
        cast(sum(denominator) as double) as denominator,
        count(*) filter (where excluded_reason is null) as n,
        count(*) filter (where excluded_reason is not null) as excluded

    from records

    group by
        dept_code,
        month,
        part_id

),

-- More returns than dispatches, across the turn of a month, are no less than nothing.
shares as (

    select
        summed.*,
        scheme.position,
        scheme.component,
        scheme.name_zh as part_name,
        scheme.weight,
        scheme.component_points,
        scheme.is_inverted,
        case
            when summed.denominator > 0 and scheme.is_inverted
                then greatest(1 - summed.numerator / summed.denominator, 0)
            when summed.denominator > 0
                then summed.numerator / summed.denominator
        end as share

    from summed
    inner join scheme
        on summed.part_id = scheme.part_id

)

select
    -- ids
    dept_code,
    month,
    component,
    part_id,
    part_name,
    position,

    -- what it counts
    numerator,
    denominator,
    is_inverted,
    share,
    n,
    excluded,

    -- what it brings
    weight,
    cast(component_points as double) as component_points,
    case
        when component = 'adjustment' then numerator
        else
            weight * share * component_points
            / sum(case when share is not null then weight end) over (
                partition by
                    dept_code,
                    month,
                    component
            )
    end as points

from shares

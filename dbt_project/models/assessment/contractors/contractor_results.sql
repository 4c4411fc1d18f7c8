-- What a contractor's month is worth by everything known tonight: from components to
-- score, from score to grade, from grade and events to money. What was frozen earlier
-- stands in contractor_scores; this is what it is compared with.
with

contractor_months as (

    select * from {{ ref('contractor_months') }}

),

versions as (

    select * from {{ source('ops', 'scheme_versions') }}

),

grades as (

    select * from {{ source('ops', 'scheme_grades') }}

),

components as (

    select
        contractor_code,
        month,
        max(value) filter (where component_id = 'DAILY') as daily,
        max(value) filter (where component_id = 'JOINT') as joint,
        max(value) filter (where component_id = 'DATA') as data,
        max(value) filter (where component_id = 'PUBLIC') as public,
        cast({{ exact_sum('weight_used * value') }} as double) as weighted_score

    from {{ ref('contractor_parts') }}

    where part = 'component'

    group by
        contractor_code,
        month

),

events as (

    select
        contract_events.contractor_code,
        contract_events.month,
        sum(contract_events.points) as points,
        sum(contract_events.fee_pct) as fee_pct,
        min(forced.min_score) as forced_min_score

    from {{ ref('contractor_contract_events') }} as contract_events
    inner join contractor_months
        on
            contract_events.contractor_code = contractor_months.contractor_code
            and contract_events.month = contractor_months.month
    left join grades as forced
        on
            contractor_months.scheme_key = forced.scheme_key
            and contract_events.forced_grade = forced.grade

    group by
        contract_events.contractor_code,
        contract_events.month

),

scored as (

    select
        contractor_months.*,
        components.daily,
        components.joint,
        components.data,
        components.public,
        least(coalesce(events.points, 0), versions.bonus_max) as bonus,
        coalesce(events.fee_pct, 0) as direct_pct,
        events.forced_min_score,
        versions.total_cap_pct,
        {{ half_up(
            'components.weighted_score '
            '+ cast(least(coalesce(events.points, 0), versions.bonus_max) as double)'
        ) }} as sum_of_points

    from contractor_months
    inner join versions
        on contractor_months.scheme_key = versions.scheme_key
    left join components
        on
            contractor_months.contractor_code = components.contractor_code
            and contractor_months.month = components.month
    left join events
        on
            contractor_months.contractor_code = events.contractor_code
            and contractor_months.month = events.month

),

clipped as (

    select
        *,
        case
            when sum_of_points is not null
                then least(greatest(sum_of_points, 0), 100)
        end as score

    from scored

),

-- A forced grade never makes a month look better than its score.
graded as (

    select
        clipped.*,
        grades.grade

    from clipped
    left join grades
        on
            clipped.scheme_key = grades.scheme_key
            and grades.min_score <= clipped.score
            and grades.min_score
            <= coalesce(clipped.forced_min_score, grades.min_score)

    qualify
        row_number() over (
            partition by clipped.contractor_code, clipped.month
            order by grades.min_score desc
        ) = 1

),

deducted as (

    select
        graded.*,
        bands.base_pct + bands.pct_per_point * (bands.ref_score - graded.score)
            as deduct_pct

    from graded
    left join {{ source('ops', 'scheme_bands') }} as bands
        on
            graded.scheme_key = bands.scheme_key
            and graded.score >= bands.from_score
            and graded.score < bands.to_score

)

select
    -- ids
    contractor_code,
    contractor_name,
    month,
    month_start,
    scheme_key,
    scheme_version,

    -- points
    daily,
    joint,
    data,
    public,
    cast(bonus as double) as bonus,
    cast(score as double) as score,
    grade,
    forced_min_score is not null as is_grade_forced,

    -- money
    fee_yuan,
    cast(deduct_pct as double) as deduct_pct,
    cast(direct_pct as double) as direct_pct,
    cast(least(deduct_pct + direct_pct, total_cap_pct) as double) as charged_pct,
    cast(total_cap_pct as double) as total_cap_pct,
    case
        when score is not null
            then
                {{ percent_of(
                    'fee_yuan', '100 - least(deduct_pct + direct_pct, total_cap_pct)'
                ) }}
    end as payable_yuan,

    -- judgements
    is_part_of_month,
    is_frozen,
    stage

from deducted

-- The plan's quantified projects, how far each is by the county's register, and what the
-- plan itself says of them where it contradicts itself.
with

plan as (

    select * from {{ ref('plan_projects_of_the_plan') }}

),

claims as (

    select
        plan_no,
        count(*) as claim_count,
        count(distinct quantity_text) as different_claims,
        string_agg(
            quantity_text || '（' || location || '“' || quote || '”'
            || coalesce('，' || note, '') || '）', '；'
            order by claim_id
        ) as claims_text

    from {{ ref('plan_project_claims') }}

    group by plan_no

),

reports as (

    select * from {{ ref('plan_project_reports') }}

),

joined as (

    select
        coalesce(plan.plan_no, '台账/' || reports.project_no) as project_no,
        coalesce(plan.project_name, reports.project_name) as project_name,
        coalesce(reports.unit, plan.unit) as unit,
        coalesce(plan.target_quantity, reports.target_quantity) as target_quantity,
        case
            when plan.target_quantity is not null then '规划'
            when reports.target_quantity is not null then '台账'
        end as target_source,
        reports.done_quantity,
        reports.evidence_date,
        coalesce(reports.project_status, '未报告') as status,
        reports.project_no as register_no,
        reports.target_quantity as register_target,
        reports.register_month,
        plan.location,
        plan.quote,
        plan.note,
        coalesce(claims.claim_count, 0) as claim_count,
        coalesce(claims.different_claims > 1, false)
        or coalesce(reports.target_quantity != plan.target_quantity, false)
            as is_contradicted,
        claims.claims_text

    from plan
    full outer join reports
        on plan.plan_no = reports.plan_no
    left join claims
        on plan.plan_no = claims.plan_no

)

select
    project_no,
    project_name,
    unit,
    target_quantity,
    target_source,
    done_quantity,
    case
        when target_quantity > 0 then done_quantity / target_quantity * 100
    end as done_pct,
    evidence_date,
    status,
    register_no,
    register_target,
    register_month,
    location,
    quote,
    note,
    claim_count,
    is_contradicted,
    claims_text

from joined

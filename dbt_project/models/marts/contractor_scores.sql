-- A contractor's month as it is signed: as it was frozen once it has been, as it is
-- known tonight until then, with what earlier months still owe or are owed.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

results as (

    select * from {{ ref('contractor_results') }}

),

frozen as (

    select
        score_ledger.*,
        cast(score_ledger.month || '-01' as date) as month_start

    from {{ source('ops', 'score_ledger') }} as score_ledger
    inner join parameters
        on score_ledger.frozen_on <= parameters.as_of_date

),

open_months as (

    select * from results

    where not is_frozen

),

parts as (

    select * from {{ ref('contractor_parts') }}

),

adjustments as (

    select
        contractor_code,
        carried_by_month as month,
        sum(adjustment_yuan) as adjustment_yuan

    from {{ ref('contractor_adjustments') }}

    group by
        contractor_code,
        carried_by_month

),

history as (

    select
        contractor_code,
        month_start,
        score

    from frozen

    union all

    select
        contractor_code,
        month_start,
        score

    from open_months

),

-- How many of the last months, or of the year's so far, were below a limit.
low_months as (

    select
        open_months.contractor_code,
        open_months.month,
        escalations.rule_number,
        escalations.rule_text,
        escalations.action,
        escalations.months,
        count(*) as low_months

    from open_months
    inner join {{ source('ops', 'scheme_escalations') }} as escalations
        on open_months.scheme_key = escalations.scheme_key
    inner join history
        on
            open_months.contractor_code = history.contractor_code
            and open_months.month_start >= history.month_start
            and history.score < escalations.below_score
            and case escalations.kind
                when 'in_year'
                    then
                        year(open_months.month_start) = year(history.month_start)
                else
                    {{ add_months('history.month_start', 'escalations.months') }}
                    > open_months.month_start
            end

    group by
        open_months.contractor_code,
        open_months.month,
        escalations.rule_number,
        escalations.rule_text,
        escalations.action,
        escalations.kind,
        escalations.months,
        escalations.below_score

),

-- Of a component that nobody looked at, the component is named and not each module.
flags as (

    select
        contractor_code,
        month,
        10 as position,
        '申诉中' as flag

    from {{ ref('contractor_sheets') }}

    where is_under_appeal

    union all

    select
        modules.contractor_code,
        modules.month,
        20 + modules.position as position,
        modules.note || '：' || modules.part_id || ' ' || modules.part_name as flag

    from parts as modules
    inner join parts as components
        on
            modules.contractor_code = components.contractor_code
            and modules.month = components.month
            and modules.component_id = components.part_id
            and components.part = 'component'

    where
        modules.part = 'module'
        and modules.component_id = 'DAILY'
        and modules.note is not null
        and components.value is not null

    union all

    select
        contractor_code,
        month,
        50 + position as position,
        '缺少分项：' || part_id || ' ' || part_name as flag

    from parts

    where part = 'component' and value is null

    union all

    select
        contractor_code,
        month,
        60 as position,
        '扣分项未计' as flag

    from {{ ref('contractor_deductions') }}

    where
        excluded_reason in ('扣分项不在当月方案', '扣分项所属模块不在检查模块内')

    union all

    select
        contractor_code,
        month,
        70 as position,
        '强制等级：' || grade as flag

    from results

    where is_grade_forced

    union all

    select
        contractor_code,
        month,
        71 as position,
        '扣减封顶' as flag

    from results

    where deduct_pct + direct_pct > total_cap_pct

    union all

    select
        contractor_code,
        month,
        72 as position,
        '合同不足整月' as flag

    from results

    where is_part_of_month

    union all

    select
        contractor_code,
        month,
        80 + rule_number as position,
        action || '（' || rule_text || '）' as flag

    from low_months

    where low_months >= months

),

each_flag as (

    select
        contractor_code,
        month,
        flag,
        min(position) as position

    from flags

    group by
        contractor_code,
        month,
        flag

),

flag_lists as (

    select
        contractor_code,
        month,
        {{ listed('flag', 'position') }} as flags

    from each_flag

    group by
        contractor_code,
        month

),

computed as (

    select
        open_months.contractor_code,
        open_months.contractor_name,
        open_months.month,
        open_months.daily,
        open_months.joint,
        open_months.data,
        open_months.public,
        open_months.bonus,
        open_months.score,
        open_months.grade,
        open_months.fee_yuan,
        open_months.deduct_pct,
        open_months.direct_pct,
        open_months.payable_yuan,
        cast(coalesce(adjustments.adjustment_yuan, 0) as decimal(14, 2))
            as adjustment_yuan,
        cast(
            open_months.payable_yuan + coalesce(adjustments.adjustment_yuan, 0)
            as decimal(14, 2)
        ) as to_pay_yuan,
        coalesce(flag_lists.flags, cast([] as varchar[])) as flags,
        open_months.scheme_version,
        open_months.scheme_key,
        open_months.stage,
        -- What has no score yet is not frozen either.
        case
            when open_months.stage = '终报' and open_months.score is not null
                then parameters.as_of_date
        end as frozen_on

    from open_months
    cross join parameters
    left join adjustments
        on
            open_months.contractor_code = adjustments.contractor_code
            and open_months.month = adjustments.month
    left join flag_lists
        on
            open_months.contractor_code = flag_lists.contractor_code
            and open_months.month = flag_lists.month

),

recorded as (

    select
        contractor_code,
        contractor_name,
        month,
        daily,
        joint,
        data,
        public,
        bonus,
        score,
        grade,
        fee_yuan,
        deduct_pct,
        direct_pct,
        payable_yuan,
        adjustment_yuan,
        to_pay_yuan,
        flags,
        scheme_version,
        scheme_key,
        stage,
        frozen_on

    from frozen

)

select * from computed

union all

select * from recorded

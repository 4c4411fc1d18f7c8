-- What was reported, edition by edition: the ledger's files, and the editions that
-- this run adds. The files are the truth and are only ever added to; this table is
-- their view.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

recorded as (

    select * from {{ source('ops', 'ledger') }}

),

current_values as (

    select * from {{ ref('indicator_values') }}

),

-- What a reader was shown at D: the newest edition known by then. A replay of an old
-- night compares with what was in force that night.
in_force as (

    select recorded.*

    from recorded
    cross join parameters

    where recorded.as_of <= parameters.as_of_date

    qualify
        row_number() over (
            partition by
                recorded.indicator_id, recorded.period, recorded.area_code
            order by recorded.as_of desc, recorded.edition desc
        ) = 1

),

last_editions as (

    select
        indicator_id,
        period,
        area_code,
        max(edition) as edition

    from recorded

    group by
        indicator_id,
        period,
        area_code

),

compared as (

    select
        current_values.*,
        coalesce(last_editions.edition, 0) as last_edition,
        in_force.edition is null as is_first,
        coalesce(in_force.stage in ('终报', '修订'), false) as was_final,
        in_force.numerator as old_numerator,
        in_force.denominator as old_denominator,
        in_force.value as old_value,
        in_force.null_reason as old_null_reason,
        in_force.formula_version as old_formula_version,
        in_force.target as old_target,
        {{ is_changed('current_values.value', 'in_force.value') }}
        or {{ is_changed('current_values.numerator', 'in_force.numerator') }}
        or {{ is_changed('current_values.denominator', 'in_force.denominator') }}
        or {{ is_changed('current_values.target', 'in_force.target') }}
        or coalesce(current_values.null_reason, '')
        != coalesce(in_force.null_reason, '')
        or current_values.formula_version
        != coalesce(in_force.formula_version, '') as has_changed

    from current_values
    left join in_force
        on
            current_values.indicator_id = in_force.indicator_id
            and current_values.period = in_force.period
            and current_values.area_code = in_force.area_code
    left join last_editions
        on
            current_values.indicator_id = last_editions.indicator_id
            and current_values.period = last_editions.period
            and current_values.area_code = last_editions.area_code

),

new_editions as (

    select
        compared.indicator_id,
        compared.period_type,
        compared.period,
        compared.area_code,
        cast(compared.last_edition + 1 as integer) as edition,
        case
            when compared.was_final then '修订'
            else compared.stage
        end as stage,
        compared.numerator,
        compared.denominator,
        compared.value,
        compared.null_reason,
        compared.target,
        compared.formula_version,
        compared.target_claim_id,
        compared.as_of,
        parameters.started_at as recorded_at,
        case
            when parameters.reason is not null then parameters.reason
            when compared.is_first and compared.stage = '终报'
                then '系统启用时已过冻结期，直接终报'
            when compared.is_first then '首次报告'
            when compared.stage = '终报' and not compared.was_final
                then '冻结期满，终报'
            when compared.formula_version != compared.old_formula_version
                then
                    '口径版本由 ' || compared.old_formula_version
                    || ' 变为 ' || compared.formula_version
            when
                {{ is_changed('compared.target', 'compared.old_target') }}
                then '目标变更'
            when compared.was_final
                then
                    '冻结后数据更正：分子 '
                    || coalesce({{ plain_number('compared.old_numerator') }}, '无')
                    || ' → ' || coalesce({{ plain_number('compared.numerator') }}, '无')
                    || '，分母 '
                    || coalesce({{ plain_number('compared.old_denominator') }}, '无')
                    || ' → ' || coalesce({{ plain_number('compared.denominator') }}, '无')
            else '数据更新'
        end as reason,
        parameters.run_id

    from compared
    cross join parameters

    where
        compared.is_first
        or (compared.stage = '终报' and not compared.was_final)
        or compared.has_changed

)

select
    indicator_id,
    period_type,
    period,
    area_code,
    edition,
    stage,
    numerator,
    denominator,
    value,
    null_reason,
    target,
    formula_version,
    target_claim_id,
    as_of,
    recorded_at,
    reason,
    run_id

from recorded

union all

select * from new_editions

-- Where an amount comes from, line by line as it is read: from what is payable down to
-- every deduction on every sheet. The lines of a frozen month were frozen with it.
with

parameters as (

    select * from {{ source('ops', 'parameters') }}

),

results as (

    select * from {{ ref('contractor_results') }}

    where not is_frozen

),

bands as (

    select
        results.contractor_code,
        results.month,
        results.deduct_pct,
        bands.base_pct,
        bands.pct_per_point,
        bands.ref_score - results.score as points_below

    from results
    left join {{ source('ops', 'scheme_bands') }} as bands
        on
            results.scheme_key = bands.scheme_key
            and results.score >= bands.from_score
            and results.score < bands.to_score

),

parts as (

    select parts.*

    from {{ ref('contractor_parts') }} as parts
    inner join results
        on
            parts.contractor_code = results.contractor_code
            and parts.month = results.month

),

components as (

    select * from parts

    where part = 'component'

),

modules_and_metrics as (

    select
        parts.*,
        components.position as component_position

    from parts
    inner join components
        on
            parts.contractor_code = components.contractor_code
            and parts.month = components.month
            and parts.component_id = components.part_id

    where parts.part != 'component'

),

sheets as (

    select
        sheets.*,
        modules_and_metrics.component_position,
        modules_and_metrics.position

    from {{ ref('contractor_sheets') }} as sheets
    inner join modules_and_metrics
        on
            sheets.contractor_code = modules_and_metrics.contractor_code
            and sheets.month = modules_and_metrics.month
            and sheets.component_id = modules_and_metrics.component_id
            and sheets.module_id = modules_and_metrics.part_id

),

-- A deduction without a place of its own is read at the end of its component.
deductions as (

    select
        deductions.*,
        components.position as component_position,
        coalesce(sheets.position, 99) as position,
        coalesce(sheets.inspected_at, deductions.found_at) as inspected_at

    from {{ ref('contractor_deductions') }} as deductions
    inner join components
        on
            deductions.contractor_code = components.contractor_code
            and deductions.month = components.month
            and deductions.component_id = components.part_id
    left join sheets
        on
            deductions.sheet_id = sheets.sheet_id
            and deductions.month = sheets.month
            and deductions.module_id = sheets.module_id

),

events as (

    select contract_events.*

    from {{ ref('contractor_contract_events') }} as contract_events
    inner join results
        on
            contract_events.contractor_code = results.contractor_code
            and contract_events.month = results.month

),

adjustments as (

    select
        contractor_code,
        carried_by_month as month,
        month as adjusted_month,
        paid_yuan,
        payable_yuan,
        adjustment_yuan

    from {{ ref('contractor_adjustments') }}

),

lines as (

    select
        {{ derivation_line({
            'section': 1, 'level': 0, 'step': "'payable'", 'label': "'当月应付'",
            'value': 'payable_yuan', 'unit': "'元'",
            'numerator': 'charged_pct', 'denominator': 'fee_yuan',
        }) }}

    from results

    union all

    select
        {{ derivation_line({
            'section': 2, 'level': 1, 'step': "'fee'", 'label': "'月服务费'",
            'value': 'fee_yuan', 'unit': "'元'",
        }) }}

    from results

    union all

    select
        {{ derivation_line({
            'section': 3, 'level': 1, 'step': "'deduct'", 'label': "'得分扣减'",
            'value': 'deduct_pct', 'unit': "'%'",
            'numerator': 'base_pct', 'unit_points': 'pct_per_point',
            'quantity': 'points_below',
        }) }}

    from bands

    union all

    select
        {{ derivation_line({
            'section': 4, 'level': 1, 'step': "'direct'", 'label': "'直接扣款'",
            'value': 'direct_pct', 'unit': "'%'",
        }) }}

    from results

    union all

    select
        {{ derivation_line({
            'section': 4, 'line_order': 'event_no', 'level': 2,
            'step': "'penalty'", 'label': "event_type || ' ' || event_text",
            'value': 'fee_pct', 'unit': "'%'",
            'record_type': "'contract_event'", 'record_key': 'event_no',
            'happened_at': 'occurred_date', 'note': 'basis',
        }) }}

    from events

    where fee_pct > 0 or forced_grade is not null

    union all

    select
        {{ derivation_line({
            'section': 5, 'level': 1, 'step': "'cap'", 'label': "'扣减上限'",
            'value': 'total_cap_pct', 'unit': "'%'",
        }) }}

    from results

    union all

    select
        {{ derivation_line({
            'section': 6, 'level': 1, 'step': "'score'", 'label': "'月度综合得分'",
            'value': 'score', 'unit': "'分'", 'note': 'grade',
        }) }}

    from results

    union all

    select
        {{ derivation_line({
            'section': 7, 'component_position': 'position', 'part_position': 0,
            'level': 2, 'step': "'component'", 'component_id': 'part_id',
            'label': 'part_name', 'value': 'value', 'unit': "'分'",
            'weight': 'weight', 'weight_used': 'weight_used',
            'record_count': 'record_count',
            'numerator': 'numerator', 'denominator': 'denominator', 'note': 'note',
        }) }}

    from components

    union all

    select
        {{ derivation_line({
            'section': 7, 'component_position': 'component_position',
            'part_position': 'position', 'level': 3, 'step': 'part',
            'component_id': 'component_id', 'module_id': 'part_id',
            'label': 'part_name', 'value': 'value', 'unit': "'分'",
            'weight': 'weight', 'weight_used': 'weight_used',
            'record_count': 'record_count',
            'numerator': 'numerator', 'denominator': 'denominator', 'note': 'note',
        }) }}

    from modules_and_metrics

    union all

    select
        {{ derivation_line({
            'section': 7, 'component_position': 'component_position',
            'part_position': 'position',
            'sheet_order': "cast(inspected_at as varchar) || sheet_id", 'level': 4,
            'step': "'sheet'", 'component_id': 'component_id',
            'module_id': 'module_id', 'record_type': "'inspection_sheet'",
            'record_key': 'sheet_id', 'label': 'place',
            'value': 'deducted_points', 'unit': "'扣分'",
            'weight': 'module_weight', 'happened_at': 'inspected_at',
            'note': "case when is_under_appeal then '申诉中' else excluded_reason end",
        }) }}

    from sheets

    union all

    select
        {{ derivation_line({
            'section': 7, 'component_position': 'component_position',
            'part_position': 'position',
            'sheet_order': "cast(inspected_at as varchar) || sheet_id",
            'line_order': 'deduction_id', 'level': 5, 'step': "'deduction'",
            'component_id': 'component_id', 'module_id': 'module_id',
            'record_type': "'inspection_deduction'", 'record_key': 'deduction_id',
            'label': "item_id || coalesce(' ' || item_text, '')",
            'value': 'case when excluded_reason is null then points else 0 end',
            'unit': 'unit', 'weight': 'item_cap', 'quantity': 'quantity', 'unit_points': 'unit_points',
            'repeat_multiplier': 'repeat_multiplier',
            'overdue_multiplier': 'overdue_multiplier',
            'happened_at': 'found_at', 'note': 'excluded_reason',
        }) }}

    from deductions

    union all

    select
        {{ derivation_line({
            'section': 8, 'level': 2, 'step': "'bonus'", 'label': "'加分'",
            'value': 'bonus', 'unit': "'分'",
        }) }}

    from results

    union all

    select
        {{ derivation_line({
            'section': 8, 'line_order': 'event_no', 'level': 3,
            'step': "'bonus_event'", 'label': "event_type || ' ' || event_text",
            'value': 'points', 'unit': "'分'",
            'record_type': "'contract_event'", 'record_key': 'event_no',
            'happened_at': 'occurred_date', 'note': 'basis',
        }) }}

    from events

    where points > 0

    union all

    select
        {{ derivation_line({
            'section': 9, 'line_order': 'adjusted_month', 'level': 0,
            'step': "'adjustment'", 'label': "'调整'",
            'value': 'adjustment_yuan', 'unit': "'元'",
            'record_type': "'contractor_month'", 'record_key': 'adjusted_month',
            'numerator': 'payable_yuan', 'denominator': 'paid_yuan',
        }) }}

    from adjustments

),

numbered as (

    select
        *,
        row_number() over (
            partition by contractor_code, month
            order by
                section,
                component_position nulls first,
                part_position nulls first,
                sheet_order nulls first,
                line_order nulls first
        ) as line_number

    from lines

),

recorded as (

    select score_ledger_lines.*

    from {{ source('ops', 'score_ledger_lines') }} as score_ledger_lines
    inner join parameters
        on score_ledger_lines.frozen_on <= parameters.as_of_date

)

{% for rows in ['numbered', 'recorded'] %}
    select
        contractor_code,
        month,
        cast(line_number as integer) as line_number,
        level,
        step,
        component_id,
        module_id,
        record_type,
        record_key,
        label,
        value,
        unit,
        weight,
        weight_used,
        record_count,
        numerator,
        denominator,
        quantity,
        unit_points,
        repeat_multiplier,
        overdue_multiplier,
        happened_at,
        note

    from {{ rows }}

    {{ 'union all' if not loop.last }}
{% endfor %}

{{ config(materialized='view') }}
-- Every received unit with its verdict: each row, and each file that was refused whole.
-- Received = accepted + quarantined + superseded + ignored, to the row. Lamp polls, far
-- too many to list, are counted in checked_lamp_telemetry_counts.
{% set checked = [
    'checked_cases',
    'checked_case_events',
    'checked_callbacks',
    'checked_tickets',
    'checked_sweeping',
    'checked_inspection_sheets',
    'checked_inspection_deductions',
    'checked_lamp',
    'checked_switch_plan',
    'checked_planned_outage',
    'checked_lamp_fault',
    'checked_register_rows',
    'checked_reference_rows',
    'checked_files',
] %}

{% for model in checked %}
    select
        row_id,
        source,
        source_table,
        load_id,
        load_date,
        landed_at,
        owner,
        file,
        sheet,
        line,
        record_key,
        business_date,
        version_at,
        recorded_at,
        verdict,
        rule,
        message,
        warning,
        faults

    from {{ ref(model) }}

    -- A file that can be read is no unit; its rows are.
    where source_table != 'files' or verdict = 'quarantined'

    {{ 'union all' if not loop.last }}
{% endfor %}

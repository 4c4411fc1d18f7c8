{#
  One kind of line of a contractor's derivation: whatever is given, every other column
  null. The first five columns say where the line is read, the others what it says.
#}
{% macro derivation_line(given) -%}
    {%- set columns = {
        'section': 'integer',
        'component_position': 'integer',
        'part_position': 'integer',
        'sheet_order': 'varchar',
        'line_order': 'varchar',
        'level': 'integer',
        'step': 'varchar',
        'component_id': 'varchar',
        'module_id': 'varchar',
        'record_type': 'varchar',
        'record_key': 'varchar',
        'label': 'varchar',
        'value': 'double',
        'unit': 'varchar',
        'weight': 'double',
        'weight_used': 'double',
        'record_count': 'bigint',
        'numerator': 'double',
        'denominator': 'double',
        'quantity': 'double',
        'unit_points': 'double',
        'repeat_multiplier': 'double',
        'overdue_multiplier': 'double',
        'happened_at': 'timestamp',
        'note': 'varchar',
    } -%}
    contractor_code,
        month
        {%- for name, type in columns.items() %},
        cast({{ given.get(name, 'null') }} as {{ type }}) as {{ name }}
        {%- endfor %}
{%- endmacro %}

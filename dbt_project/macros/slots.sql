{#
  The night in half-hour slots, k = 0 … 29: 17:00 + 30 min × k of the night's date, to
  07:30 next morning. A set of slots is the integer whose bit k is set: 30 polls of a
  lamp fit one number, and a year of a county's lamps fits in memory.
#}

{% macro slot_mask(slot) -%}
    (cast(1 as bigint) << cast({{ slot }} as integer))
{%- endmacro %}

{# Slots k with first <= k < beyond; both clipped to the night. #}
{% macro slots_between(first, beyond) -%}
    case
        when
            least(greatest({{ beyond }}, 0), 30)
            > least(greatest({{ first }}, 0), 30)
            then
                {{ slot_mask('least(greatest(' ~ beyond ~ ', 0), 30)') }}
                - {{ slot_mask('least(greatest(' ~ first ~ ', 0), 30)') }}
        else cast(0 as bigint)
    end
{%- endmacro %}

{# Position of a time on the night's slot scale: 0.0 is 17:00, 1.0 is 17:30. #}
{% macro slot_position(night_date, at) -%}
    ({{ minutes_between(midnight(night_date), at) }} - 17 * 60) / 30.0
{%- endmacro %}

{# The night a time belongs to: noon to noon. #}
{% macro night_of(at) -%}
    cast({{ at }} - to_hours(12) as date)
{%- endmacro %}

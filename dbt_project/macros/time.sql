{# Where DuckDB and Spark differ on dates, the difference lives here. #}

{% macro month_start(day) -%}
    cast(date_trunc('month', {{ day }}) as date)
{%- endmacro %}

{% macro add_months(day, months) -%}
    cast({{ day }} + to_months({{ months }}) as date)
{%- endmacro %}

{% macro add_days(day, days) -%}
    cast({{ day }} + to_days(cast({{ days }} as integer)) as date)
{%- endmacro %}

{# Midnight at the start of a day. #}
{% macro midnight(day) -%}
    cast({{ day }} as timestamp)
{%- endmacro %}

{# A time such as 08:30 on a day. #}
{% macro time_on(day, time) -%}
    {{ day }} + cast({{ time }} as time)
{%- endmacro %}

{% macro minutes_between(earlier, later) -%}
    (epoch_us({{ later }}) - epoch_us({{ earlier }})) / 60000000.0
{%- endmacro %}

{# 2025-06, 2025Q2 or 2025 for the period that starts on a day. #}
{% macro period_label(period_type, period_start) -%}
    case {{ period_type }}
        when 'M' then substr(cast({{ period_start }} as varchar), 1, 7)
        when 'Q'
            then
                cast(year({{ period_start }}) as varchar)
                || 'Q'
                || cast(quarter({{ period_start }}) as varchar)
        else cast(year({{ period_start }}) as varchar)
    end
{%- endmacro %}

{# First day of the period of a type that holds a day. #}
{% macro period_start_of(period_type, day) -%}
    case {{ period_type }}
        when 'M' then cast(date_trunc('month', {{ day }}) as date)
        when 'Q' then cast(date_trunc('quarter', {{ day }}) as date)
        else cast(date_trunc('year', {{ day }}) as date)
    end
{%- endmacro %}

{#
  "For ever" and "since ever" as days far off: arithmetic on an infinite time is null, and
  null would turn works without an end into none.
#}
{% macro far_off(moment) -%}
    case
        when not isinf({{ moment }}) then {{ moment }}
        when {{ moment }} > cast('2000-01-01' as date) then cast('9998-12-31' as date)
        when isinf({{ moment }}) then cast('1900-01-01' as date)
    end
{%- endmacro %}

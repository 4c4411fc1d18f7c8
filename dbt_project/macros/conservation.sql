{#
  Landed rows that should have exactly one verdict tonight and have none, or several:
  received = accepted + quarantined + superseded + ignored, to the row. `is_visible` is asked of
  `landed` and `parameters`, without the help of the models under test.
#}
{% macro rows_without_one_verdict(landed, checked, is_visible) %}
select
    landed.row_id,
    count(checked.row_id) as verdict_count

from {{ landed }} as landed
cross join {{ source('ops', 'parameters') }} as parameters
left join {{ checked }} as checked
    on landed.row_id = checked.row_id

where {{ is_visible }}

group by landed.row_id

having count(checked.row_id) != 1
{% endmacro %}

{# A version of the case platform with a readable time after as_of waits for its day. #}
{% macro is_not_of_a_later_day(parsed) -%}
    not exists (
        select 1 from {{ parsed }} as parsed
        where
            parsed.row_id = landed.row_id
            and parsed.updated_at > parameters.as_of
    )
{%- endmacro %}

{% macro is_landed_by_night() -%}
    landed.load_date <= parameters.as_of_date
    and coalesce(landed.file_date, landed.load_date) <= parameters.as_of_date
{%- endmacro %}

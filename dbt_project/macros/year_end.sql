{#
  The value at the end of the year if the rest of it goes like `share`: added to what
  there is for what adds up, or as it then stands. No share is below nothing, nor above
  the highest month or the whole.
#}
{% macro year_end(share) -%}
    case
        -- greatest() would make nothing a nought.
        when to_date is null or {{ share }} is null then null
        when method = '累计'
            then
                (
                    numerator
                    + least(greatest({{ share }}, 0), highest_share)
                    * denominator_left
                )
                / (denominator + denominator_left) * scale
        when method = '期末'
            then least(greatest({{ share }}, 0), highest_share) * scale
        else {{ share }} * scale
    end
{%- endmacro %}

{#
  The fields that figures cannot do without, by feed, named as in staging: one that nobody
  fills is absent, not empty. A field whose emptiness says something (a removal, a
  suspension, a stop-work deadline) is none of them. `dispatch_at` is the dispatch by the
  case or, failing that, by its events.
#}
{% macro needed_fields() %}
{% set fields %}
cases:
- reported_at
- accepted_at
- registered_at
- dispatched_at
- dispatch_at
- due_at_original
- due_at
- disposed_at
- checked_at
- closed_at
- resolution_means
callbacks:
- called_at
- rating
"register:ad_facilities":
- permit_from
- permit_to
- last_inspected_date
- last_inspection_result
"register:frontage_units":
- pledge_signed_date
- last_inspected_date
- last_inspection_result
"register:institutions":
- inspection_result
"register:supervision_items":
- due_at
- verified_at
{% endset %}
{{ return(fromyaml(fields)) }}
{% endmacro %}

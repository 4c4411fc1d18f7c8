{# A table, replaced in one statement of one transaction. dbt-duckdb's own way (build
   beside, rename twice, drop the old) is eight statements, a sixth of a month's night,
   and leaves the old table behind when killed before its last. #}
{% materialization table, adapter="duckdb" %}
    {%- set target = this.incorporate(type="table") -%}
    {%- set existing = load_cached_relation(this) -%}

    {{ run_hooks(pre_hooks) }}
    {% if existing is not none and not existing.is_table %}
        {% do adapter.drop_relation(existing) %}
    {% endif %}
    {% call statement("main") -%}
        {% if config.get("contract").enforced %}
            {{ get_assert_columns_equivalent(compiled_code) }}
            create or replace table {{ target }} {{ get_table_columns_and_constraints() }};
            insert into {{ target }} ({{ get_select_subquery(compiled_code) }});
        {% else %}
            create or replace table {{ target }} as ({{ compiled_code }});
        {% endif %}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {% do adapter.commit() %}

    {{ return({"relations": [target]}) }}
{% endmaterialization %}

"""A dbt project of a few models: every mart that a night needs, in a second or two."""

from pathlib import Path

from marts_by_hand import mart_queries

_PROJECT = """
name: small
version: "1.0"
profile: small
flags: {send_anonymous_usage_stats: false}
models:
  small:
    parsed: {+schema: restricted, +materialized: incremental}
    intermediate: {+schema: intermediate, +materialized: table}
    marts: {+database: marts, +schema: main, +materialized: table}
"""
_PROFILE = """
small:
  target: duckdb
  outputs:
    duckdb:
      type: duckdb
      path: "{{ env_var('DATA_DIR') }}/warehouse.duckdb"
      threads: 1
      attach:
        - {path: "{{ env_var('DATA_DIR') }}/marts.duckdb", alias: marts}
"""
_SCHEMA = (
    "{% macro generate_schema_name(name, node) %}"
    "{{ name or target.schema }}{% endmacro %}"
)
_SEEN_DAYS = (
    "select as_of_date, '{{ is_incremental() }}' as is_increment from ops.parameters"
)
_TESTED = """
models:
  - name: days
    columns:
      - name: as_of_date
        data_tests: [not_null]
"""
# Marts read each other; dbt has to know in which order.
_AFTER = {
    "indicator_ledger": "indicator_values",
    "indicator_records": "indicator_events",
}


def write_project(project: Path, done: int = 3) -> None:
    """Write the project; its only figure is `done` cases out of four."""
    files = {
        "dbt_project.yml": _PROJECT,
        "profiles.yml": _PROFILE,
        "macros/schema.sql": _SCHEMA,
        "models/parsed/seen_days.sql": _SEEN_DAYS,
        "models/intermediate/days.sql": "select * from {{ ref('seen_days') }}",
        "models/intermediate/days.yml": _TESTED,
    }
    for mart, query in mart_queries(done).items():
        after = _AFTER.get(mart)
        hint = f"-- depends_on: {{{{ ref('{after}') }}}}\n" if after else ""
        view = (
            "{{ config(materialized='view') }}" if mart == "indicator_records" else ""
        )
        files[f"models/marts/{mart}.sql"] = f"{hint}{view}{query}"
    for name, text in files.items():
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        (project / name).write_text(text)

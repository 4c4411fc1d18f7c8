"""Public file: what anyone may see; empty until two roles have approved a release."""

from pathlib import Path
from typing import Final

import duckdb

SHAPE: Final = """
create table indicators (
    indicator_id varchar, plan_order integer, name_zh varchar, name_en varchar,
    group_zh varchar, unit varchar, nature varchar, direction varchar,
    period_types varchar, scope_zh varchar, formula_zh varchar,
    formula_version varchar, source_systems varchar, owner_zh varchar,
    method_note_zh varchar
);
create table targets (
    claim_id varchar, indicator_id varchar, value double, op varchar,
    value_high double, unit varchar, year integer, nature varchar, status varchar,
    document varchar, location varchar, quote varchar, valid_from date
);
create table releases (
    release_id varchar, version integer, period varchar, published_at timestamp,
    approved_by_roles varchar[], reason varchar, manifest_sha256 varchar,
    withdrawn_at timestamp
);
create table indicator_values (
    release_id varchar, indicator_id varchar, period_type varchar, period varchar,
    area_code varchar, numerator double, denominator double, value double,
    null_reason varchar, excluded bigint, n bigint, target double, status varchar,
    note varchar, stage varchar, completeness double, formula_version varchar,
    target_claim_id varchar, as_of date
);
create table waste_monthly (
    month varchar, waste_class varchar, direction varchar, is_secondary boolean,
    tickets bigint, net_kg double
);
create table lamp_monthly (
    month varchar, road_class varchar, lit bigint, unlit bigint, unknown bigint,
    planned bigint, no_plan bigint
);
create table complaint_monthly (
    month varchar, town_code varchar, complaints bigint, is_suppressed boolean
);
create table contractor_grades (
    month varchar, contractor varchar, score double, grade varchar
);
create table toilet_stars (
    month varchar, toilet_id varchar, score double, stars integer, vetoed boolean
);
create table changes (
    release_id varchar, indicator_id varchar, period varchar, area_code varchar,
    old_value double, new_value double, kind varchar, reason varchar
);
"""


def write_empty(path: Path) -> None:
    """Write a public file that has every table and no row."""
    with duckdb.connect(str(path)) as connection:
        connection.execute(SHAPE)

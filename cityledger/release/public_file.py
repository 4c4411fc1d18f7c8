"""Public file: what the public pages may open, made of published releases alone."""

import json
from pathlib import Path
from typing import Any, Final

import duckdb

from cityledger.release import changes, draft, shelf
from cityledger.release.files.metadata import sha256
from cityledger.release.opened import Row
from cityledger.release.shelf import Release

_SHAPE: Final[dict[str, dict[str, str]]] = {
    "indicators": {
        "indicator_id": "varchar", "plan_order": "integer", "name_zh": "varchar",
        "name_en": "varchar", "group_zh": "varchar", "unit": "varchar",
        "nature": "varchar", "direction": "varchar", "period_types": "varchar",
        "scope_zh": "varchar", "formula_zh": "varchar", "formula_version": "varchar",
        "source_systems": "varchar", "owner_zh": "varchar",
        "method_note_zh": "varchar",
    },
    "targets": {
        "claim_id": "varchar", "indicator_id": "varchar", "value": "double",
        "op": "varchar", "value_high": "double", "unit": "varchar", "year": "integer",
        "nature": "varchar", "status": "varchar", "document": "varchar",
        "location": "varchar", "quote": "varchar", "valid_from": "date",
    },
    "releases": {
        "release_id": "varchar", "version": "varchar", "period": "varchar",
        "published_at": "timestamp", "approved_by_roles": "varchar[]",
        "reason": "varchar", "manifest_sha256": "varchar", "withdrawn_at": "timestamp",
        "withdrawal_reason": "varchar", "as_of": "date",
    },
    "indicator_values": {
        "release_id": "varchar", "indicator_id": "varchar", "period_type": "varchar",
        "period": "varchar", "area_code": "varchar", "area_name": "varchar",
        "numerator": "double", "denominator": "double", "value": "double",
        "null_reason": "varchar", "excluded": "bigint", "n": "bigint",
        "target": "double", "status": "varchar", "note": "varchar",
        "stage": "varchar", "completeness": "double", "formula_version": "varchar",
        "target_claim_id": "varchar", "as_of": "date", "quality": "varchar",
        "quality_note": "varchar",
    },
    "waste_monthly": {
        "month": "varchar", "waste_class": "varchar", "direction": "varchar",
        "is_secondary": "boolean", "net_kg": "double",
    },
    "lamp_monthly": {
        "month": "varchar", "road_class": "varchar", "lit": "bigint",
        "unlit": "bigint", "unknown": "bigint", "planned": "bigint",
        "no_plan": "bigint",
    },
    "complaint_monthly": {
        "month": "varchar", "breakdown": "varchar", "town_code": "varchar",
        "town_name": "varchar", "class_code": "varchar", "class_name": "varchar",
        "complaints": "bigint", "is_suppressed": "boolean",
    },
    "contractor_grades": {
        "month": "varchar", "contractor": "varchar", "score": "double",
        "grade": "varchar",
    },
    "toilet_stars": {
        "month": "varchar", "toilet_id": "varchar", "toilet_name": "varchar",
        "town_code": "varchar", "toilet_class": "varchar", "score": "double",
        "stars": "integer", "vetoed": "boolean",
    },
    "changes": {
        "release_id": "varchar", "indicator_id": "varchar", "period": "varchar",
        "area_code": "varchar", "old_value": "double", "new_value": "double",
        "old_target": "double", "new_target": "double",
        "old_formula_version": "varchar", "new_formula_version": "varchar",
        "kind": "varchar", "reason": "varchar",
    },
}  # fmt: skip
# What has no release of its own in the contract is the newest release's.
_OF_THE_NEWEST: Final = (
    "indicators", "targets", "waste_monthly", "lamp_monthly", "complaint_monthly",
    "contractor_grades", "toilet_stars",
)  # fmt: skip


def write_empty(path: Path) -> None:
    """Write a public file that has every table and no row."""
    write(path, [])


def write(path: Path, releases: list[Release]) -> None:
    """Write the file from the releases that may be seen, oldest first."""
    path.unlink(missing_ok=True)
    with duckdb.connect(str(path)) as connection:
        connection.begin()
        for table, columns in _SHAPE.items():
            shape = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
            connection.execute(f"create table {table} ({shape})")
        for release in releases:
            _insert(connection, "releases", [_entry(release)])
            if release.is_erased:
                continue
            name = release.release_id
            values = draft.read_table(release, "indicator_values")
            _insert(connection, "indicator_values",
                    [{**row, "release_id": name} for row in values])  # fmt: skip
            _insert(connection, "changes", changes_of(release))
        for row in withdrawals(releases):
            _insert(connection, "changes", [row])
        newest = shelf.latest(releases)
        for table in _OF_THE_NEWEST if newest else ():
            assert newest  # noqa: S101 - asked in the line above
            _insert(connection, table, draft.read_table(newest, table))
        connection.commit()


def changes_of(release: Release) -> list[Row]:
    """Return a release's own change list."""
    return _listed(release, "changes")


def cell_changes_of(release: Release) -> list[Row]:
    """Return a release's own list of changes to the other datasets."""
    return _listed(release, "dataset_changes")


def _listed(release: Release, name: str) -> list[Row]:
    path = release.object / f"{name}.json"
    if not path.exists():
        return []
    found: list[Row] = json.loads(path.read_text(encoding="utf-8"))
    return found


def withdrawals(releases: list[Release]) -> list[Row]:
    """Return what each withdrawal took back: figures against those then in force.

    Withdrawing what a newer release had replaced took nothing back. Of what is erased
    no figure is told any more, nor are its files opened.
    """
    found: list[Row] = []
    for release in releases:
        entry = release.withdrawal
        if not entry or release.is_erased:
            continue
        left = next(reversed(shelf.standing(releases, entry.at)), None)
        if left and left.version > release.version:
            continue
        taken = changes.of_figures(
            release.release_id,
            draft.read_table(release, "indicator_values"),
            draft.read_table(left, "indicator_values")
            if left and not left.is_erased
            else [],
            {},
        )
        told = {"kind": "撤回", "reason": entry.comment}
        found += [{**change, **told} for change in taken]
    return found


def _entry(release: Release) -> dict[str, Any]:
    withdrawal = release.withdrawal
    return {
        "release_id": release.release_id,
        "version": str(release.version),
        "period": release.contents["period"],
        "published_at": release.published_at,
        "approved_by_roles": release.roles,
        "reason": None if release.is_erased else release.contents["reason"],
        "manifest_sha256": sha256(release.object / shelf.MANIFEST),
        "withdrawn_at": withdrawal.at if withdrawal else None,
        "withdrawal_reason": withdrawal.comment if withdrawal else None,
        "as_of": release.contents["as_of"],
    }


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[Row]) -> None:
    if not rows:
        return
    import pyarrow as pa  # noqa: PLC0415 - heavy

    names = [name for name in _SHAPE[table] if name in rows[0]]
    given = pa.table({name: [row.get(name) for row in rows] for name in names})
    connection.register("given", given)
    typed = ", ".join(f'cast("{n}" as {_SHAPE[table][n]}) as "{n}"' for n in names)
    connection.execute(
        f"insert into {table} by name select {typed} from given"  # noqa: S608 - ours
    )
    connection.unregister("given")

"""Hostile names: what somebody may write into a source to reach whoever reads it."""

from pathlib import Path

import duckdb

OUTSIDE = "evil.invalid"
HOSTILE = (
    f'"><img src="http://{OUTSIDE}/a.png" onerror="document.title=1">'
    f"<b id=planted>b</b>![x](http://{OUTSIDE}/b.png)[y](http://{OUTSIDE}/c)"
    ":red[r] :material/home: $x^2$ `k` **s**"
)
# Codes, keys, periods and words that pages decide by: nobody types these.
_DECIDED_BY = (
    "%code", "%id", "%month%", "period%", "quarter", "status", "%stage", "kind",
    "dimension", "member", "op", "null_reason", "severity", "outcome", "role", "rule",
    "source", "owner", "record_type", "claim_id", "component", "unit", "step",
    "earlier%", "indicator_id", "owner_kind", "verdict", "direction", "scope_key",
    "observed", "nature",
)  # fmt: skip


def plant(path: Path) -> int:
    """Write it into every text that a source could fill; return in how many columns."""
    with duckdb.connect(str(path)) as marts:
        columns = marts.execute(
            "select table_name, column_name from information_schema.columns "
            "where data_type = 'VARCHAR' and not list_bool_or("
            "list_transform(?, lambda decided: column_name like decided))",
            [list(_DECIDED_BY)],
        ).fetchall()
        for table, column in columns:
            marts.execute(
                f'update {table} set "{column}" = "{column}" || ? '  # noqa: S608
                f'where "{column}" is not null',
                [HOSTILE],
            )
    return len(columns)

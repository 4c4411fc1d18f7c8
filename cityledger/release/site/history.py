"""History: every publication of every county figure, for pages and for programs."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from cityledger.release.opened import Row
from cityledger.release.site.edition import Edition

# By indicator, the publications of each figure, oldest first.
History = dict[str, list[Row]]

_SAID: Final = (
    "value",
    "target",
    "formula_version",
    "null_reason",
    "status",
    "quality",
)
_MATTERS: Final = ("value", "target", "formula_version", "null_reason")


def of(editions: Iterable[Edition]) -> History:
    """Collect what each release said of each figure, where it said something new."""
    found: History = {}
    last: dict[tuple[str, str, str], Row] = {}
    for edition in editions:
        at = edition.release.published_at
        gone = edition.release.withdrawal
        for row in edition.values:
            key = row["indicator_id"], row["period"], row["area_code"]
            said = {
                "period": row["period"],
                "area_code": row["area_code"],
                "release_id": edition.id,
                "published_at": at.isoformat() if at else None,
                "withdrawn_at": gone.at.isoformat() if gone else None,
                **{name: row[name] for name in _SAID},
                "target_claim_id": row["target_claim_id"],
            }
            before = last.get(key)
            if before and all(before[n] == said[n] for n in _MATTERS):
                continue
            if not gone:
                last[key] = said
            found.setdefault(row["indicator_id"], []).append(said)
    return found


def changed(history: History, indicator_id: str, area_code: str) -> list[Row]:
    """Return the publications of the periods that were published differently."""
    own = [r for r in history.get(indicator_id, []) if r["area_code"] == area_code]
    counts: dict[str, int] = {}
    for row in own:
        counts[row["period"]] = counts.get(row["period"], 0) + 1
    found = [row for row in own if counts[row["period"]] > 1]
    return sorted(
        found, key=lambda r: (len(r["period"]), r["period"], r["published_at"])
    )


def write(history: History, folder: Path) -> None:
    """Write a file per indicator: asOf and includeHistory, answered in full."""
    folder.mkdir(parents=True, exist_ok=True)
    for indicator_id, rows in history.items():
        text = json.dumps(
            {"indicator_id": indicator_id, "history": rows},
            ensure_ascii=False,
            indent=1,
        )
        (folder / f"{indicator_id}.json").write_text(text + "\n", encoding="utf-8")

"""Digest: what needs attention, once a day, grouped by who has to act.

The list itself is tonight's `attention` mart. What is new and what is gone comes from
the list of the day before, as it was published: nobody closes an item, it is simply no
longer true.
"""

from dataclasses import dataclass
from datetime import date
from math import floor
from pathlib import Path
from typing import Any, Final

import duckdb

from cityledger import versions
from cityledger.errors import OperatorError
from cityledger.notify import notify
from cityledger.settings import DataDir, Settings
from cityledger.versions import LEADERS, Version

Row = dict[str, Any]

_MOST_OF_AN_OWNER: Final = 6
_WORRYING: Final = ("已无法达到", "预计不达标")


@dataclass(frozen=True)
class Digest:
    """The open items of a night, and what changed since the day before."""

    day: date
    compared_with: date | None
    open: list[Row]
    new: list[Row]
    closed: list[Row]
    worrying: list[Row]


class NothingToDigestError(OperatorError):
    """Nothing has been published, or nothing that knows of attention."""


def digest(settings: Settings) -> Digest:
    """Read the list in force and the last one of an earlier day."""
    folders = settings.folders
    shown = versions.current(folders)
    if not shown:
        raise NothingToDigestError("还没有发布过；请先运行 cityledger nightly")
    items = _attention(folders, shown)
    if items is None:
        raise NothingToDigestError("已发布的版本里没有关注清单；请重新运行一晚")
    before = _day_before(folders, shown)
    earlier = (_attention(folders, before) if before else None) or []
    known = {row["item_id"] for row in earlier}
    still_open = {row["item_id"] for row in items}
    return Digest(
        day=shown.as_of,
        compared_with=before.as_of if before else None,
        open=items,
        new=[row for row in items if before and row["item_id"] not in known],
        closed=[row for row in earlier if row["item_id"] not in still_open],
        worrying=_worrying(folders, shown),
    )


def lines(found: Digest) -> list[str]:
    """Return the digest as text."""
    return [
        _headline(found),
        *_owner_lines(found),
        *_closed_lines(found),
        *_projection_lines(found),
    ]


def send(settings: Settings, found: Digest) -> bool:
    """Send the digest to whoever is on duty; say whether it was delivered."""
    title, *body = lines(found)
    return notify(settings, title, "\n".join(body))


def _day_before(folders: DataDir, shown: Version) -> Version | None:
    earlier = [one for one in versions.every(folders) if one.as_of < shown.as_of]
    return max(earlier, key=lambda one: (one.as_of, one.published_at), default=None)


def _attention(folders: DataDir, version: Version) -> list[Row] | None:
    return _rows(
        folders.versions / version.name / LEADERS,
        "attention",
        "from attention order by position, age_days desc, item_id",
    )


def _worrying(folders: DataDir, version: Version) -> list[Row]:
    """Return the binding indicators that are not on their way to the target."""
    found = _rows(
        folders.versions / version.name / LEADERS,
        "projections",
        "from projections where nature = '约束性' order by plan_order",
    )
    return [row for row in found or [] if row["verdict"] in _WORRYING]


def _rows(path: Path, table: str, query: str) -> list[Row] | None:
    """Return the rows of a query, or nothing from a file without that table."""
    if not path.exists():
        return None
    with duckdb.connect(str(path), read_only=True) as marts:
        tables = marts.execute("select table_name from duckdb_tables()").fetchall()
        if (table,) not in tables:
            return None
        cursor = marts.execute(query)
        names = [column[0] for column in cursor.description or []]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _headline(found: Digest) -> str:
    text = f"城账 每日提要 {found.day}：需要关注 {len(found.open)} 件"
    if found.compared_with:
        text += f"（比 {found.compared_with} 新 {len(found.new)} 件，"
        text += f"消 {len(found.closed)} 件）"
    return text


def _owner_lines(found: Digest) -> list[str]:
    """Return the items by owner, the most pressing owner first."""
    owners: dict[str, list[Row]] = {}
    for row in found.open:
        owners.setdefault(row["owner"], []).append(row)
    new = {row["item_id"] for row in found.new}
    texts = []
    for owner, items in owners.items():
        texts.append(f"【{owner}】")
        texts += [_item_text(row, new) for row in items[:_MOST_OF_AN_OWNER]]
        more = len(items) - _MOST_OF_AN_OWNER
        if more > 0:
            texts.append(f"· 另有 {more} 件，见关注清单")
    return texts


def _item_text(row: Row, new: set[str]) -> str:
    mark = "（新）" if row["item_id"] in new else ""
    subject = "" if row["subject_name"] == row["owner"] else f"{row['subject_name']} "
    return (
        f"· {row['severity']} {subject}{row['kind_name']} {row['quantity']} "
        f"{row['unit']}{mark}，自 {row['first_day']} 起 {row['age_days']} 天；"
        f"{row['detail']}"
    )


def _closed_lines(found: Digest) -> list[str]:
    if not found.closed:
        return []
    names = [f"{row['subject_name']}{row['kind_name']}" for row in found.closed]
    return [f"已消除：{'、'.join(names)}"]


def _projection_lines(found: Digest) -> list[str]:
    if not found.worrying:
        return []
    texts = [
        f"· {row['indicator_id']} {row['name_zh']}：{row['verdict']}，"
        f"年底预计 {_cut(row['projected'])} {row['unit']}，目标 {row['target']:g}"
        for row in found.worrying
    ]
    return ["约束性指标年底预测（系统推算）：", *texts]


def _cut(value: float | None) -> str:
    """Return two decimals, cut: what is shown must not look better than it is."""
    return "——" if value is None else f"{floor(float(value) * 100 + 1e-7) / 100:.2f}"

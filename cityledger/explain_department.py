"""Explain a department: from its rank and score to the cases behind every part."""

from dataclasses import dataclass
from math import floor
from typing import Any, Final

import duckdb

from cityledger.errors import UsageError
from cityledger.explain import NothingPublishedError, Page
from cityledger.settings import Settings
from cityledger.versions import LEADERS

Row = dict[str, Any]

_COMPONENTS: Final = {
    "case": "案件处置",
    "inspection": "实地检查",
    "complaint": "公众投诉",
    "supervision": "重大事项督办",
    "adjustment": "加减分",
}
_RECORDS: Final = "from department_records where dept_code = ? and month = ?"


@dataclass(frozen=True)
class DepartmentExplanation:
    """A score card with everything it rests on."""

    card: Row
    parts: list[Row]
    group: list[Row]
    records: list[Row]
    page: Page


def is_department(settings: Settings, code: str) -> bool:
    """Say whether what is published knows a department by this code."""
    path = settings.folders.published / LEADERS
    if not path.exists():
        return False
    with duckdb.connect(str(path), read_only=True) as marts:
        known = marts.execute(
            "select 1 from duckdb_tables() where table_name = 'department_scores'"
        ).fetchone()
        return bool(
            known
            and marts.execute(
                "select 1 from department_scores where dept_code = ? limit 1", [code]
            ).fetchone()
        )


def explain(
    settings: Settings,
    dept_code: str,
    month: str,
    part: str | None = None,
    page: Page | None = None,
) -> DepartmentExplanation:
    """Find a department's month in what is published; `part` narrows the records."""
    path = settings.folders.published / LEADERS
    if not path.exists():
        raise NothingPublishedError("还没有发布过；请先运行 cityledger nightly")
    page = page or Page()
    with duckdb.connect(str(path), read_only=True) as marts:
        card = _card(marts, dept_code, month)
        parts = _rows(
            marts,
            "from department_parts where dept_code = ? and month = ? order by position",
            [dept_code, month],
        )
        return DepartmentExplanation(
            card=card,
            parts=parts,
            group=_group(marts, card),
            records=_records(marts, card, _part_id(parts, part), page),
            page=page,
        )


def lines(found: DepartmentExplanation) -> list[str]:
    """Return an explanation as text."""
    return [
        *_score_lines(found.card),
        "",
        *_part_lines(found),
        "",
        *_group_lines(found),
        "",
        *_record_lines(found),
    ]


def _rows(marts: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> list[Row]:
    cursor = marts.execute(query, values)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _card(marts: duckdb.DuckDBPyConnection, dept_code: str, month: str) -> Row:
    found = _rows(
        marts,
        "from department_scores where dept_code = ? and month = ?",
        [dept_code, month],
    )
    if found:
        return found[0]
    months = _rows(
        marts,
        "select month from department_scores where dept_code = ? order by month",
        [dept_code],
    )
    if not months:
        raise UsageError(f"没有单位 {dept_code}")
    shown = "、".join(row["month"] for row in months)
    raise UsageError(f"单位 {dept_code} 没有 {month} 的考核；可选：{shown}")


def _part_id(parts: list[Row], wanted: str | None) -> str | None:
    """Return the part someone names by its number or its name."""
    if wanted is None:
        return None
    for row in parts:
        if wanted in (row["part_id"], row["part_name"]):
            return str(row["part_id"])
    names = "、".join(row["part_name"] for row in parts)
    raise UsageError(f"没有考核项 {wanted}；可选：{names}")


def _group(marts: duckdb.DuckDBPyConnection, card: Row) -> list[Row]:
    return _rows(
        marts,
        "from department_scores select dept_code, dept_name, score_shown, rank "
        "where month = ? and ranking_group = ? and ranked order by rank, dept_code",
        [card["month"], card["ranking_group"]],
    )


def _records(
    marts: duckdb.DuckDBPyConnection, card: Row, part_id: str | None, page: Page
) -> list[Row]:
    return _rows(
        marts,
        "from department_records select part_name, record_type, record_key, "
        "numerator, denominator, excluded_reason, note "
        "where dept_code = ? and month = ? and part_id = coalesce(?, part_id) "
        "order by part_id, excluded_reason nulls first, numerator, record_key "
        "limit ? offset ?",
        [
            card["dept_code"],
            card["month"],
            part_id,
            page.size,
            (page.number - 1) * page.size,
        ],
    )


def _score_lines(card: Row) -> list[str]:
    head = (
        f"{card['dept_code']} {card['dept_name'] or '（部门表中没有）'}  "
        f"{card['month']}  截至 {card['as_of']}（{card['stage']}）"
    )
    if card["score"] is None:
        return [head, f"  不评分：{_why_not_scored(card)}"]
    low, high = card["on_time_rate_low"], card["on_time_rate_high"]
    return [
        head,
        f"  得分：{card['score_shown']}（未四舍五入 {_number(card['score'])}）",
        f"  名次：{_rank_text(card)}",
        f"  依据：应处置案件 {card['due_cases']} 件，各项合计 {card['case_count']} 件；"
        f"有数据的部分满分 {_number(card['points_with_data'])} 分，折算为100分",
        f"  把握：按期处置率 {_cut(card['on_time_rate'])} %，"
        f"95% 区间 {_cut(low)}–{_cut(high)} %，"
        f"得分在 {_cut(card['score_low'])}–{_cut(card['score_high'])} 之间",
    ]


def _why_not_scored(card: Row) -> str:
    if card["dept_name"] is None:
        return "部门表（基础数据 departments）里没有这个单位，请补登后重新运行"
    if card["due_cases"] is None:
        return "来源当月没有填报处置时限或处置时间（未提供），不知道有多少到期案件"
    return "当月没有到期案件"


def _rank_text(card: Row) -> str:
    if not card["ranked"]:
        return "不参与排名（到期案件不足10件，或没有分组）"
    text = f"{card['ranking_group']}第 {card['rank']} 名"
    if not card["rank_may_change"]:
        return f"{text}，区间内不会变"
    return f"{text}，区间内可能是第 {card['rank_best']} 至第 {card['rank_worst']} 名"


def _part_lines(found: DepartmentExplanation) -> list[str]:
    texts = ["得分组成："]
    component = None
    for row in found.parts:
        if row["component"] != component:
            component = row["component"]
            texts.append(f"  {_COMPONENTS.get(component, component)}")
        texts.append(f"    {_part_text(row)}")
    if found.card["score"] is not None:
        texts.append(f"  {_sum_text(found)}")
    return texts


def _part_text(row: Row) -> str:
    if row["component"] == "adjustment":
        return f"{row['part_name']} {_number(row['numerator'])} 分（不折算，直接相加）"
    excluded = f"，剔除 {row['excluded']} 条" if row["excluded"] else ""
    if row["share"] is None:
        return f"{row['part_name']}（{_number(row['weight'])} 分）没有数据{excluded}"
    share = f"{_number(row['numerator'])} ÷ {_number(row['denominator'])}"
    share = f"1 − {share}" if row["is_inverted"] else share
    return (
        f"{row['part_name']}（{_number(row['weight'])} 分）"
        f"{share} = {_cut(row['share'] * 100)} %，"
        f"计 {row['points']:.4f} 分{excluded}"
    )


def _sum_text(found: DepartmentExplanation) -> str:
    """Return the sum that makes the score, as one could do it on paper."""
    card = found.card
    names = ("case_points", "inspection_points", "complaint_points")
    points = [card[name] for name in (*names, "supervision_points")]
    added = " + ".join(f"{one:.4f}" for one in points if one is not None)
    points_added = float(card["adjust_points"])
    sign = "−" if points_added < 0 else "+"
    adjust = f" {sign} {abs(points_added):g}" if points_added else ""
    return (
        f"({added}) ÷ {_number(card['points_with_data'])} × 100{adjust}"
        f" = {card['score_shown']}"
    )


def _group_lines(found: DepartmentExplanation) -> list[str]:
    if not found.group:
        return ["同组排名：本组当月没有单位参与排名"]
    texts = [f"同组排名（{found.card['ranking_group']}）："]
    texts += [
        f"  第 {row['rank']} 名  {row['score_shown']}  {row['dept_name']}"
        for row in found.group
    ]
    return texts


def _record_lines(found: DepartmentExplanation) -> list[str]:
    if not found.records:
        return ["记录：没有"]
    first = (found.page.number - 1) * found.page.size + 1
    texts = [f"记录（第 {first} 至 {first + len(found.records) - 1} 条）："]
    for row in found.records:
        counted = (
            f"剔除：{row['excluded_reason']}"
            if row["excluded_reason"]
            else f"{_number(row['numerator'])} / {_number(row['denominator'])}"
        )
        note = f"  {row['note']}" if row["note"] else ""
        texts.append(
            f"  {row['part_name']}  {row['record_type']}  {row['record_key']}"
            f"  {counted}{note}"
        )
    return texts


def _number(value: Any) -> str:  # noqa: ANN401 - decimals and floats alike
    return "——" if value is None else f"{float(value):,.10g}"


def _cut(value: float | None) -> str:
    """Return two decimals, cut: what is shown must not look better than it is."""
    return "——" if value is None else f"{floor(float(value) * 100 + 1e-7) / 100:.2f}"

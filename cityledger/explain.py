"""Explain: where a published number comes from, down to its records."""

from dataclasses import dataclass
from typing import Any, Final

import duckdb

from cityledger.county import COUNTY
from cityledger.errors import OperatorError, UsageError
from cityledger.settings import Settings
from cityledger.versions import LEADERS

Row = dict[str, Any]

_REASONS: Final = {
    "no_denominator": "本期没有应计入的记录，分母为零",
    "not_collected": "需要的台账没有齐",
    "not_due": "还没有到应报的时候",
    "below_min_sample": "样本太少，不出数",
    "source_late": "来源没有按时送来",
    "not_provided": "未提供：来源这段时间没有填报算它所需的字段",
}
_ROLES: Final = {"numerator": "分子", "denominator": "分母", "excluded": "剔除"}


@dataclass(frozen=True)
class Page:
    """Which of the records to show."""

    number: int = 1
    size: int = 20


@dataclass(frozen=True)
class Explanation:
    """A number with everything it rests on."""

    indicator: Row
    value: Row
    target: Row | None
    editions: list[Row]
    edition: Row | None
    counts: list[Row]
    records: list[Row]
    page: Page


class NothingPublishedError(OperatorError):
    """There is no published file to explain from."""


def explain(
    settings: Settings,
    indicator_id: str,
    period: str,
    area_code: str = COUNTY,
    edition: int | None = None,
    page: Page | None = None,
) -> Explanation:
    """Find a number in what is published, by indicator, period and area."""
    path = settings.folders.published / LEADERS
    if not path.exists():
        raise NothingPublishedError("还没有发布过；请先运行 cityledger nightly")
    asked = [indicator_id, period, area_code]
    page = page or Page()
    with duckdb.connect(str(path), read_only=True) as marts:
        value = _value(marts, asked)
        editions = _rows(
            marts, f"from indicator_ledger where {_ASKED} order by edition", asked
        )
        chosen = _edition(editions, edition)
        return Explanation(
            indicator=_indicator(marts, indicator_id),
            value=value,
            target=_target(marts, (chosen or value)["target_claim_id"]),
            editions=editions,
            edition=chosen,
            counts=_counts(marts, asked),
            records=_records(marts, asked, page),
            page=page,
        )


def lines(found: Explanation) -> list[str]:
    """Return an explanation as text."""
    return [
        *_number_lines(found),
        "",
        *_definition_lines(found),
        "",
        *_input_lines(found),
        "",
        *_edition_lines(found),
        "",
        *_record_lines(found),
    ]


_ASKED: Final = "indicator_id = ? and period = ? and area_code = ?"


def _rows(marts: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> list[Row]:
    cursor = marts.execute(query, values)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _indicator(marts: duckdb.DuckDBPyConnection, indicator_id: str) -> Row:
    found = _rows(marts, "from indicators where indicator_id = ?", [indicator_id])
    if found:
        return found[0]
    known = _rows(marts, "select indicator_id from indicators", [])
    names = "、".join(sorted(row["indicator_id"] for row in known))
    raise UsageError(f"没有指标 {indicator_id}；可选：{names}")


def _value(marts: duckdb.DuckDBPyConnection, asked: list[str]) -> Row:
    found = _rows(marts, f"from indicator_values where {_ASKED}", asked)
    if found:
        return found[0]
    indicator_id, period, area_code = asked
    indicator = _indicator(marts, indicator_id)
    periods = _rows(
        marts,
        "select distinct period from indicator_values "
        "where indicator_id = ? and area_code = ? order by period",
        [indicator_id, area_code],
    )
    if not periods:
        raise UsageError(f"{indicator['name_zh']} 没有区域 {area_code} 的数")
    shown = "、".join(row["period"] for row in periods)
    raise UsageError(f"{indicator['name_zh']} 没有周期 {period} 的数；可选：{shown}")


def _target(marts: duckdb.DuckDBPyConnection, claim_id: str | None) -> Row | None:
    found = _rows(marts, "from targets where claim_id = ?", [claim_id])
    return found[0] if found else None


def _edition(editions: list[Row], wanted: int | None) -> Row | None:
    if wanted is None:
        return None
    for row in editions:
        if row["edition"] == wanted:
            return row
    raise UsageError(f"没有第 {wanted} 版；台账共有 {len(editions)} 版")


def _counts(marts: duckdb.DuckDBPyConnection, asked: list[str]) -> list[Row]:
    """Return records and amounts by role, and by reason for what was taken out."""
    return _rows(
        marts,
        f"from indicator_records select role, "
        "case when role = 'excluded' then reason end as why, "
        "sum(record_count) as records, sum(amount) as amount "
        f"where {_ASKED} group by role, why order by role, why nulls first",
        asked,
    )


def _records(
    marts: duckdb.DuckDBPyConnection, asked: list[str], page: Page
) -> list[Row]:
    return _rows(
        marts,
        "from indicator_records select role, record_type, record_key, "
        f"record_count, amount, reason where {_ASKED} "
        "order by role, record_type, record_key limit ? offset ?",
        [*asked, page.size, (page.number - 1) * page.size],
    )


def _number_lines(found: Explanation) -> list[str]:
    unit = found.indicator["unit"]
    shown = found.edition or found.value
    head = f"{found.value['indicator_id']} {found.indicator['name_zh']}"
    what = f"第 {shown['edition']} 版" if found.edition else f"截至 {shown['as_of']}"
    texts = [
        f"{head}  {shown['period']}  {shown['area_code']}  {what}（{shown['stage']}）",
        f"  数值：{_value_text(shown, unit)}",
        f"  分子：{_number(shown['numerator'])}",
        f"  分母：{_number(shown['denominator'])}",
        f"  目标：{_target_text(found, shown)}",
    ]
    if not found.edition:
        note = found.value.get("note")
        texts.append(
            f"  状态：{shown['status']}"
            + (f"（{_REASONS.get(note, note)}）" if note else "")
        )
    return texts


def _definition_lines(found: Explanation) -> list[str]:
    indicator = found.indicator
    shown = found.edition or found.value
    return [
        "口径：",
        f"  公式：{indicator['formula_zh']}（版本 {shown['formula_version']}）",
        f"  范围：{indicator['scope_zh']}",
        f"  来源：{indicator['source_systems']}；责任单位：{indicator['owner_zh']}",
        f"  说明：{indicator['method_note_zh'] or '——'}",
    ]


def _input_lines(found: Explanation) -> list[str]:
    texts = [
        "数据：",
        f"  完整度：{_percent(found.value['completeness'])}；"
        f"分母记录 {found.value['n']} 条；剔除 {found.value['excluded']} 条",
    ]
    for row in found.counts:
        why = f"（{row['why']}）" if row["why"] else ""
        amount = "" if row["amount"] is None else f"，合计 {_number(row['amount'])}"
        texts.append(f"  {_ROLES[row['role']]}{why}：{row['records']} 条{amount}")
    return texts


def _edition_lines(found: Explanation) -> list[str]:
    texts = ["台账："]
    for row in found.editions:
        texts.append(
            f"  第 {row['edition']} 版  {row['stage']}  "
            f"{_value_text(row, found.indicator['unit'])}  截至 {row['as_of']}  "
            f"{row['recorded_at']:%Y-%m-%d %H:%M} 记录  {row['reason']}"
        )
    return texts if found.editions else ["台账：还没有记录"]


def _record_lines(found: Explanation) -> list[str]:
    first = (found.page.number - 1) * found.page.size + 1
    if not found.records:
        return ["记录：没有"]
    texts = [f"记录（第 {first} 至 {first + len(found.records) - 1} 条）："]
    for row in found.records:
        amount = "" if row["amount"] is None else f"  {_number(row['amount'])}"
        reason = f"  {row['reason']}" if row["reason"] else ""
        texts.append(
            f"  {_ROLES[row['role']]}  {row['record_type']}  {row['record_key']}"
            f"{amount}{reason}"
        )
    return texts


def _target_text(found: Explanation, shown: Row) -> str:
    if shown["target"] is None:
        return "没有目标"
    text = f"{_number(shown['target'])} {found.indicator['unit']}"
    claim = found.target
    if not claim:
        return text
    return f"{text}，依据 {claim['document']} {claim['location']}：“{claim['quote']}”"


def _value_text(row: Row, unit: str) -> str:
    if row["value"] is None:
        reason = row.get("null_reason")
        return f"无（{_REASONS.get(reason or '', reason or '没有数据')}）"
    return f"{_number(row['value'])} {unit}"


def _number(value: float | None) -> str:
    """Return every digit: what is shown must not look better than it is."""
    return "——" if value is None else f"{value:,}".removesuffix(".0")


def _percent(share: float | None) -> str:
    return "——" if share is None else f"{_number(share * 100)} %"

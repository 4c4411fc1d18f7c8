"""Explain a payment: from the amount, as it is signed, down to the deduction sheets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import duckdb

from cityledger.errors import UsageError
from cityledger.explain import NothingPublishedError, Page
from cityledger.settings import Settings
from cityledger.versions import LEADERS

Row = dict[str, Any]

_INDENT: Final = "  "
# The measured parts, by the component or metric a reader may name.
_PARTS: Final = {"PUBLIC": "RATING", "公众满意度": "RATING"}


@dataclass(frozen=True)
class PaymentExplanation:
    """An amount with every line that leads to it."""

    card: Row
    lines: list[Row]
    records: list[Row]
    page: Page


def is_contractor(settings: Settings, code: str) -> bool:
    """Say whether what is published knows a contractor by this code."""
    path = settings.folders.published / LEADERS
    if not path.exists():
        return False
    with duckdb.connect(str(path), read_only=True) as marts:
        known = marts.execute(
            "select 1 from duckdb_tables() where table_name = 'contractor_score_lines'"
        ).fetchone()
        return bool(
            known
            and marts.execute(
                "select 1 from contractor_scores where contractor_code = ? limit 1",
                [code],
            ).fetchone()
        )


def explain(
    settings: Settings,
    contractor_code: str,
    month: str,
    part: str | None = None,
    page: Page | None = None,
) -> PaymentExplanation:
    """Find a contractor's month in what is published; `part` asks for its records."""
    path = settings.folders.published / LEADERS
    if not path.exists():
        raise NothingPublishedError("还没有发布过；请先运行 cityledger nightly")
    page = page or Page()
    with duckdb.connect(str(path), read_only=True) as marts:
        card = _card(marts, contractor_code, month)
        found = _rows(
            marts,
            "from contractor_score_lines where contractor_code = ? and month = ? "
            "order by line_number",
            [contractor_code, month],
        )
        records = _records(marts, card, found, part, page) if part else []
        return PaymentExplanation(card, found, records, page)


def lines(found: PaymentExplanation) -> list[str]:
    """Return the sheet as it would be signed."""
    texts = [*_head(found.card), ""]
    for line in found.lines:
        text = _TEXTS.get(line["step"], _plain)(line)
        texts.append(_INDENT * line["level"] + text)
    texts += ["", "计算：城账（系统）    审核：____________    批准：____________"]
    if found.records:
        texts += ["", *_record_lines(found)]
    elif any(line["step"] == "metric" for line in found.lines):
        texts += ["", "数据指标的记录：加 --part 指标名，例如 --part 案件按期处置率"]
    return texts


def _rows(marts: duckdb.DuckDBPyConnection, query: str, values: list[Any]) -> list[Row]:
    cursor = marts.execute(query, values)
    names = [column[0] for column in cursor.description or []]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _card(marts: duckdb.DuckDBPyConnection, code: str, month: str) -> Row:
    found = _rows(
        marts,
        "from contractor_scores where contractor_code = ? and month = ?",
        [code, month],
    )
    if found:
        return found[0]
    known = _rows(
        marts,
        "select contractor_code, month from contractor_scores order by all",
        [],
    )
    months = "、".join(row["month"] for row in known if row["contractor_code"] == code)
    if months:
        raise UsageError(f"合同单位 {code} 没有 {month} 的考核；可选：{months}")
    codes = "、".join(sorted({row["contractor_code"] for row in known}))
    raise UsageError(f"没有合同单位 {code}；可选：{codes}")


def _records(
    marts: duckdb.DuckDBPyConnection, card: Row, found: list[Row], part: str, page: Page
) -> list[Row]:
    """Return the records of a measured part, those that fall short first."""
    metrics = {
        line["label"]: line["module_id"] for line in found if line["step"] == "metric"
    }
    metrics |= {metric: metric for metric in metrics.values()} | _PARTS
    if part not in metrics:
        raise UsageError(f"没有考核项 {part}；可选：{'、'.join(metrics)}")
    return _rows(
        marts,
        "from contractor_records where contractor_code = ? and month = ? "
        "and metric_id = ? order by excluded_reason is not null, "
        "numerator < denominator desc, record_key limit ? offset ?",
        [
            card["contractor_code"],
            card["month"],
            metrics[part],
            page.size,
            (page.number - 1) * page.size,
        ],
    )


def _head(card: Row) -> list[str]:
    frozen = f"，{card['frozen_on']} 冻结" if card["frozen_on"] else ""
    texts = [
        f"环卫服务费付款计算单  {card['contractor_code']} {card['contractor_name']}  "
        f"{card['month']}（{card['stage']}{frozen}）",
        f"  考核方案：{card['scheme_version']}",
        f"  本月合计支付：{_money(card['to_pay_yuan'])} 元"
        f" = 当月应付 {_money(card['payable_yuan'])}"
        f" + 调整 {_money(card['adjustment_yuan'])}",
    ]
    if card["flags"]:
        texts.append(f"  提示：{'；'.join(card['flags'])}")
    return texts


def _plain(line: Row) -> str:
    return f"{line['label']}  {_amount(line)}"


def _payable(line: Row) -> str:
    if line["value"] is None:
        return f"{line['label']}  无（没有考核数据或服务费）"
    return (
        f"{line['label']}  {_money(line['value'])} 元 = "
        f"{_money(line['denominator'])} × (1 − {_number(line['numerator'])} %)"
    )


def _deduct(line: Row) -> str:
    if not line["unit_points"]:
        return _plain(line)
    return (
        f"{line['label']}  {_number(line['value'])} % = "
        f"{_number(line['numerator'])} % + "
        f"每分 {_number(line['unit_points'])} % × {_number(line['quantity'])} 分"
    )


def _event(line: Row) -> str:
    when = f"{line['happened_at']:%Y-%m-%d}" if line["happened_at"] else ""
    basis = " ".join(filter(None, (line["record_key"], when, line["note"])))
    return f"{line['label']}  {_amount(line)}  〔{basis}〕"


def _score(line: Row) -> str:
    grade = f" → {line['note']}" if line["note"] else ""
    return f"{line['label']}  {_amount(line)}{grade}"


def _component(line: Row) -> str:
    share = _share(line)
    rate = _rate(line) if line["denominator"] else ""
    return f"{line['label']}  {share}{rate}"


def _module(line: Row) -> str:
    if line["value"] is None:
        return f"{line['label']}  {_share(line)}"
    return (
        f"{line['label']}  {_share(line)}；{line['record_count']} 张表"
        f"共扣 {_number(line['numerator'])}，分值共 {_number(line['denominator'])}"
    )


def _metric(line: Row) -> str:
    return f"{line['label']}  {_share(line)}{_rate(line)}"


def _share(line: Row) -> str:
    weight = f"权重 {_number(line['weight'])}"
    if line["value"] is None:
        return f"不计（{line['note']}，{weight} 由其余部分分担）"
    note = f"，{line['note']}" if line["note"] else ""
    used = _number(line["weight_used"] * 100)
    return f"{_number(line['value'])} 分 × {used} %（{weight}{note}）"


def _rate(line: Row) -> str:
    if not line["denominator"]:
        return ""
    rate = line["numerator"] / line["denominator"] * 100
    return (
        f"；{_number(line['numerator'])} / {_number(line['denominator'])}"
        f" = {_number(rate)} %，{line['record_count']} 条记录"
    )


def _sheet(line: Row) -> str:
    note = f"  {line['note']}" if line["note"] else ""
    place = line["label"] or ""
    return (
        f"{line['happened_at']:%m-%d %H:%M}  {line['record_key']}  {place}"
        f"  扣 {_number(line['value'])} / {_number(line['weight'])}{note}"
    )


def _deduction(line: Row) -> str:
    if line["unit_points"] is None:
        return f"{line['record_key']}  {line['label']}  不计（{line['note']}）"
    factors = [f"{_number(line['quantity'])}（{line['unit']}）"]
    factors.append(_number(line["unit_points"]))
    for name, word in (("repeat_multiplier", "重复"), ("overdue_multiplier", "逾期")):
        if line[name] != 1:
            factors.append(f"{word} {_number(line[name])}")
    sum_ = f"= {_number(line['value'])}，单项上限 {_number(line['weight'])}"
    result = f"不计（{line['note']}）" if line["note"] else sum_
    return f"{line['record_key']}  {line['label']}  {' × '.join(factors)} {result}"


def _adjustment(line: Row) -> str:
    return (
        f"{line['label']} {line['record_key']}  {_money(line['value'])} 元 = "
        f"现应付 {_money(line['numerator'])} − 已付 {_money(line['denominator'])}"
        "（冻结后的变动）"
    )


_TEXTS: Final[dict[str, Callable[[Row], str]]] = {
    "payable": _payable,
    "deduct": _deduct,
    "penalty": _event,
    "score": _score,
    "component": _component,
    "module": _module,
    "metric": _metric,
    "sheet": _sheet,
    "deduction": _deduction,
    "bonus_event": _event,
    "adjustment": _adjustment,
}


def _record_lines(found: PaymentExplanation) -> list[str]:
    first = (found.page.number - 1) * found.page.size + 1
    texts = [f"记录（第 {first} 至 {first + len(found.records) - 1} 条，不足的在前）："]
    for row in found.records:
        why = row["excluded_reason"] and f"剔除：{row['excluded_reason']}"
        note = "  ".join(filter(None, (why, row["note"])))
        texts.append(
            f"  {row['record_type']}  {row['record_key']}  "
            f"{_number(row['numerator'])} / {_number(row['denominator'])}  {note}"
        )
    return texts


def _amount(line: Row) -> str:
    if line["value"] is None:
        return "无"
    if line["unit"] == "元":
        return f"{_money(line['value'])} 元"
    return f"{_number(line['value'])} {line['unit']}"


def _money(value: Any) -> str:  # noqa: ANN401 - a decimal or a double
    return "无" if value is None else f"{value:,.2f}"


def _number(value: float | None) -> str:
    """Return a number to four decimals, without the zeros that say nothing."""
    if value is None:
        return "无"
    text = f"{value:,.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text

"""A payment is explained from the amount down to the sheets, as it would be signed."""

from pathlib import Path

import duckdb
import pytest
from marts_by_hand import settings_in

from cityledger import explain_payment, score_ledger
from cityledger.errors import UsageError
from cityledger.explain import NothingPublishedError, Page
from cityledger.settings import Settings
from cityledger.versions import LEADERS

CARD = {
    "contractor_code": "H1",
    "contractor_name": "甲公司",
    "month": "2025-05",
    "score": 84.0,
    "fee_yuan": 1000000,
    "payable_yuan": 945000,
    "adjustment_yuan": -1200.5,
    "to_pay_yuan": 943799.5,
    "flags": ["申诉中"],
    "scheme_version": "S-1",
    "stage": "初报",
}
LINES: list[dict[str, object]] = [
    {
        "level": 0,
        "step": "payable",
        "label": "当月应付",
        "value": 945000,
        "unit": "元",
        "numerator": 5.5,
        "denominator": 1000000,
    },
    {"level": 1, "step": "fee", "label": "月服务费", "value": 1000000, "unit": "元"},
    {
        "level": 1,
        "step": "deduct",
        "label": "得分扣减",
        "value": 3.5,
        "numerator": 2.5,
        "unit_points": 1,
        "quantity": 1,
    },
    {
        "level": 2,
        "step": "penalty",
        "label": "P1 县级通报",
        "value": 2,
        "unit": "%",
        "record_key": "E1",
        "happened_at": "2025-05-09",
        "note": "通报〔5〕号",
    },
    {
        "level": 1,
        "step": "score",
        "label": "得分",
        "value": 84,
        "unit": "分",
        "note": "基本合格",
    },
    {
        "level": 2,
        "step": "component",
        "label": "公众满意度",
        "weight": 0.1,
        "note": "评价不足",
    },
    {
        "level": 3,
        "step": "module",
        "module_id": "QS",
        "label": "道路清扫保洁",
        "value": 90,
        "weight": 30,
        "weight_used": 1 / 3,
        "record_count": 3,
        "numerator": 9,
        "denominator": 90,
    },
    {
        "level": 4,
        "step": "sheet",
        "record_key": "S1",
        "label": "人民路",
        "value": 4,
        "weight": 30,
        "happened_at": "2025-05-09 08:00:00",
        "note": "申诉中",
    },
    {
        "level": 5,
        "step": "deduction",
        "record_key": "D1",
        "label": "QS02 垃圾",
        "value": 4,
        "unit": "每处",
        "weight": 6,
        "quantity": 2,
        "unit_points": 0.5,
        "repeat_multiplier": 2,
        "overdue_multiplier": 2,
    },
    {
        "level": 5,
        "step": "deduction",
        "record_key": "D2",
        "label": "ZZ01",
        "note": "扣分项不在当月方案",
    },
    {
        "level": 3,
        "step": "metric",
        "module_id": "TICKETS",
        "label": "磅单完整率",
        "value": 50,
        "weight": 0.2,
        "weight_used": 1,
        "record_count": 20,
        "numerator": 19,
        "denominator": 20,
    },
    {
        "level": 0,
        "step": "adjustment",
        "label": "调整",
        "record_key": "2025-04",
        "value": -1200.5,
        "numerator": 900,
        "denominator": 2100.5,
    },
]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = settings_in(tmp_path)
    found.folders.published.mkdir(parents=True)
    with duckdb.connect(str(found.folders.published / LEADERS)) as marts:
        marts.execute(
            "create schema ops; create table contractor_records ("
            "contractor_code varchar, month varchar, metric_id varchar, "
            "record_type varchar, record_key varchar, numerator double, "
            "denominator double, excluded_reason varchar, note varchar)"
        )
        score_ledger.write(marts, found.folders)
        marts.execute("create table contractor_scores as from ops.score_ledger")
        marts.execute(
            "create table contractor_score_lines as from ops.score_ledger_lines"
        )
        fill(marts, "contractor_scores", [CARD])
        place = {"contractor_code": "H1", "month": "2025-05"}
        numbered = [
            place | {"line_number": number} | line
            for number, line in enumerate(LINES, start=1)
        ]
        fill(marts, "contractor_score_lines", numbered)
        ticket = place | {
            "metric_id": "TICKETS",
            "record_type": "ticket",
            "denominator": 1,
        }
        fill(
            marts,
            "contractor_records",
            [
                ticket | {"record_key": "F1/1", "numerator": 1},
                ticket | {"record_key": "F1/2", "numerator": 0, "note": "补录"},
                ticket
                | {"record_key": "F1/3", "numerator": 0, "excluded_reason": "作废"},
            ],
        )
    return found


def fill(
    marts: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]]
) -> None:
    for row in rows:
        names, marks = ", ".join(row), ", ".join("?" for _ in row)
        marts.execute(
            f"insert into {table} ({names}) values ({marks})",  # noqa: S608 - our own
            list(row.values()),
        )


def text(settings: Settings, part: str | None = None) -> list[str]:
    found = explain_payment.explain(settings, "H1", "2025-05", part, Page(1, 2))
    return explain_payment.lines(found)


def test_every_step_from_the_amount_to_a_deduction_can_be_checked_by_hand(
    settings: Settings,
) -> None:
    shown = text(settings)

    assert shown[2] == (
        "  本月合计支付：943,799.50 元 = 当月应付 945,000.00 + 调整 -1,200.50"
    )
    assert shown[3] == "  提示：申诉中"
    assert shown[5:17] == [
        "当月应付  945,000.00 元 = 1,000,000.00 × (1 − 5.5 %)",
        "  月服务费  1,000,000.00 元",
        "  得分扣减  3.5 % = 2.5 % + 每分 1 % × 1 分",
        "    P1 县级通报  2 %  〔E1 2025-05-09 通报〔5〕号〕",
        "  得分  84 分 → 基本合格",
        "    公众满意度  不计（评价不足，权重 0.1 由其余部分分担）",
        "      道路清扫保洁  90 分 × 33.3333 %（权重 30）；3 张表共扣 9，分值共 90",
        "        05-09 08:00  S1  人民路  扣 4 / 30  申诉中",
        "          D1  QS02 垃圾  2（每处） × 0.5 × 重复 2 × 逾期 2 = 4，单项上限 6",
        "          D2  ZZ01  不计（扣分项不在当月方案）",
        "      磅单完整率  50 分 × 100 %（权重 0.2）；19 / 20 = 95 %，20 条记录",
        "调整 2025-04  -1,200.50 元 = 现应付 900.00 − 已付 2,100.50（冻结后的变动）",
    ]


@pytest.mark.parametrize("part", ["磅单完整率", "TICKETS"])
def test_records_that_fall_short_come_first(settings: Settings, part: str) -> None:
    assert text(settings, part)[-3:] == [
        "记录（第 1 至 2 条，不足的在前）：",
        "  ticket  F1/2  0 / 1  补录",
        "  ticket  F1/1  1 / 1  ",
    ]


def test_what_does_not_exist_is_said_in_words(settings: Settings) -> None:
    assert explain_payment.is_contractor(settings, "H1")
    assert not explain_payment.is_contractor(settings, "H9")
    with pytest.raises(UsageError, match="没有合同单位 H9；可选：H1"):
        explain_payment.explain(settings, "H9", "2025-05")
    with pytest.raises(UsageError, match="没有 2025-06 的考核；可选：2025-05"):
        explain_payment.explain(settings, "H1", "2025-06")
    with pytest.raises(UsageError, match="没有考核项 洒水"):
        text(settings, "洒水")


def test_before_the_first_night_there_is_nothing_to_explain(tmp_path: Path) -> None:
    empty = settings_in(tmp_path)

    assert not explain_payment.is_contractor(empty, "H1")
    with pytest.raises(NothingPublishedError):
        explain_payment.explain(empty, "H1", "2025-05")

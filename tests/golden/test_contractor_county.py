"""Contractors of a simulated county: every card equals one counted by hand.

Two nights. The first freezes April. Then the county writes a scheme for June, another
that would reach back to April, and an inspector sends April's sheets again.
"""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from simulator.parameters import CountyParameters
from simulator.serve import RunningCounty, run_county
from tests.golden.contractor_oracle import Card, Contractors, read_scheme
from tests.golden.oracle import Oracle
from tests.golden.small_county import workbook

ROOT = Path(__file__).parents[2]
DEFAULT = ROOT / "schemes" / "ZS-HW-DEFAULT-1.yaml"
START = date(2025, 4, 10)
FREEZE_OF_APRIL = date(2025, 5, 12)
LAST = date(2025, 6, 4)
SLACK = 1e-9
OF_MAY = {
    'valid_from: "2000-01"': 'valid_from: "2025-05"',
    "min_valid_ratings: 30": "min_valid_ratings: 1",
}
OF_JUNE = {
    'valid_from: "2000-01"': 'valid_from: "2025-06"',
    "scheme_id: ZS-HW-DEFAULT-1": "scheme_id: 县定方案",
    "min_valid_ratings: 30": "min_valid_ratings: 1",
    "same_item_same_place: 2.0": "same_item_same_place: 3",
    "per_sheet_module_floor: 0": "per_sheet_module_floor: 2",
    "zero_at: 70": "zero_at: 20",
    "per_point: 1.5": "per_point: 1.4",
    "{file_within_workdays: 2": "{file_within_workdays: 1",
}
TOO_LATE = {
    'valid_from: "2000-01"': 'valid_from: "2025-01"',
    "total_cap_pct: 30": "total_cap_pct: 10",
}


@dataclass
class TwoNights:
    """What was published on each, and the same by hand."""

    data: Path
    first: dict[tuple[str, str], dict]
    first_by_hand: dict[tuple[str, str], Card]
    second: dict[tuple[str, str], dict]
    second_by_hand: dict[tuple[str, str], Card]

    def ask(self, query: str) -> list[tuple]:
        """Ask what the second night has published."""
        published = self.data / "published" / "leaders.duckdb"
        with duckdb.connect(str(published), read_only=True) as marts:
            return marts.execute(query).fetchall()


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TwoNights]:
    home = Path(tmp_path_factory.mktemp("county"))
    data, schemes = home / "data", home / "data" / "schemes"
    parameters = CountyParameters(
        start=START, end=LAST, scale=0.02, seed=3, every_version=True
    )
    with run_county(parameters, home, until=FREEZE_OF_APRIL) as running:
        oracle = follow(running)
        default = read_scheme(DEFAULT)
        of_may = read_scheme(write_scheme(schemes / "may.yaml", OF_MAY))
        first = night(running, oracle, data, FREEZE_OF_APRIL)
        by_hand = Contractors(oracle.night(FREEZE_OF_APRIL), [default, of_may]).cards()
        find_far_more(running.landing_dir / "inspections" / "inspections_202504.xlsx")
        of_june = read_scheme(write_scheme(schemes / "june.yaml", OF_JUNE))
        write_scheme(schemes / "late.yml", TOO_LATE)
        second = night(running, oracle, data, LAST)
        again = Contractors(oracle.night(LAST), [default, of_may, of_june]).cards()
        yield TwoNights(data, first, by_hand, second, again)


def follow(running: RunningCounty) -> Oracle:
    where = running.environment
    return Oracle(
        where["CASES_API_URL"],
        where["CASES_API_TOKEN"],
        where["LANDING_DIR"],
        where["LIGHTING_DSN"],
    )


def night(
    running: RunningCounty, oracle: Oracle, data: Path, day: date
) -> dict[tuple[str, str], dict]:
    """Run a night and return the scores it has published."""
    running.advance_to(day)
    oracle.observe(day)
    command = Path(sys.executable).parent / "cityledger"
    environment = {**os.environ, **running.environment, "DATA_DIR": str(data)}
    done = subprocess.run(
        [command, "nightly", "--date", str(day)],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode in (0, 5), done.stderr + done.stdout
    published = data / "published" / "leaders.duckdb"
    with duckdb.connect(str(published), read_only=True) as marts:
        cursor = marts.execute("from contractor_scores")
        names = [column[0] for column in cursor.description or []]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {(row["contractor_code"], row["month"]): row for row in rows}


def write_scheme(path: Path, changes: Mapping[str, str]) -> Path:
    words = DEFAULT.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert old in words
        words = words.replace(old, new)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(words, encoding="utf-8")
    return path


def find_far_more(path: Path) -> None:
    """Send a month's inspections again, every second quantity forty times as large."""
    book = CalamineWorkbook.from_path(str(path))
    sheets = {
        name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names
    }
    quantity = sheets["扣分明细"][0].index("数量")
    for row in sheets["扣分明细"][1::2]:
        row[quantity] = 40
    path.write_bytes(workbook(sheets))


def differences(
    ours: Mapping[tuple, dict], theirs: Mapping[tuple, Card]
) -> list[tuple]:
    return [
        (key, name, shown, counted)
        for key in sorted(ours.keys() | theirs.keys())
        for name, shown, counted in _pairs(ours.get(key), theirs.get(key))
        if not _same(shown, counted)
    ]


def _pairs(ours: dict | None, card: Card | None) -> Iterator[tuple]:
    if ours is None or card is None:
        yield "row", ours, card
        return
    for part, value in card.parts.items():
        yield part, ours[part.lower()], value
    yield "bonus", ours["bonus"], card.bonus
    yield "score", ours["score"], card.score
    yield "grade", ours["grade"], card.grade
    yield "fee", ours["fee_yuan"], card.fee
    yield "deduct", ours["deduct_pct"], card.deduct
    yield "direct", ours["direct_pct"], card.direct
    yield "payable", ours["payable_yuan"], card.payable
    yield "final", ours["stage"] == "终报", card.is_final
    flags = ours["flags"]
    yield "appealed", "申诉中" in flags, card.is_appealed
    for word, modules in (("未检查", card.unchecked), ("检查不足", card.short)):
        named = {f.split("：")[1][:2] for f in flags if f.startswith(word)}
        yield word, named, modules


def _same(shown: object, counted: object) -> bool:
    if isinstance(counted, Decimal):
        return shown is not None and Decimal(str(shown)) == counted
    if isinstance(counted, Fraction):
        return shown is not None and abs(float(shown) - float(counted)) < SLACK
    return shown == counted


def test_every_card_of_the_first_night_equals_one_counted_by_hand(
    county: TwoNights,
) -> None:
    assert any(row["score"] for row in county.first.values())
    assert differences(county.first, county.first_by_hand) == []


def test_open_months_follow_the_scheme_of_their_time(county: TwoNights) -> None:
    ours = {k: row for k, row in county.second.items() if k[1] != "2025-04"}
    theirs = {k: card for k, card in county.second_by_hand.items() if k[1] != "2025-04"}

    versions = {(row["month"], row["scheme_version"]) for row in ours.values()}

    assert differences(ours, theirs) == []
    assert any(row["public"] is not None for row in ours.values())
    assert versions == {
        ("2025-05", "ZS-HW-DEFAULT-1@2025-05"),
        ("2025-06", "县定方案"),
    }


def test_a_frozen_month_stays_as_it_was_signed(county: TwoNights) -> None:
    april = {k: row for k, row in county.first.items() if k[1] == "2025-04"}

    assert all(row["frozen_on"] == FREEZE_OF_APRIL for row in april.values())
    assert {k: county.second[k] for k in april} == april


def test_what_was_found_after_the_freeze_is_settled_in_the_first_open_month(
    county: TwoNights,
) -> None:
    expected = {
        (contractor, card.payable - county.first[contractor, month]["payable_yuan"])
        for (contractor, month), card in county.second_by_hand.items()
        if month == "2025-04" and card.payable is not None
    }

    carried = county.ask(
        "select contractor_code, adjustment_yuan from contractor_adjustments "
        "where month = '2025-04' and carried_by_month = '2025-05'"
    )
    lines = county.ask(
        "select contractor_code, cast(value as decimal(14, 2)) "
        "from contractor_score_lines where month = '2025-05' and step = 'adjustment'"
    )

    assert {pair for pair in expected if pair[1] != 0} == set(carried) == set(lines)
    assert any(difference < 0 for _, difference in carried)
    for contractor, difference in carried:
        row = county.second[contractor, "2025-05"]
        assert row["adjustment_yuan"] == difference
        assert row["to_pay_yuan"] == row["payable_yuan"] + difference


def test_the_lines_lead_from_the_amount_to_the_sheets(county: TwoNights) -> None:
    amounts = county.ask(
        "select contractor_code, month, cast(value as decimal(14, 2)) "
        "from contractor_score_lines where step = 'payable'"
    )
    not_adding_up = county.ask(
        "select module.contractor_code, module.month, module.component_id, "
        "module.module_id, max(module.numerator), sum(sheet.value) "
        "from contractor_score_lines as module "
        "inner join contractor_score_lines as sheet "
        "using (contractor_code, month, component_id, module_id) "
        "where module.step = 'module' and sheet.step = 'sheet' group by all "
        "having abs(max(module.numerator) - sum(sheet.value)) > 1e-9"
    )
    deductions = county.ask(
        "select count(*) from contractor_score_lines where step = 'deduction'"
    )

    assert {(c, m): amount for c, m, amount in amounts} == {
        key: row["payable_yuan"] for key, row in county.second.items()
    }
    assert not_adding_up == []
    assert deductions[0][0] > 50

"""Sanitation: sweeping_*.xlsx, what each contractor says it swept on a day."""

import random
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from simulator.county import County
from simulator.deliveries import LONGEST_DELAY, Delivery, deliveries, owners_of
from simulator.drops import Content, Drop
from simulator.lines import Line, received, surround
from simulator.planted import RULES, Planted, rule_in_turn
from simulator.roads import Segment, holders, segments
from simulator.workbook import (
    Cell,
    ErrorCell,
    Sheet,
    Uncomputed,
    in_full,
    in_short,
    with_slashes,
    workbook,
)

SHEET = "作业日报"
COLUMNS = (
    "日期", "路段编码", "作业方式", "应作业趟次", "实际趟次", "覆盖率", "车牌号", "备注"
)  # fmt: skip


def drops(county: County, day: date) -> Iterator[Drop]:
    """Return the sweeping reports that arrive on a day."""
    for business_day in county.days(since=day - LONGEST_DELAY, until=day):
        for contractor in owners_of(county, "sanitation", business_day):
            for delivery in deliveries(county, "sanitation", contractor, business_day):
                if delivery.day == day:
                    yield _drop(county, contractor, business_day, delivery)


def path_of(contractor: str, day: date) -> str:
    """Return a report's place in the landing folder."""
    return f"sanitation/{contractor}/sweeping_{day:%Y%m%d}.xlsx"


def _drop(county: County, contractor: str, day: date, delivery: Delivery) -> Drop:
    return Drop(
        path_of(contractor, day),
        delivery.day,
        partial(_content, county, contractor, day, delivery),
    )


def _content(county: County, contractor: str, day: date, delivery: Delivery) -> Content:
    path = path_of(contractor, day)
    lines = _lines(county, contractor, day)
    if delivery.state == "refused":
        rng = county.dice("refusal", path)
        data = _unreadable([line.cells for line in lines], rng)
        refusal = Planted("sanitation", "files", "C10", delivery.day, file=path)
        return Content(lambda: data, {"sweeping": 0}, [refusal])
    if delivery.state == "partial":
        lines = lines[: max(1, len(lines) * 2 // 3)]
    if delivery.state == "corrected":
        _correct(lines)
    if county.parameters.dirt:
        rng = county.dice("bystanders", path)
        surround(lines, COLUMNS, ("应作业趟次", "实际趟次"), rng)
    planted = [
        Planted(
            "sanitation",
            "sweeping",
            line.rule,
            delivery.day,
            key=str(line.cells.get("路段编码")),
            file=path,
            sheet=SHEET,
            line=number,
            note=line.note,
        )
        for number, line in enumerate(lines, start=2)
        if line.rule
    ]
    return Content(
        lambda: _write(county, contractor, lines),
        {"sweeping": received(lines)},
        planted,
    )


def _write(county: County, contractor: str, lines: list[Line]) -> bytes:
    """Write lines in the hand of the contractor: dates, shares and spare columns."""
    habits = county.dice("habits", contractor)
    real_dates = habits.random() < 0.5
    has_cover = habits.random() < 0.4
    columns: tuple[str, ...] = COLUMNS
    rows, write_date = [line.cells for line in lines], in_full
    if county.parameters.dirt:
        write_date = habits.choice((in_full, with_slashes, in_short))
        if habits.random() < 0.5:
            rows = [_in_percent(row) for row in rows]
        if habits.random() < 0.5:
            columns = (*COLUMNS, "备用", "备用")
    sheet = Sheet(SHEET, columns, rows)
    cover = Sheet("说明", ("填报单位",), [{"填报单位": contractor}])
    sheets = (cover, sheet) if has_cover else (sheet,)
    return workbook(*sheets, write_date=None if real_dates else write_date)


def _in_percent(row: dict[str, Cell]) -> dict[str, Cell]:
    share = row.get("覆盖率")
    return row | {"覆盖率": f"{share:.0%}"} if isinstance(share, float) else row


def _lines(county: County, contractor: str, day: date) -> list[Line]:
    rng = county.dice("sweeping", contractor, day)
    held = holders(county, day)
    own = [s for s in segments(county) if held[s.segment_id] == contractor]
    lines = [
        Line(cells) for segment in own for cells in _reports(county, segment, day, rng)
    ]
    others = [code for code, holder in held.items() if holder != contractor]
    foreign = rng.choice(others) if others else "LD-不存在"
    rule = rule_in_turn(county, "sweeping", day)
    if rule and contractor == _contractor_in_turn(held, day):
        _break(lines, rule, day, rng, foreign)
    for _ in lines[:]:
        if rng.random() < county.parameters.dirt:
            _break(lines, rng.choice(RULES["sweeping"]), day, rng, foreign)
    return lines


def _contractor_in_turn(held: dict[str, str], day: date) -> str:
    """Return one of those that hold roads: another one every day."""
    owners = sorted(set(held.values()))
    return owners[day.toordinal() % len(owners)]


def _reports(
    county: County, segment: Segment, day: date, rng: random.Random
) -> list[dict[str, Cell]]:
    """Return what was done on a segment: by machine, and by hand where due."""
    required = segment.required_passes
    if rng.random() < 0.004:
        return []
    done = max(0, required + rng.choices((-2, -1, 0, 1), (1, 3, 88, 8))[0])
    coverage = rng.choices((1.0, 0.97, 0.93, 0.9, 0.89, 0.6), (50, 25, 15, 5, 3, 2))[0]
    plate = f"{county.shape.plate}H{rng.randint(1, 40):04d}"
    base: dict[str, Cell] = {
        "日期": day,
        "路段编码": segment.segment_id,
        "作业方式": "机械",
        "应作业趟次": required,
        "实际趟次": done,
        "覆盖率": coverage,
        "车牌号": plate,
        "备注": None,
    }
    by_hand = base | {"作业方式": "人工", "实际趟次": 1, "覆盖率": 1.0, "车牌号": None}
    if required == 0:
        return [by_hand]
    if done > 1 and rng.random() < 0.1:
        early = base | {"实际趟次": 1}
        late = base | {"实际趟次": done - 1, "备注": "二班"}
        return [early, late, by_hand]
    return [base, by_hand] if rng.random() < 0.5 else [base]


def _break(
    lines: list[Line], rule: str, day: date, rng: random.Random, foreign: str
) -> None:
    """Break a line by a rule; `foreign` is a segment that another contractor holds."""
    clean = [line for line in lines if line.rule is None]
    if not clean:
        return
    line = rng.choice(clean)
    column, value = {
        "C01": ("路段编码", rng.choice(("LD-不存在", foreign))),
        "C02": rng.choice(
            (
                ("覆盖率", 1.2),
                ("实际趟次", -1),
                ("应作业趟次", "两趟"),
                ("实际趟次", ErrorCell("#VALUE!")),
                ("覆盖率", Uncomputed("=E2/D2")),
                ("应作业趟次", None),
            )
        ),
        "C03": rng.choice(
            (
                ("日期", day - timedelta(days=1)),
                ("日期", day - timedelta(days=30)),
                ("日期", ErrorCell("#REF!")),
            )
        ),
        "C04": ("作业方式", "混合"),
    }[rule]
    line.cells = line.cells | {column: value}
    line.rule, line.note = rule, f"{column}={value}"


def _correct(lines: list[Line]) -> None:
    for line in [line for line in lines if line.rule is None][:2]:
        line.cells = line.cells | {"覆盖率": 0.95, "备注": "更正"}


def _unreadable(rows: list[dict[str, Cell]], rng: random.Random) -> bytes:
    """Return a report to be refused: torn, under another sheet, or short a column."""
    columns = tuple(column for column in COLUMNS if column != "覆盖率")
    torn = workbook(Sheet(SHEET, COLUMNS, rows))[:600]
    other_sheet = workbook(Sheet("Sheet1", COLUMNS, rows))
    short = workbook(Sheet(SHEET, columns, rows))
    return rng.choice((torn, other_sheet, short))

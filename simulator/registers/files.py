"""Files: {register}_{YYYYMM}.xlsx, on time, late, again, or never."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from simulator.county import County
from simulator.drops import Content, Drop
from simulator.lines import Line, received, surround
from simulator.months import last_of_month, months_between
from simulator.planted import Planted
from simulator.registers import office, units
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

Row = dict[str, Cell]

REGISTERS: dict[str, Callable[[County, date], list[Row]]] = {
    "ad_facilities": units.ad_facilities,
    "frontage_units": units.frontage_units,
    "residential_compounds": units.residential_compounds,
    "institutions": units.institutions,
    "equipment": office.equipment,
    "assessment_objects": office.assessment_objects,
    "supervision_items": office.supervision_items,
    "construction_waste": units.construction_waste,
    "toilets": units.toilets,
    "green_survey": office.green_survey,
    "staffing": office.staffing,
    "parking": office.parking,
    "contract_events": office.contract_events,
    "department_inspections": office.department_inspections,
    "department_adjustments": office.department_adjustments,
    "plan_projects": office.plan_projects,
}
# Columns of registers that may have no row at all in a month.
_EMPTY = {
    "supervision_items": (
        "事项编号", "来源", "标题", "牵头单位", "交办时间", "期限", "验收时间", "状态"
    ),
    "contract_events": (
        "事件编号", "合同单位", "类型", "发生日期", "依据", "审批人"
    ),
    "department_inspections": ("单位编码", "得分", "检查次数"),
    "department_adjustments": ("单位编码", "加减分", "依据", "审批人"),
}  # fmt: skip
_WRONG: dict[str, tuple[Cell, ...]] = {
    "E02": ("待核", ErrorCell("#REF!"), ErrorCell("#N/A"), Uncomputed("=TODAY()")),
    "E03": ("不清楚",),
    "E04": ("999999999000",),
}
# Where a note can only break a rule, and so is told from a record.
_WITH_NOTES = (
    "ad_facilities", "frontage_units", "residential_compounds", "institutions",
    "equipment", "construction_waste", "toilets",
)  # fmt: skip
_UNITS = {"产生量kg": "kg", "就地利用量kg": "kg"}
_FULL_WIDTH = str.maketrans("0123456789,", "０１２３４５６７８９，")
_NEVER_LOST = ("construction_waste", "green_survey", "staffing", "parking")
# Which register breaks a rule: they take turns, month by month; and in what column.
_SOILED: dict[str, tuple[tuple[str, str], ...]] = {
    "E01": (("ad_facilities", ""), ("frontage_units", ""), ("toilets", "")),
    "E02": (
        ("residential_compounds", "户数"),
        ("ad_facilities", "许可起"),
        ("construction_waste", "产生量kg"),
        ("frontage_units", "最近检查日期"),
    ),
    "E03": (("frontage_units", "类型"), ("institutions", "检查结果")),
    "E04": (("institutions", "乡镇编码"), ("toilets", "乡镇编码")),
    "E10": (("equipment", ""), ("toilets", ""), ("institutions", "")),
}


@dataclass(frozen=True)
class _Sending:
    day: date
    state: str


def drops(county: County, day: date) -> Iterator[Drop]:
    """Return the registers that arrive on a day."""
    for month in months_between(day - timedelta(days=62), day):
        if last_of_month(month) < county.start:
            continue
        for register in REGISTERS:
            if not is_due(county, register, month):
                continue
            for sending in _sendings(county, register, month):
                if sending.day == day:
                    yield _drop(county, register, month, sending)


def is_due(county: County, register: str, month: date) -> bool:
    """Say whether a register is kept for a month."""
    if register in county.shape.absent_registers:
        return False
    if register == "green_survey":
        return month.month == 1
    if register in ("staffing", "parking"):
        return month.month % 3 == 0
    return True


def _sendings(county: County, register: str, month: date) -> list[_Sending]:
    rng = county.dice("register", register, month)
    parameters = county.parameters
    if register not in _NEVER_LOST and rng.random() < parameters.missing:
        return []
    end = last_of_month(month)
    late = rng.random() < 5 * parameters.late
    first = end + timedelta(days=rng.choice((1, 2, 3, 12)) if late else 0)
    if parameters.dirt and register == _in_turn(month, "E10")[0]:
        return [
            _Sending(first, "refused"),
            _Sending(first + timedelta(days=2), "whole"),
        ]
    sendings = [_Sending(first, "whole")]
    if rng.random() < 2 * parameters.resent:
        again = first + timedelta(days=rng.randint(1, 20))
        sendings.append(_Sending(again, "corrected"))
    return sendings


def _in_turn(month: date, rule: str) -> tuple[str, str]:
    """Return the register and column whose turn it is to break a rule."""
    turns = _SOILED[rule]
    return turns[(12 * month.year + month.month) % len(turns)]


def _drop(county: County, register: str, month: date, sending: _Sending) -> Drop:
    path = f"registers/{register}_{month:%Y%m}.xlsx"
    return Drop(
        path,
        sending.day,
        partial(_content, county, register, month, sending),
    )


def _content(county: County, register: str, month: date, sending: _Sending) -> Content:
    path = f"registers/{register}_{month:%Y%m}.xlsx"
    rows = REGISTERS[register](county, month)
    columns = tuple(rows[0]) if rows else _EMPTY[register]
    if sending.state == "refused":
        data = _unreadable(register, columns, rows, month)
        refusal = Planted("registers", "files", "E10", sending.day, file=path)
        return Content(lambda: data, {"register_rows": 0}, [refusal])
    if sending.state == "corrected" and len(rows) > 3:
        del rows[-1]
    broken = _soil(county, register, month, rows) if county.parameters.dirt else {}
    lines = [Line(row, broken.get(index)) for index, row in enumerate(rows)]
    if county.parameters.dirt and register in _WITH_NOTES:
        rng = county.dice("bystanders", path)
        surround(lines, columns, _summed(rows), rng)
    planted = [
        Planted(
            "registers",
            register,
            line.rule,
            sending.day,
            key=str(line.cells[columns[0]] or "") or None,
            file=path,
            sheet=register,
            line=number,
        )
        for number, line in enumerate(lines, start=2)
        if line.rule
    ]
    return Content(
        lambda: _write(county, register, columns, lines),
        {"register_rows": received(lines)},
        planted,
    )


def _summed(rows: list[Row]) -> tuple[str, ...]:
    """Name the columns of a register that its office adds up."""
    return tuple(
        name
        for name, cell in rows[0].items()
        if isinstance(cell, int | float) and "得分" not in name
    )


def _write(
    county: County, register: str, columns: tuple[str, ...], lines: list[Line]
) -> bytes:
    """Write lines in the hand of the office: dates, numbers and spare columns."""
    habits = county.dice("register-habits", register)
    real_dates = habits.random() < 0.5
    rows, write_date = [line.cells for line in lines], in_full
    if county.parameters.dirt:
        write_date = habits.choice((in_full, with_slashes, in_short))
        style = habits.choice(("plain", "thousands", "full-width"))
        rows = [
            {name: _number(name, cell, style) for name, cell in row.items()}
            for row in rows
        ]
        if habits.random() < 0.3:
            columns = (*columns, "备用", "备用")
    sheet = Sheet(register, columns, rows)
    extra = Sheet("填表说明", ("说明",), [{"说明": "月底时点数"}])
    return workbook(sheet, extra, write_date=None if real_dates else write_date)


def _number(name: str, cell: Cell, style: str) -> Cell:
    """Write a number the way clerks type one; masses with their unit."""
    if not isinstance(cell, int) or style == "plain" or name == "年度":
        return cell
    text = f"{cell:,}{_UNITS.get(name, '')}"
    return text.translate(_FULL_WIDTH) if style == "full-width" else text


def _soil(
    county: County, register: str, month: date, rows: list[Row]
) -> dict[int, str]:
    """Break rows for the rules whose turn it is; return the rule by row."""
    broken: dict[int, str] = {}
    rng = county.dice("register-dirt", register, month)
    for rule in ("E02", "E03", "E04"):
        whose, column = _in_turn(month, rule)
        clean = [i for i in range(1, len(rows)) if i not in broken]
        if whose == register and clean:
            index = rng.choice(clean)
            rows[index] = rows[index] | {column: rng.choice(_WRONG[rule])}
            broken[index] = rule
    if _in_turn(month, "E01")[0] == register:
        rows.append(dict(rows[0]))
        broken[len(rows) - 1] = "E01"
    return broken


def _unreadable(
    register: str, columns: tuple[str, ...], rows: list[Row], month: date
) -> bytes:
    if month.month % 2:
        return random.Random(month.toordinal()).randbytes(900)
    return workbook(Sheet(register, columns[:-1], rows))

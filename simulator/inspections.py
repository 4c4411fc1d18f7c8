"""Inspections: inspections_*.xlsx, sent again and again as the month goes on."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial

from simulator.county import County
from simulator.deliveries import owners_of
from simulator.drops import Content, Drop
from simulator.lines import Line, received, surround
from simulator.months import first_of_month, last_of_month, months_between, next_month
from simulator.planted import Planted
from simulator.roads import segments
from simulator.workbook import Cell, ErrorCell, Sheet, workbook

SHEETS = "检查表"
DEDUCTIONS = "扣分明细"
_SHEET_COLUMNS = (
    "检查表编号", "合同单位", "类型", "检查时间", "地点", "乡镇编码", "检查模块",
    "检查人", "状态",
)  # fmt: skip
_DEDUCTION_COLUMNS = (
    "扣分编号", "检查表编号", "扣分项", "数量", "发现时间", "整改期限", "整改时间",
    "事实编号", "备注",
)  # fmt: skip
# Items of each module in the county's scheme.
MODULES = {"QS": 9, "JX": 5, "SY": 7, "GC": 5, "SB": 4, "TS": 4, "AQ": 4}
_MODULE_WEIGHTS = (8, 4, 8, 4, 2, 1, 2)
_SENT_ON = (7, 14, 21, 28)


@dataclass
class _Form:
    """A filled-in sheet; what a file says of it depends on the day it is sent."""

    cells: dict[str, Cell]
    made_on: date
    deductions: list[dict[str, Cell]] = field(default_factory=list)
    appealed_until: date | None = None
    verdict: str = "已确认"


def drops(county: County, day: date) -> Iterator[Drop]:
    """Return the inspection files that arrive on a day."""
    for month in months_between(day - timedelta(days=31), day):
        if day in _days_sent(month) and last_of_month(month) >= county.start:
            yield Drop(
                f"inspections/inspections_{month:%Y%m}.xlsx",
                day,
                partial(_content, county, month, day),
            )


def _days_sent(month: date) -> set[date]:
    following = next_month(month)
    during = {month.replace(day=number) for number in _SENT_ON}
    after = {following.replace(day=3), following.replace(day=8)}
    return during | after | {last_of_month(month)}


def _content(county: County, month: date, day: date) -> Content:
    path = f"inspections/inspections_{month:%Y%m}.xlsx"
    forms = [f for f in _forms(county, month) if f.made_on <= day]
    sheets = [Line(_as_sent(form, day)) for form in forms]
    deductions = [
        Line(_deduction_as_sent(cells, day))
        for form in forms
        for cells in form.deductions
    ]
    if county.parameters.dirt:
        _break(county, month, day, sheets, deductions)
        rng = county.dice("bystanders", path, day)
        surround(sheets, _SHEET_COLUMNS, (), rng)
        surround(deductions, _DEDUCTION_COLUMNS, ("数量",), rng)
    planted = [
        Planted(
            "inspections",
            table,
            line.rule,
            day,
            key=str(line.cells[columns[0]]),
            file=path,
            sheet=name,
            line=number,
        )
        for table, name, columns, lines in (
            ("sheets", SHEETS, _SHEET_COLUMNS, sheets),
            ("deductions", DEDUCTIONS, _DEDUCTION_COLUMNS, deductions),
        )
        for number, line in enumerate(lines, start=2)
        if line.rule
    ]
    return Content(
        lambda: workbook(
            Sheet(SHEETS, _SHEET_COLUMNS, [line.cells for line in sheets]),
            Sheet(DEDUCTIONS, _DEDUCTION_COLUMNS, [line.cells for line in deductions]),
        ),
        {
            "inspection_sheets": received(sheets),
            "inspection_deductions": received(deductions),
        },
        planted,
    )


def _as_sent(form: _Form, day: date) -> dict[str, Cell]:
    appealed = form.appealed_until
    if appealed is not None and form.made_on < day:
        return form.cells | {"状态": form.verdict if appealed <= day else "申诉中"}
    return dict(form.cells)


def _deduction_as_sent(cells: dict[str, Cell], day: date) -> dict[str, Cell]:
    rectified = cells["整改时间"]
    known = isinstance(rectified, datetime) and rectified.date() <= day
    return cells if known else cells | {"整改时间": None}


def _forms(county: County, month: date) -> list[_Form]:
    return county.remember(("forms", month), lambda: _fill_in(county, month))


def _fill_in(county: County, month: date) -> list[_Form]:
    forms = []
    for day in county.days(since=month, until=last_of_month(month)):
        for contractor in owners_of(county, "sanitation", day):
            rng = county.dice("inspection", contractor, day)
            if day.day == 25:
                forms.append(_form(county, contractor, day, "JOINT", rng))
            elif rng.random() < 0.75:
                forms.append(_form(county, contractor, day, "DAILY", rng))
    return forms


def _form(
    county: County, contractor: str, day: date, kind: str, rng: random.Random
) -> _Form:
    modules = list(MODULES)
    if kind == "DAILY":
        drawn = set(rng.choices(modules, _MODULE_WEIGHTS, k=rng.randint(1, 3)))
        modules = [module for module in modules if module in drawn]
    number = f"JC{contractor}{day:%Y%m%d}{kind[0]}"
    inspected_at = datetime.combine(day, time()) + timedelta(
        hours=rng.randint(7, 18), minutes=rng.randint(0, 59)
    )
    segment = rng.choice(segments(county))
    form = _Form(
        {
            "检查表编号": number,
            "合同单位": contractor,
            "类型": kind,
            "检查时间": inspected_at,
            "地点": segment.road_name,
            "乡镇编码": segment.community_code[:9] + "000",
            "检查模块": ",".join(modules),
            "检查人": rng.choice(("赵检查", "钱检查")),
            "状态": "已确认",
        },
        day,
    )
    for module in modules:
        for _ in range(rng.choices((0, 1, 2), (45, 40, 15))[0]):
            form.deductions.append(_deduction(form, module, inspected_at, rng))
    roll = rng.random()
    if roll < 0.06:
        form.appealed_until = day + timedelta(days=rng.randint(3, 9))
        form.verdict = "已撤销" if roll < 0.02 else "已确认"
    return form


def _deduction(
    form: _Form, module: str, found_at: datetime, rng: random.Random
) -> dict[str, Cell]:
    number = len(form.deductions) + 1
    late = rng.random() < 0.12
    # Some forms only name the day by which a fault is to be mended.
    mend_by: Cell = found_at + timedelta(hours=24)
    if number % 3 == 0:
        mend_by = found_at.date() + timedelta(days=1)
    hours = rng.uniform(26, 90) if late else rng.uniform(1, 23)
    shared = form.deductions and rng.random() < 0.08
    fact = form.deductions[-1]["事实编号"] if shared else None
    return {
        "扣分编号": f"{form.cells['检查表编号']}-{number:02d}",
        "检查表编号": form.cells["检查表编号"],
        "扣分项": f"{module}{rng.randint(1, MODULES[module]):02d}",
        "数量": rng.choices((1, 2, 3, 0.5), (70, 18, 8, 4))[0],
        "发现时间": found_at,
        "整改期限": mend_by,
        "整改时间": found_at + timedelta(seconds=round(hours * 3_600)),
        "事实编号": fact or f"{form.cells['检查表编号']}-S{number:02d}",
        "备注": None,
    }


def _break(
    county: County,
    month: date,
    day: date,
    sheets: list[Line],
    deductions: list[Line],
) -> None:
    """Add a row for each rule; the month's last file has two of them put right."""
    place = f"{month:%Y%m}"
    if day < next_month(month).replace(day=8) and sheets and deductions:
        foreign = sheets[0].cells | {"检查表编号": f"JC{place}X1", "合同单位": "HW99"}
        sheets.append(Line(foreign, "C21"))
        orphan = deductions[0].cells | {
            "扣分编号": f"KF{place}X3",
            "检查表编号": "JC-不存在",
        }
        deductions.append(Line(orphan, "C23"))
    if first_of_month(day) >= month and deductions:
        unknown = deductions[0].cells | {"扣分编号": f"KF{place}X2", "扣分项": "QS99"}
        deductions.append(Line(unknown, "C22"))
        failed = ErrorCell("#DIV/0!")
        for number, quantity in ((4, 0), (5, failed)):
            nothing: dict[str, Cell] = {
                "扣分编号": f"KF{place}X{number}",
                "数量": quantity,
            }
            deductions.append(Line(deductions[0].cells | nothing, "C24"))

"""Rules C: which sweeping reports and inspection sheets may be believed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from tests.golden.oracle import shapes
from tests.golden.oracle.cells import (
    BadCellError,
    Unreadable,
    day,
    moment,
    number,
    share,
    text,
    word,
)
from tests.golden.oracle.drops import Line, Row
from tests.golden.oracle.reference import Reference

COVERED = Fraction(9, 10)
TIMES = ("检查时间", "发现时间", "整改期限", "整改时间")
INSPECTION_ENUMS = {
    "类型": {"DAILY", "JOINT"},
    "状态": {"已确认", "申诉中", "已撤销"},
}


@dataclass(frozen=True)
class Sweep:
    """One believed row of a contractor's day."""

    segment: str
    mechanical: bool
    passes: Fraction
    coverage: Fraction

    @property
    def counts(self) -> bool:
        """Tell whether the passes covered enough of the road."""
        return self.coverage >= COVERED


def judge_sweeping(
    contractor: str, on: date, lines: Sequence[Line], reference: Reference
) -> Iterator[tuple[str | None, Sweep | None]]:
    """Yield each row's broken rule, or the work it reports."""
    for line in lines:
        row = line.cells or {}
        code = _broken_sweep(contractor, on, row, reference)
        yield code, None if code else _sweep(row)


def _broken_sweep(
    contractor: str, on: date, row: Row, reference: Reference
) -> str | None:
    segment = word(row["路段编码"])
    if reference.says("road_segments", segment, "contractor_code", on) != contractor:
        return "C01"
    if not _numbers_in_range(row) or _hides(row, "车牌号", "备注"):
        return "C02"
    try:
        if day(row["日期"]) != on:
            return "C03"
    except BadCellError:
        return "C03"
    return None if word(row["作业方式"]) in ("机械", "人工") else "C04"


def _hides(row: Row, *columns: str) -> bool:
    return any(isinstance(row[column], Unreadable) for column in columns)


def _numbers_in_range(row: Row) -> bool:
    try:
        trips = [number(row["应作业趟次"]), number(row["实际趟次"])]
        coverage = share(row["覆盖率"])
    except BadCellError:
        return False
    whole = all(t is not None and t >= 0 and t.denominator == 1 for t in trips)
    return whole and coverage is not None and 0 <= coverage <= 1


def _sweep(row: Row) -> Sweep:
    passes, coverage = number(row["实际趟次"]), share(row["覆盖率"])
    assert passes is not None
    assert coverage is not None
    return Sweep(
        text(row["路段编码"]) or "", text(row["作业方式"]) == "机械", passes, coverage
    )


def judge_inspections(
    on: date, lines: Sequence[Line], reference: Reference
) -> Iterator[str | None]:
    """Yield the broken rule of each row of both sheets."""
    sheets: set[str | None] = set()
    met: set[tuple[str, str | None]] = set()
    for line in lines:
        row = line.cells or {}
        if line.sheet == "检查表":
            key = word(row["检查表编号"])
            code = _broken_sheet(on, row, reference)
        else:
            key = word(row["扣分编号"])
            code = _broken_deduction(row, sheets)
        # The contract gives no code for a key that is missing or repeated, nor for a
        # time that cannot be read: C25 and C26 are the product's.
        if code is None and (key is None or (line.sheet, key) in met):
            code = "C25"
        if code is None and not _times_read(row):
            code = "C26"
        met.add((line.sheet, key))
        if line.sheet == "检查表" and code is None:
            sheets.add(key)
        yield code


def _times_read(row: Row) -> bool:
    try:
        times = [moment(row[column]) for column in TIMES if column in row]
    except BadCellError:
        return False
    is_sheet = "检查时间" in row
    return not (is_sheet and times[0] is None) and not _hides(row, *row)


def _broken_sheet(on: date, row: Row, reference: Reference) -> str | None:
    # The contract gives no code for an unknown 类型 or 状态; C04 is its neighbour's.
    if any(
        word(row[column]) not in known for column, known in INSPECTION_ENUMS.items()
    ):
        return "C04"
    if word(row["合同单位"]) not in reference.at("contractors", on):
        return "C21"
    modules = (word(row["检查模块"]) or "").split(",")
    known = all(module.strip() in shapes.MODULES for module in modules)
    return None if known else "C22"


def _broken_deduction(row: Row, sheets: set[str | None]) -> str | None:
    if word(row["扣分项"]) not in shapes.ITEMS:
        return "C22"
    if word(row["检查表编号"]) not in sheets:
        return "C23"
    try:
        quantity = number(row["数量"])
    except BadCellError:
        return "C24"
    return "C24" if quantity is None or quantity <= 0 else None

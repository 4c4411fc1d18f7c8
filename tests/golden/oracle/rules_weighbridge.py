"""Rules B: which weighbridge tickets may be believed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from tests.golden.oracle import shapes
from tests.golden.oracle.cells import BadCellError, moment, number, text
from tests.golden.oracle.drops import Line, Row
from tests.golden.oracle.reference import Reference

SCALE_TOLERANCE_KG = 20
LONGEST_VISIT = timedelta(hours=12)
ENUMS = {
    "方向": {"进", "出"},
    "垃圾类别": shapes.WASTE_CLASSES,
    "是否二次": {"是", "否"},
    "来源类型": shapes.ORIGIN_TYPES,
    "状态": shapes.TICKET_STATUSES,
}


@dataclass(frozen=True)
class Ticket:
    """One believed ticket."""

    facility: str
    number: str
    direction: str
    waste: str
    secondary: bool
    origin_type: str
    origin: str
    status: str
    corrects: str | None
    net: Fraction
    gross_at: datetime


def judge(
    facility: str, lines: Sequence[Line], reference: Reference, stored_tare: bool
) -> Iterator[tuple[str | None, Ticket | None]]:
    """Yield each row's broken rule, or the ticket it is.

    Where a stored tare is weighed against, it may be old or lack its time.
    """
    met: set[str] = set()
    for line in lines:
        if line.cells is None:
            yield "B08", None
            continue
        key = text(line.cells["磅单号"])
        code = _broken_cell(line.cells, stored_tare) or _broken_place(
            facility, line.cells, reference
        )
        if code is None and key in met:
            code = "B07"
        met.add(key or "")
        yield code, None if code else _ticket(facility, line.cells)


def _broken_cell(row: Row, stored_tare: bool) -> str | None:
    if text(row["磅单号"]) is None:
        return "B01"
    code = _broken_weight(row)
    if code:
        return code
    if any(text(row[column]) not in known for column, known in ENUMS.items()):
        return "B04"
    return _broken_time(row, stored_tare)


def _broken_weight(row: Row) -> str | None:
    try:
        gross, tare, net = (number(row[f"{c}重kg"]) for c in "毛皮净")
    except BadCellError:
        return "B02"
    if gross is None or tare is None or net is None or net <= 0:
        return "B02"
    return "B03" if abs(gross - tare - net) > SCALE_TOLERANCE_KG else None


def _broken_time(row: Row, stored_tare: bool) -> str | None:
    try:
        gross, tare = moment(row["毛重时间"]), moment(row["皮重时间"])
    except BadCellError:
        return "B05"
    if gross is None or (tare is None and not stored_tare):
        return "B05"
    if tare is None or (stored_tare and tare <= gross):
        return None
    return "B05" if abs(gross - tare) > LONGEST_VISIT else None


def _broken_place(facility: str, row: Row, reference: Reference) -> str | None:
    gross = moment(row["毛重时间"])
    assert gross is not None
    facilities = reference.at("facilities", gross.date())
    towns = reference.at("towns", gross.date())
    target = text(row["去向设施"])
    origins = facilities if text(row["来源类型"]) == "设施" else towns
    known = (
        facility in facilities
        and (target is None or target in facilities)
        and text(row["来源编码"]) in origins
    )
    return None if known else "B06"


def _ticket(facility: str, row: Row) -> Ticket:
    net, gross_at = number(row["净重kg"]), moment(row["毛重时间"])
    assert net is not None
    assert gross_at is not None
    return Ticket(
        facility=facility,
        number=text(row["磅单号"]) or "",
        direction=text(row["方向"]) or "",
        waste=text(row["垃圾类别"]) or "",
        secondary=text(row["是否二次"]) == "是",
        origin_type=text(row["来源类型"]) or "",
        origin=text(row["来源编码"]) or "",
        status=text(row["状态"]) or "",
        corrects=text(row["更正磅单号"]),
        net=net,
        gross_at=gross_at,
    )

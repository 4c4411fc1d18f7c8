"""Files: weigh_*.csv as each facility writes it, with its own habits."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from simulator.county import County
from simulator.deliveries import LONGEST_DELAY, Delivery, deliveries
from simulator.drops import Content, Drop
from simulator.planted import RULES, Planted, rule_in_turn
from simulator.weighbridge.dirt import Line, break_line, surround
from simulator.weighbridge.hands import hand
from simulator.weighbridge.tickets import COLUMNS, tickets


def drops(county: County, day: date) -> Iterator[Drop]:
    """Return the weighbridge files that arrive on a day."""
    for business_day in county.days(since=day - LONGEST_DELAY, until=day):
        for facility in county.shape.facilities:
            if facility.is_quiet:
                continue
            for delivery in deliveries(
                county, "weighbridge", facility.facility_id, business_day
            ):
                if delivery.day == day:
                    yield _drop(county, facility.facility_id, business_day, delivery)


def path_of(facility: str, day: date) -> str:
    """Return a file's place in the landing folder."""
    return f"weighbridge/{facility}/weigh_{facility}_{day:%Y%m%d}.csv"


def _drop(county: County, facility: str, day: date, delivery: Delivery) -> Drop:
    return Drop(
        path_of(facility, day),
        delivery.day,
        partial(_content, county, facility, day, delivery),
    )


def _content(county: County, facility: str, day: date, delivery: Delivery) -> Content:
    path = path_of(facility, day)
    if delivery.state == "refused":
        rng = county.dice("refusal", path)
        data = _unreadable(county, facility, day, rng.random() < 0.5)
        refusal = Planted("weighbridge", "files", "B10", delivery.day, file=path)
        return Content(lambda: data, {"tickets": 0}, [refusal])
    lines = _lines(county, facility, day, delivery)
    writer = hand(county, facility, day.month)
    if county.parameters.dirt:
        surround(lines, writer.columns, county.dice("bystanders", path))
    data, numbers = writer.write(lines)
    planted = [
        Planted(
            "weighbridge",
            "tickets",
            line.rule,
            delivery.day,
            key=str(line.ticket.get("磅单号", "")) or None,
            file=path,
            line=number,
            note=line.note,
        )
        for number, line in zip(numbers, lines, strict=True)
        if line.rule
    ]
    received = sum(not line.is_blank for line in lines)
    return Content(lambda: data, {"tickets": received}, planted)


def _lines(county: County, facility: str, day: date, delivery: Delivery) -> list[Line]:
    rng = county.dice("lines", facility, day)
    lines = [Line(ticket) for ticket in tickets(county, day)[facility]]
    lines += _again(county, facility, day)
    for _ in lines[:]:
        if rng.random() < county.parameters.dirt:
            break_line(lines, rng.choice(RULES["tickets"]), rng)
    rule = rule_in_turn(county, "tickets", day)
    if rule and facility == _facility_in_turn(county, day):
        break_line(lines, rule, rng)
    if delivery.state == "partial":
        return lines[: max(1, len(lines) * 2 // 3)]
    if delivery.state == "truncated" and lines:
        cut = lines[: max(1, len(lines) * 3 // 4)]
        cut[-1] = Line(cut[-1].ticket, "B08", "文件在此处中断")
        return cut
    if delivery.state == "corrected":
        _correct(lines)
    return lines


def _again(county: County, facility: str, day: date) -> list[Line]:
    """Return tickets of the day before that the clerk exports a second time."""
    rng = county.dice("again", facility, day)
    if rng.random() > county.parameters.resent or day == county.start:
        return []
    before = tickets(county, day - timedelta(days=1))[facility]
    return [Line(dict(row)) for row in before[-1:] if row["状态"] == "有效"]


def _facility_in_turn(county: County, day: date) -> str:
    """Return the facility with the most tickets on a day: one of them can break."""
    made = tickets(county, day)
    return max(made, key=lambda facility: (len(made[facility]), facility))


def _correct(lines: list[Line]) -> None:
    """Change a weight and void a ticket, as a second look at the book does."""
    clean = [line for line in lines if line.rule is None]
    for line in clean[:1]:
        net = int(line.ticket["净重kg"]) + 40
        gross = int(line.ticket["毛重kg"]) + 40
        line.ticket = line.ticket | {"净重kg": net, "毛重kg": gross}
    for line in clean[3:4]:
        line.ticket = line.ticket | {"状态": "作废"}


def _unreadable(county: County, facility: str, day: date, no_column: bool) -> bytes:
    """Return a file to be refused: bytes of no encoding, or a column missing."""
    if not no_column:
        return "磅单号,衡器编号\n".encode("gb18030") + b"\xff\xff\x00\xff\n"
    columns = [column for column in COLUMNS if column != "净重kg"]
    rows = [
        ",".join(str(row[column]) for column in columns)
        for row in tickets(county, day)[facility]
    ]
    return "\n".join([",".join(columns), *rows, ""]).encode()

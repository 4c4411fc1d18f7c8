"""Mass family: what the weighbridges took in."""

from collections.abc import Callable, Iterable
from fractions import Fraction

from tests.golden.oracle import shapes
from tests.golden.oracle.figures import COUNTY, Areas, Figure, absent
from tests.golden.oracle.night import Night
from tests.golden.oracle.rules_weighbridge import Ticket
from tests.golden.oracle.workdays import Period

HARMLESS_KINDS = {"焚烧", "卫生填埋", "厨余处理", "危废暂存"}
VOID = "作废"


class Scale:
    """The tickets of a period, with the questions the formulas ask of one."""

    def __init__(self, night: Night, period: Period) -> None:
        self.reference = night.reference
        months = [m.first for m in night.begun(period, "weighbridge")]
        weighed = [
            t
            for t in night.unreplaced_tickets
            if t.gross_at.date().replace(day=1) in months
        ]
        self.tickets = [t for t in weighed if t.status != VOID]
        self.void = [t for t in weighed if t.status == VOID]

    def scope(self, ticket: Ticket) -> str | None:
        """Return whose waste a ticket is: urban, rural or neither."""
        if ticket.origin_type == "设施":
            serves = self.reference.says(
                "facilities", ticket.origin, "serves", ticket.gross_at.date()
            )
            return {"城区": "urban", "乡镇": "rural"}.get(serves or "")
        return "rural" if ticket.origin_type == "乡镇" else "urban"

    def kind(self, ticket: Ticket) -> str | None:
        """Return what kind of facility weighed a ticket."""
        day = ticket.gross_at.date()
        return self.reference.says("facilities", ticket.facility, "kind", day)

    def is_urban(self, ticket: Ticket) -> bool:
        """Tell whether a ticket is the urban area's."""
        return self.scope(ticket) == "urban"

    def is_collected(self, ticket: Ticket) -> bool:
        """C: household waste coming in for the first time."""
        return _first_in(ticket, shapes.HOUSEHOLD) and ticket.origin_type != "设施"

    def is_treated(self, ticket: Ticket, kinds: Iterable[str]) -> bool:
        """T: household waste coming in at a harmless facility."""
        harmless = self.reference.says(
            "facilities", ticket.facility, "harmless", ticket.gross_at.date()
        )
        return (
            _first_in(ticket, shapes.HOUSEHOLD)
            and self.kind(ticket) in kinds
            and harmless == "是"
        )

    def is_recyclable(self, ticket: Ticket) -> bool:
        """R: recyclables coming in at a sorting centre."""
        return (
            _first_in(ticket, {"可回收物"})
            and self.kind(ticket) == "分拣中心"
            and ticket.origin_type != "设施"
        )

    def is_kitchen(self, ticket: Ticket) -> bool:
        """K: kitchen waste coming in at a kitchen plant."""
        return _first_in(ticket, {"厨余垃圾"}) and self.kind(ticket) == "厨余处理"

    def is_kitchen_residue(self, ticket: Ticket) -> bool:
        """Kr: residue leaving a kitchen plant."""
        return (
            ticket.direction == "出"
            and ticket.waste == "残渣"
            and self.kind(ticket) == "厨余处理"
        )

    def is_rubble(self, ticket: Ticket) -> bool:
        """Construction waste of the urban area coming in where it belongs."""
        return (
            _first_in(ticket, {"建筑垃圾"})
            and self.kind(ticket) in {"消纳场", "资源化厂"}
            and ticket.origin_type in {"城区环卫", "单位"}
        )

    def mass(self, asked: Callable[[Ticket], bool]) -> Fraction:
        """Sum the net weight of the tickets asked for."""
        return sum((t.net for t in self.tickets if asked(t)), Fraction())

    def over(self, numerator: Fraction, asked: Callable[[Ticket], bool]) -> Areas:
        """Divide by the tickets asked for."""
        return {
            COUNTY: Figure(
                numerator,
                self.mass(asked),
                sum(map(asked, self.tickets)),
                sum(map(asked, self.void)),
            )
        }


def _first_in(ticket: Ticket, classes: Iterable[str]) -> bool:
    return ticket.direction == "进" and ticket.waste in classes and not ticket.secondary


def i07(night: Night, period: Period) -> Areas:
    """Harmless treatment of the urban area's household waste."""
    scale = Scale(night, period)
    treated = scale.mass(
        lambda t: scale.is_urban(t) and scale.is_treated(t, HARMLESS_KINDS)
    )
    return scale.over(treated, lambda t: scale.is_urban(t) and scale.is_collected(t))


def i09(night: Night, period: Period) -> Areas:
    """Share of the county's household waste that is burnt."""
    scale = Scale(night, period)
    burnt = scale.mass(lambda t: scale.is_treated(t, {"焚烧"}))
    return scale.over(burnt, scale.is_collected)


def _recovered(scale: Scale) -> Fraction:
    residue = scale.mass(scale.is_kitchen_residue)
    return scale.mass(scale.is_recyclable) + scale.mass(scale.is_kitchen) - residue


def i11(night: Night, period: Period) -> Areas:
    """Recycling rate of household waste and recyclables."""
    scale = Scale(night, period)
    return scale.over(
        _recovered(scale), lambda t: scale.is_collected(t) or scale.is_recyclable(t)
    )


def i11b(night: Night, period: Period) -> Areas:
    """Recycling rate with the simplified denominator."""
    scale = Scale(night, period)
    return scale.over(_recovered(scale), scale.is_collected)


def i12(night: Night, period: Period) -> Areas:
    """Construction waste that went where it belongs."""
    months = night.begun(period, "weighbridge")
    registers = night.registers.get("construction_waste", {})
    if any(month not in registers for month in months):
        return {COUNTY: absent("not_collected")}
    rows = [
        row
        for month in months
        for row in registers[month]
        if night.reference.is_urban_town(row["乡镇编码"], min(month.last, night.day))
    ]
    scale = Scale(night, period)
    reused = sum((row["就地利用量kg"] or Fraction() for row in rows), Fraction())
    made = sum((row["产生量kg"] or Fraction() for row in rows), Fraction())
    return {COUNTY: Figure(scale.mass(scale.is_rubble) + reused, made, len(rows))}

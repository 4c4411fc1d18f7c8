"""Tickets: what the county's scales weighed on a day, clean and complete."""

import random
from datetime import date, datetime, time, timedelta

from simulator.county import County
from simulator.dice import poisson
from simulator.shape import Facility
from simulator.weighbridge.flows import Flow, collected_flows

Ticket = dict[str, str | int]

COLUMNS = (
    "磅单号", "衡器编号", "方向", "车牌号", "运输单位", "垃圾类别", "是否二次",
    "来源类型", "来源编码", "去向设施", "毛重kg", "皮重kg", "净重kg", "毛重时间",
    "皮重时间", "状态", "更正磅单号", "司磅员",
)  # fmt: skip

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_CLERKS = ("陈师傅", "李娟", "周国强", "吴敏")


def tickets(county: County, day: date) -> dict[str, list[Ticket]]:
    """Return the day's tickets by facility, corrections of earlier days included."""
    return county.remember(("tickets", day), lambda: _with_corrections(county, day))


def weighed(county: County, day: date) -> dict[str, list[Ticket]]:
    """Return what was weighed on a day, by facility, before any correction."""
    return county.remember(("weighed", day), lambda: _weigh(county, day))


def _weigh(county: County, day: date) -> dict[str, list[Ticket]]:
    rng = county.dice("weighing", day)
    scale = _Scale(county, day, rng)
    for flow in collected_flows(county):
        for _ in range(poisson(rng, flow.trips * county.traffic * _growth(flow, day))):
            scale.weigh(flow)
    for facility in county.shape.facilities:
        _pass_on(scale, facility)
    return {
        facility: sorted(rows, key=lambda row: str(row["毛重时间"]))
        for facility, rows in scale.rows.items()
    }


def _growth(flow: Flow, day: date) -> float:
    """Let sorting grow with the months: the plan's most doubtful target."""
    if flow.waste_class != "可回收物":
        return 1.0
    return 1.0 + 0.015 * (12 * (day.year - 2025) + day.month)


class _Scale:
    """All scales of the county on one day."""

    def __init__(self, county: County, day: date, rng: random.Random) -> None:
        self.county, self.day, self.rng = county, day, rng
        self.rows: dict[str, list[Ticket]] = {
            f.facility_id: [] for f in county.shape.facilities if not f.is_quiet
        }

    def weigh(self, flow: Flow, net_kg: int | None = None) -> None:
        """Weigh one load of a flow."""
        rng = self.rng
        rows = self.rows[flow.facility_id]
        net = net_kg or max(60, round(rng.gauss(flow.load_kg, flow.load_kg * 0.15)))
        tare = rng.randint(2_800, 9_500)
        gross_at = self._time()
        # An outgoing lorry is weighed empty first, an incoming one full first.
        sign = -1 if flow.direction == "出" else 1
        tare_at = gross_at + sign * timedelta(seconds=rng.randint(240, 5_400))
        number = len(rows) + 1
        rows.append(
            {
                "磅单号": f"{flow.facility_id}-{self.day:%Y%m%d}-{number:04d}",
                "衡器编号": f"{flow.facility_id}-{rng.choice('12')}",
                "方向": flow.direction,
                "车牌号": self._plate(),
                "运输单位": self._haulier(flow),
                "垃圾类别": flow.waste_class,
                "是否二次": "是" if flow.is_secondary else "否",
                "来源类型": flow.origin_type,
                "来源编码": rng.choice(flow.origins),
                "去向设施": flow.destination,
                # The printed net is rounded by the scale: up to 20 kg apart.
                "毛重kg": tare + net + rng.choice((0, 0, 0, 10, -10, 20, -20)),
                "皮重kg": tare,
                "净重kg": net,
                "毛重时间": f"{gross_at}",
                "皮重时间": f"{tare_at}",
                "状态": _status(rng),
                "更正磅单号": "",
                "司磅员": rng.choice(_CLERKS),
            }
        )
        if rng.random() < 0.004:
            rows.append(self._weighed_twice(rows[-1], gross_at))

    def _weighed_twice(self, ticket: Ticket, gross_at: datetime) -> Ticket:
        """Press the button again: a second ticket minutes later, probably the same."""
        again = gross_at + timedelta(seconds=self.rng.randint(20, 590))
        if again.date() != self.day:
            again = gross_at
        return ticket | {
            "磅单号": f"{ticket['磅单号']}D",
            "毛重kg": int(ticket["毛重kg"]),
            "毛重时间": f"{again}",
        }

    def carried_out(self, facility: str, waste_class: str) -> int:
        """Sum what came in of a class, in kg."""
        return sum(
            int(row["净重kg"])
            for row in self.rows[facility]
            if row["方向"] == "进"
            and row["垃圾类别"] == waste_class
            and row["状态"] != "作废"
        )

    def _time(self) -> datetime:
        start = datetime.combine(self.day, time())
        roll = self.rng.random()
        if roll < 0.004:
            return start + timedelta(seconds=self.rng.choice((0, 86_399, 86_340)))
        seconds = self.rng.randint(5 * 3_600, 21 * 3_600)
        return start + timedelta(seconds=seconds)

    def _plate(self) -> str:
        number = self.rng.randint(0, 40)
        letter = _LETTERS[number % len(_LETTERS)]
        return f"{self.county.shape.plate}{letter}{1_000 + 137 * number:04d}"

    def _haulier(self, flow: Flow) -> str:
        if flow.origin_type == "单位":
            return ""
        serves = "乡镇" if flow.origin_type == "乡镇" else "城区"
        bound = [
            c.code
            for c in self.county.shape.contractors
            if c.is_bound(self.day) and c.serves in (serves, "全县")
        ]
        return self.rng.choice(bound) if bound else ""


def _status(rng: random.Random) -> str:
    return rng.choices(("有效", "作废", "补录"), (970, 15, 15))[0]


def _pass_on(scale: _Scale, facility: Facility) -> None:
    """Move on what a facility took in: to the plants, and their residue after."""
    if facility.is_quiet:
        return
    if facility.kind == "转运站":
        mass = scale.carried_out(facility.facility_id, "其他垃圾")
        sink = _sink(scale, facility)
        _move(scale, facility, sink, ("其他垃圾", mass * 0.985, 11_000))
    elif facility.kind == "厨余处理":
        mass = scale.carried_out(facility.facility_id, "厨余垃圾")
        sink = _sink(scale, facility)
        _move(scale, facility, sink, ("残渣", mass * 0.15, 6_000), secondary=True)


def _sink(scale: _Scale, facility: Facility) -> Facility | None:
    """Choose where a facility's output goes: mostly to the fire, else to the tip."""
    kinds = ("卫生填埋", "焚烧") if scale.rng.random() < 0.06 else ("焚烧", "卫生填埋")
    for kind in kinds:
        for candidate in scale.county.shape.facilities:
            if candidate.kind == kind and not candidate.is_quiet:
                return candidate
    return None


def _move(
    scale: _Scale,
    source: Facility,
    sink: Facility | None,
    load: tuple[str, float, int],
    *,
    secondary: bool = False,
) -> None:
    """Weigh the same loads out of one facility and into another."""
    waste_class, mass_kg, lorry_kg = load
    if sink is None or mass_kg < 100:
        return
    lorries = max(1, round(mass_kg / lorry_kg))
    out = Flow(
        source.facility_id, "出", waste_class, 0, lorry_kg, "设施",
        (source.facility_id,), secondary, sink.facility_id,
    )  # fmt: skip
    into = Flow(
        sink.facility_id, "进", waste_class, 0, lorry_kg, "设施",
        (source.facility_id,), secondary,
    )  # fmt: skip
    for _ in range(lorries):
        net = round(mass_kg / lorries)
        scale.weigh(out, net)
        # The gate of the plant never reads quite what the station read.
        scale.weigh(into, net - scale.rng.randint(0, max(1, net // 120)))


def _with_corrections(county: County, day: date) -> dict[str, list[Ticket]]:
    """Add the 更正 tickets that a day's files bring for the days before."""
    made = {facility: list(rows) for facility, rows in weighed(county, day).items()}
    rng = county.dice("corrections", day)
    for facility, rows in made.items():
        if rng.random() > 0.06:
            continue
        earlier = day - timedelta(days=rng.choice((0, 1, 1, 2, 9)))
        candidates = weighed(county, max(earlier, county.start)).get(facility, [])
        valid = [row for row in candidates if row["状态"] == "有效"]
        if valid:
            rows.append(_correction(rng.choice(valid), facility, day, rng))
    return made


def _correction(wrong: Ticket, facility: str, day: date, rng: random.Random) -> Ticket:
    net = max(60, int(wrong["净重kg"]) - rng.randint(50, 900))
    return wrong | {
        "磅单号": f"{facility}-{day:%Y%m%d}-G{rng.randint(1, 99):02d}",
        "毛重kg": int(wrong["皮重kg"]) + net,
        "净重kg": net,
        "状态": "更正",
        "更正磅单号": wrong["磅单号"],
    }

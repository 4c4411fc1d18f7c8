"""Contractors by hand: the scheme applied to the sheets as the specification says it.

Written from the text of the scheme and the specification, in exact fractions, without a
look at the warehouse's SQL. It reads the scheme's YAML itself.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from tests.golden.oracle import family_cases, shapes
from tests.golden.oracle.assessed_cases import lacks
from tests.golden.oracle.cells import BadCellError, moment, number, text
from tests.golden.oracle.drops import IGNORED, Row
from tests.golden.oracle.family_roads import elapsed, waived_segments
from tests.golden.oracle.night import Night
from tests.golden.oracle.workdays import Month, as_of, is_workday, month

CENT, POINT = Decimal("0.01"), Decimal("0.01")
COUNTS = ("已确认", "申诉中")
SWEPT_CLASSES = ("主干道", "次干道")


@dataclass(frozen=True)
class Sheet:
    """One believed inspection sheet."""

    number: str
    contractor: str
    kind: str
    place: str | None
    status: str
    modules: frozenset[str]
    at: datetime
    month: Month


@dataclass(frozen=True)
class Finding:
    """One believed deduction, on its sheet."""

    number: str
    sheet: Sheet
    item: str
    quantity: Fraction
    found: datetime
    due: datetime | None
    rectified: datetime | None
    fact: str | None


@dataclass
class Card:
    """What a contractor's month comes to."""

    parts: dict[str, Fraction | None] = field(default_factory=dict)
    bonus: Fraction = Fraction()
    score: Decimal | None = None
    grade: str | None = None
    fee: Decimal | None = None
    deduct: Fraction | None = None
    direct: Fraction = Fraction()
    payable: Decimal | None = None
    is_final: bool = False
    is_appealed: bool = False
    unchecked: frozenset[str] = frozenset()
    short: frozenset[str] = frozenset()


def read_scheme(path: Path) -> dict[str, Any]:
    """Read a scheme, its numbers exact."""

    def exact(value: Any) -> Any:  # noqa: ANN401 - whatever YAML holds
        if isinstance(value, dict):
            return {key: exact(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [exact(inner) for inner in value]
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return Fraction(str(value)) if is_number else value

    return exact(yaml.safe_load(path.read_text(encoding="utf-8")))


class Contractors:
    """The score cards of one night, by contractor and month."""

    def __init__(self, night: Night, schemes: Iterable[Mapping[str, Any]]) -> None:
        self.night = night
        self.schemes = sorted(schemes, key=lambda scheme: scheme["valid_from"])
        self.sheets, self.findings = _inspections(night)
        self.tickets = list(_received_tickets(night))

    def cards(self) -> dict[tuple[str, str], Card]:
        """Return every card since contractors first reported or were inspected."""
        begun = self.night.months(
            "sanitation", "inspections", "register:contract_events"
        )
        return {
            (contractor, month(each).label): self._card(contractor, row, each)
            for each in begun
            for contractor, row in self._under_contract(each)
        }

    def scheme(self, of: Month) -> Mapping[str, Any]:
        """Return the scheme by which a month is scored."""
        label = month(of).label
        return [s for s in self.schemes if s["valid_from"][:7] <= label][-1]

    def _under_contract(self, of: Month) -> Iterator[tuple[str, Mapping]]:
        day = min(of.last, self.night.day)
        for code, row in self.night.reference.at("contractors", day).items():
            begins, ends = row["contract_from"], row["contract_to"]
            if (begins or "") <= of.last.isoformat() and (
                not ends or ends >= of.first.isoformat()
            ):
                yield code, row

    def _card(self, contractor: str, row: Mapping, of: Month) -> Card:
        scheme, card = self.scheme(of), Card()
        components = {part["id"]: part["weight"] for part in scheme["components"]}
        for kind in ("DAILY", "JOINT"):
            card.parts[kind] = self._inspected(contractor, of, kind, card)
        card.parts["DATA"] = self._measured(contractor, of)
        card.parts["PUBLIC"] = self._rated(contractor, of)
        card.is_final = self.night.as_of >= self._freeze(of)
        fee = number(row["monthly_fee_yuan"])
        card.fee = None if fee is None else _rounded(fee, CENT)
        events = list(self._events(contractor, of))
        _add_events(card, scheme, events)
        present = {p: v for p, v in card.parts.items() if v is not None}
        if present:
            total = sum(components[part] for part in present)
            mean = sum(components[part] * v for part, v in present.items()) / total
            card.score = min(max(_rounded(mean + card.bonus, POINT), 0), Decimal(100))
            _pay(card, scheme, [event["id"] for event in events])
        return card

    def _freeze(self, of: Month) -> datetime:
        appeal = self.scheme(of)["rules"]["appeal"]
        left = int(appeal["file_within_workdays"] + appeal["decide_within_workdays"])
        day = of.last
        while left:
            day += timedelta(days=1)
            left -= is_workday(day)
        return as_of(day)

    # -- inspections

    def _inspected(
        self, contractor: str, of: Month, kind: str, card: Card
    ) -> Fraction | None:
        scheme = self.scheme(of)
        weights = {part["id"]: part["weight"] for part in scheme["modules"]}
        sheets = [
            sheet
            for sheet in self.sheets
            if sheet.month == of
            and sheet.contractor == contractor
            and sheet.status in COUNTS
        ]
        card.is_appealed |= any(sheet.status == "申诉中" for sheet in sheets)
        charged = self._charged(contractor, of)
        rates: dict[str, list[Fraction]] = defaultdict(list)
        for sheet in sheets:
            for module in sheet.modules & weights.keys() if sheet.kind == kind else ():
                points = charged.get((sheet.number, module), Fraction())
                floor = scheme["rules"]["per_sheet_module_floor"]
                lost = min(points, weights[module] - floor)
                rates[module].append(1 - lost / weights[module])
        if kind == "DAILY" and rates:
            minimum = {p["id"]: p["min_sheets_per_month"] for p in scheme["modules"]}
            card.unchecked = frozenset(weights.keys() - rates.keys())
            card.short = frozenset(m for m in rates if len(rates[m]) < minimum[m])
        if not rates:
            return None
        means = {m: sum(found, Fraction()) / len(found) for m, found in rates.items()}
        total = sum(weights[module] for module in means)
        return 100 * sum(weights[m] * rate for m, rate in means.items()) / total

    def _charged(
        self, contractor: str, of: Month
    ) -> Mapping[tuple[str, str], Fraction]:
        """Return the points of each sheet and module, every item up to its cap."""
        scheme = self.scheme(of)
        items = {item["id"]: item for item in scheme["items"]}
        weighed: dict[object, list[tuple]] = defaultdict(list)
        for finding in self._mine(contractor):
            item = items.get(finding.item)
            if finding.sheet.month != of or item is None:
                continue
            if item["module"] not in finding.sheet.modules:
                continue
            points = finding.quantity * item["points"] * self._times(finding, scheme)
            same = finding.fact if scheme["rules"]["no_double_penalty"] else None
            order = (-points, finding.item, finding.number)
            weighed[same or finding].append((*order, finding))
        by_item: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for group in weighed.values():
            minus_points, _, _, finding = min(group, key=lambda each: each[:3])
            by_item[finding.sheet.number, finding.item] -= minus_points
        charged: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for (number_, name), points in by_item.items():
            charged[number_, items[name]["module"]] += min(points, items[name]["cap"])
        return charged

    def _mine(self, contractor: str) -> list[Finding]:
        return [
            finding
            for finding in self.findings
            if finding.sheet.contractor == contractor and finding.sheet.status in COUNTS
        ]

    def _times(self, finding: Finding, scheme: Mapping[str, Any]) -> Fraction:
        rules = scheme["rules"]
        repeat, mend = rules["repeat_multiplier"], rules["rectification"]
        window = timedelta(days=int(repeat["window_days"]))
        is_repeat = any(
            other.sheet.number != finding.sheet.number
            and (other.fact is None or other.fact != finding.fact)
            and (other.item, other.sheet.place) == (finding.item, finding.sheet.place)
            and finding.sheet.place is not None
            and timedelta() < finding.found - other.found <= window
            and self._counts_in_its_month(other)
            for other in self._mine(finding.sheet.contractor)
        )
        default = timedelta(hours=int(mend["default_hours"]))
        due = finding.due or finding.found + default
        is_late = due < self.night.cut(month(finding.sheet.month)) and (
            finding.rectified is None or finding.rectified > due
        )
        times = repeat["same_item_same_place"] if is_repeat else Fraction(1)
        return times * (mend["unrectified_multiplier"] if is_late else 1)

    def _counts_in_its_month(self, finding: Finding) -> bool:
        items = self.scheme(finding.sheet.month)["items"]
        module = {item["id"]: item["module"] for item in items}.get(finding.item)
        return module in finding.sheet.modules

    # -- the warehouse's own records

    def _measured(self, contractor: str, of: Month) -> Fraction | None:
        found = {
            "机械化作业完成率(I01-B)": self._swept(contractor, of),
            "案件按期处置率": self._disposed(contractor, of),
            "磅单完整率": self._complete(contractor, of),
        }
        points, total = Fraction(), Fraction()
        for part in self.scheme(of)["data_component"]:
            good, asked = found[part["metric"]]
            if asked:
                span = part["full_at"] - part["zero_at"]
                value = (100 * Fraction(good) / asked - part["zero_at"]) / span * 100
                points += part["weight"] * min(max(value, Fraction()), Fraction(100))
                total += part["weight"]
        return points / total if total else None

    def _swept(self, contractor: str, of: Month) -> tuple[Fraction, Fraction]:
        done, asked = Fraction(), Fraction()
        for day in elapsed(self.night, "sanitation", month(of)):
            waived = waived_segments(self.night, day)
            for segment, row in self.night.reference.at("road_segments", day).items():
                required = number(row["required_passes"]) or Fraction()
                if (
                    row["contractor_code"] == contractor
                    and row["road_class"] in SWEPT_CLASSES
                    and required > 0
                    and segment not in waived
                    and self.night.reference.is_urban_community(
                        row["community_code"], day
                    )
                ):
                    area = number(row["area_m2"]) or Fraction()
                    passes = self.night.passes.get((segment, day), Fraction())
                    done += area * min(passes, required) / required
                    asked += area
        return done, asked

    def _disposed(self, contractor: str, of: Month) -> tuple[int, int]:
        period = month(of)
        limit = self.night.cut(period)
        in_time: list[bool] = []
        if lacks(self.night, "on_time_disposal_rate", of):
            return 0, 0
        for case in self.night.cases:
            due, done = case.times["due_at"], case.times["disposed_at"]
            if case.record["contractor_code"] != contractor or due is None:
                continue
            when = due if done is None else min(due, done)
            if (
                case.record["is_urban_management"]
                and family_cases.is_eligible(case, limit)
                and period.holds(when)
                and when <= self.night.as_of
            ):
                in_time.append(done is not None and done <= due)
        return sum(in_time), len(in_time)

    def _complete(self, contractor: str, of: Month) -> tuple[int, int]:
        judged = [
            is_complete
            for hauler, day, is_complete in self.tickets
            if hauler == contractor and Month.of(day) == of
        ]
        return sum(judged), len(judged)

    def _rated(self, contractor: str, of: Month) -> Fraction | None:
        period = month(of)
        limit = self.night.cut(period)
        ratings = []
        if lacks(self.night, "complaint_satisfaction_rate", of):
            return None
        for case in self.night.cases:
            closed = case.times["closed_at"]
            if (
                case.record["contractor_code"] == contractor
                and case.record["is_urban_management"]
                and closed is not None
                and period.holds(closed)
                and closed <= limit
                and family_cases.is_eligible(case, limit)
            ):
                calls = self.night.callbacks[case.record["case_id"]]
                ratings.append(family_cases.last_rating(calls, limit))
        rated = [rating for rating in ratings if rating is not None]
        enough = self.scheme(of)["public_component"]["min_valid_ratings"]
        if len(rated) < enough:
            return None
        satisfied = sum(rating in shapes.SATISFIED for rating in rated)
        return 100 * Fraction(satisfied, len(rated))

    def _events(self, contractor: str, of: Month) -> Iterator[Mapping[str, Any]]:
        """Yield what the scheme says of each event that occurred in a month."""
        worth = _worth(self.scheme(of))
        newest: dict[str, Mapping[str, Any]] = {}
        registers = self.night.registers.get("contract_events", {})
        for written in sorted(registers):
            for row in registers[written]:
                when = row["发生日期"] or written.first
                if Month.of(when) == of:
                    newest[row["事件编号"]] = row
        for row in newest.values():
            if row["合同单位"] == contractor and row["类型"] in worth:
                yield worth[row["类型"]]


def _worth(scheme: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    penalties = scheme.get("direct_penalties_pct_of_month_fee", [])
    bonuses = scheme.get("bonus_points", {}).get("items", [])
    named = [{"id": f"B{n}"} | item for n, item in enumerate(bonuses, start=1)]
    return {event["id"]: event for event in [*penalties, *named]}


def _add_events(
    card: Card, scheme: Mapping[str, Any], events: Iterable[Mapping[str, Any]]
) -> None:
    points = Fraction()
    for event in events:
        card.direct += event.get("pct", Fraction())
        points += event.get("points", Fraction())
    card.bonus = min(points, scheme.get("bonus_points", {}).get("max", Fraction()))


def _pay(card: Card, scheme: Mapping[str, Any], events: list[str]) -> None:
    assert card.score is not None
    score, payment = Fraction(card.score), scheme["payment"]
    grades = sorted(scheme["grades"], key=lambda grade: -grade["min"])
    earned = next(n for n, grade in enumerate(grades) if grade["min"] <= score)
    names = [grade["name"] for grade in grades]
    forced = [
        names.index(event["force_grade"])
        for event in scheme["direct_penalties_pct_of_month_fee"]
        if event.get("force_grade") and event["id"] in events
    ]
    card.grade = names[max([earned, *forced])]
    band = next(b for b in payment["bands"] if b["from"] <= score < b["to"])
    card.deduct = band["base_pct"] + band["per_point"] * (band["ref"] - score)
    charged = min(card.deduct + card.direct, payment["total_cap_pct"])
    if card.fee is not None:
        card.payable = _rounded(Fraction(card.fee) * (100 - charged) / 100, CENT)


def _rounded(value: Fraction, unit: Decimal) -> Decimal:
    """Round half up, exactly."""
    steps = value / Fraction(unit)
    whole = (2 * steps.numerator + steps.denominator) // (2 * steps.denominator)
    return (Decimal(whole) * unit).quantize(unit, rounding=ROUND_HALF_UP)


def _inspections(night: Night) -> tuple[list[Sheet], list[Finding]]:
    sheets: list[Sheet] = []
    findings: list[Finding] = []
    for file in night.judged_files["inspections"]:
        if not file.in_force:
            continue
        of = file.version.name.month
        assert of is not None
        rows = [
            (line.sheet, line.cells or {})
            for line, (code, _) in zip(file.version.lines, file.rows, strict=True)
            if code is None
        ]
        here = {
            sheet.number: sheet
            for name, row in rows
            if name == "检查表"
            for sheet in [_sheet(row, of)]
        }
        sheets += here.values()
        findings += [_finding(row, here) for name, row in rows if name == "扣分明细"]
    return sheets, findings


def _sheet(row: Row, of: Month) -> Sheet:
    at = moment(row["检查时间"])
    assert at is not None
    return Sheet(
        number=text(row["检查表编号"]) or "",
        contractor=text(row["合同单位"]) or "",
        kind=text(row["类型"]) or "",
        place=text(row["地点"]),
        status=text(row["状态"]) or "",
        modules=frozenset(
            module.strip() for module in (text(row["检查模块"]) or "").split(",")
        ),
        at=at,
        month=of,
    )


def _finding(row: Row, sheets: Mapping[str, Sheet]) -> Finding:
    sheet = sheets[text(row["检查表编号"]) or ""]
    quantity = number(row["数量"])
    assert quantity is not None
    return Finding(
        number=text(row["扣分编号"]) or "",
        sheet=sheet,
        item=text(row["扣分项"]) or "",
        quantity=quantity,
        found=moment(row["发现时间"]) or sheet.at,
        due=moment(row["整改期限"], deadline=True),
        rectified=moment(row["整改时间"]),
        fact=text(row["事实编号"]),
    )


def _received_tickets(night: Night) -> Iterator[tuple[str, date, bool]]:
    """Yield hauler, day and completeness of each ticket received, void ones apart."""
    last_word = {(t.facility, t.number): t for t in night.latest_tickets}
    for file in night.judged_files["weighbridge"]:
        if not file.in_force:
            continue
        sent = file.version.name.day
        assert sent is not None
        for line, (code, ticket) in zip(file.version.lines, file.rows, strict=True):
            row = line.cells
            hauler = text(row["运输单位"]) if row and code != IGNORED else None
            if row is None or hauler is None or text(row["状态"]) == "作废":
                continue
            if ticket is not None and last_word[ticket.facility, ticket.number] is not (
                ticket
            ):
                continue
            day = _day_of(row, sent)
            yield hauler, day, code is None and text(row["状态"]) != "补录"


def _day_of(row: Row, sent: date) -> date:
    try:
        when = moment(row["毛重时间"])
    except BadCellError:
        return sent
    return when.date() if when else sent

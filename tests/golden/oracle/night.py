"""Night: what the county knows at 24:00 of one day."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property

import pandas as pd

from tests.golden.oracle import (
    cells,
    rules_cases,
    rules_lighting,
    rules_reference,
    rules_registers,
    rules_sanitation,
    rules_weighbridge,
)
from tests.golden.oracle.database import DbRow
from tests.golden.oracle.drops import Line, Name, without_bystanders
from tests.golden.oracle.memory import FileVersion, Memory, Seen, in_force
from tests.golden.oracle.reference import Reference
from tests.golden.oracle.rules_cases import Record
from tests.golden.oracle.rules_registers import Facts
from tests.golden.oracle.rules_sanitation import Sweep
from tests.golden.oracle.rules_weighbridge import Ticket
from tests.golden.oracle.settings import Settings
from tests.golden.oracle.workdays import (
    Month,
    Period,
    as_of,
    freeze,
    months_between,
)

SECONDS_PER_DAY = 86400
CASE_STEPS = (
    "accepted_at",
    "registered_at",
    "dispatched_at",
    "disposed_at",
    "closed_at",
)
LAMP_KEYS = {
    "lamp": ("lamp_id",),
    "switch_plan": ("circuit_id", "night_date"),
    "planned_outage": ("outage_id",),
    "lamp_fault": ("fault_id",),
}
Item = Ticket | Sweep | Facts | None
Verdict = tuple[str | None, Item]


@dataclass(frozen=True)
class Judged:
    """One content of one file with the verdict on each of its rows."""

    version: FileVersion
    in_force: bool
    rows: Sequence[Verdict]


JudgedEdition = tuple[
    FileVersion, list[tuple[str | None, rules_reference.Judged | None]]
]


@dataclass(frozen=True)
class Entry:
    """A record of the platform in force, its times read."""

    record: Record
    times: Mapping[str, datetime | None]


class Night:
    """Everything known by 24:00 of a day, judged by the contract's rules."""

    def __init__(
        self, memory: Memory, day: date, settings: Settings | None = None
    ) -> None:
        self.memory = memory
        self.day = day
        self.settings = settings or Settings()
        self.as_of = as_of(day)

    def cut(self, period: Period) -> datetime:
        """Return c, the last moment that counts for a period."""
        return min(self.as_of, freeze(period))

    @cached_property
    def judged_reference(self) -> Mapping[str, list[JudgedEdition]]:
        """Every edition of every reference table with the verdict on its rows.

        A code is known to the other tables by a sound row of any edition of its own.
        """
        editions = {
            versions[0].name.owner: versions
            for versions in self.memory.file_versions("reference", self.day)
        }
        known = {
            name: {
                row.key
                for version in versions
                for code, row in _judge_edition(name, version, None)
                if code is None and row
            }
            for name, versions in editions.items()
        }
        return {
            name: [(v, list(_judge_edition(name, v, known))) for v in versions]
            for name, versions in editions.items()
        }

    @cached_property
    def reference(self) -> Reference:
        """Every edition of the reference tables.

        Where an edition's row of a key is quarantined, the one before stays in force.
        """
        editions: dict[str, list] = {}
        for name, versions in self.judged_reference.items():
            editions[name] = []
            before: Mapping = {}
            for version, rows in versions:
                if version.refusal is None:
                    before = _table(before, rows)
                    editions[name].append((version.night, before))
        return Reference(editions)

    # -- records of the platform

    @cached_property
    def judged_records(self) -> Mapping[str, list[tuple[Seen, str | None]]]:
        """Every version of every record of the platform with its verdict."""
        return {
            table: [
                (
                    seen,
                    rules_cases.broken_rule(
                        shape, seen.record, self.reference, self.settings.history_from
                    ),
                )
                for seen in self._records_said(table)
            ]
            for table, shape in rules_cases.SHAPES.items()
        }

    def _records_said(self, table: str) -> Iterator[Seen]:
        for seen in self.memory.versions(table, self.day):
            record = rules_cases.without_empty_texts(seen.record)
            yield replace(seen, record=record)

    def entries(self, table: str) -> list[Entry]:
        """Return the newest believed version of each record."""
        shape = rules_cases.SHAPES[table]
        newest: dict[object, tuple[datetime, int, Entry]] = {}
        for seen, code in self.judged_records[table]:
            if code is not None:
                continue
            times = rules_cases.read_times(shape, seen.record)
            version, key = times["updated_at"], seen.record[shape.key]
            assert version is not None
            if (
                version <= self.as_of
                and (version, seen.order) >= newest.get(key, (version, -1))[:2]
            ):
                newest[key] = (version, seen.order, Entry(seen.record, times))
        return [entry for _, _, entry in newest.values()]

    @cached_property
    def cases(self) -> list[Entry]:
        """The cases as they stand."""
        return self.entries("cases")

    @cached_property
    def callbacks(self) -> Mapping[object, list[Entry]]:
        """The call-backs as they stand, by case."""
        found = defaultdict(list)
        for entry in self.entries("callbacks"):
            found[entry.record["case_id"]].append(entry)
        return found

    @cached_property
    def dispatched_cases(self) -> set[object]:
        """The cases that some event says were dispatched."""
        events = self.entries("case_events")
        return {
            event.record["case_id"]
            for event in events
            if event.record["event_type"] == "dispatched"
        }

    @cached_property
    def absences(self) -> dict[tuple[str, str, Month], bool]:
        """What has been found out about fields that nobody fills; see absence."""
        return {}

    # -- files

    @cached_property
    def judged_files(self) -> Mapping[str, list[Judged]]:
        """Every content of every file with the verdict on its rows."""
        sources = ("weighbridge", "sanitation", "inspections", "registers")
        return {source: list(self._judge_source(source)) for source in sources}

    def _judge_source(self, source: str) -> Iterator[Judged]:
        for versions in self.memory.file_versions(source, self.day):
            current = in_force(versions)
            for version in versions:
                yield Judged(version, version is current, list(self._judge(version)))

    def _judge(self, version: FileVersion) -> Iterator[Verdict]:
        return without_bystanders(
            version.lines, lambda lines: self._judge_lines(version, lines)
        )

    def _judge_lines(
        self, version: FileVersion, lines: Sequence[Line]
    ) -> Iterator[Verdict]:
        name, reference = version.name, self.reference
        if name.source == "weighbridge":
            yield from rules_weighbridge.judge(
                name.owner, lines, reference, name.owner in self.settings.stored_tare
            )
        elif name.source == "sanitation":
            assert name.day is not None
            yield from rules_sanitation.judge_sweeping(
                name.owner, name.day, lines, reference
            )
        else:
            yield from self._judge_monthly(version, lines)

    def _judge_monthly(
        self, version: FileVersion, lines: Sequence[Line]
    ) -> Iterator[Verdict]:
        name, reference = version.name, self.reference
        assert name.month is not None
        on = min(name.month.last, version.night)
        if name.source == "registers":
            rows = [line.cells or {} for line in lines]
            yield from rules_registers.judge(name.owner, on, rows, reference)
        else:
            for code in rules_sanitation.judge_inspections(on, lines, reference):
                yield code, None

    def accepted_files(self, source: str) -> list[FileVersion]:
        """Return the content in force of every file of a source."""
        return [each.version for each in self.judged_files[source] if each.in_force]

    @cached_property
    def latest_tickets(self) -> list[Ticket]:
        """Every ticket's last word, also void and replaced ones."""
        latest: dict[tuple[str, str], tuple[date, Ticket]] = {}
        for file in self.judged_files["weighbridge"]:
            if not file.in_force:
                continue
            on = file.version.name.day
            assert on is not None
            for _, ticket in file.rows:
                if isinstance(ticket, Ticket):
                    key = (ticket.facility, ticket.number)
                    if key not in latest or latest[key][0] <= on:
                        latest[key] = (on, ticket)
        return [ticket for _, ticket in latest.values()]

    @cached_property
    def unreplaced_tickets(self) -> list[Ticket]:
        """The tickets that no correction has replaced."""
        replaced = {
            (t.facility, t.corrects)
            for t in self.latest_tickets
            if t.status == "更正" and t.corrects != t.number
        }
        return [
            t for t in self.latest_tickets if (t.facility, t.number) not in replaced
        ]

    @cached_property
    def passes(self) -> Mapping[tuple[str, date], Fraction]:
        """The mechanical passes that count, by segment and day."""
        done: dict[tuple[str, date], Fraction] = defaultdict(Fraction)
        for file in self.judged_files["sanitation"]:
            on = file.version.name.day
            assert on is not None
            for _, sweep in file.rows if file.in_force else ():
                if isinstance(sweep, Sweep) and sweep.mechanical and sweep.counts:
                    done[(sweep.segment, on)] += sweep.passes
        return done

    @cached_property
    def registers(self) -> Mapping[str, Mapping[Month, list[Facts]]]:
        """The believed rows of every register, by month."""
        found: dict[str, dict[Month, list[Facts]]] = defaultdict(dict)
        for file in self.judged_files["registers"]:
            name = file.version.name
            if file.in_force and name.month is not None:
                rows = [row for _, row in file.rows if isinstance(row, dict)]
                found[name.owner][name.month] = rows
        return found

    # -- street lights

    @cached_property
    def judged_lighting(self) -> Mapping[str, list[tuple[Seen, str | None]]]:
        """Every version of the small lighting tables with its verdict."""
        rules = rules_lighting.rules(self.known_lamps, self.known_circuits)
        return {
            table: [
                (seen, rule(seen.record))
                for seen in self.memory.versions(table, self.day)
            ]
            for table, rule in rules.items()
        }

    @cached_property
    def _believed_lamps(self) -> list[DbRow]:
        rows = [seen.record for seen in self.memory.versions("lamp", self.day)]
        return [row for row in rows if rules_lighting.lamp_rule(row) is None]

    @cached_property
    def known_lamps(self) -> set[str]:
        """Lamps that some believed version names."""
        return {row["lamp_id"] for row in self._believed_lamps}

    @cached_property
    def known_circuits(self) -> set[str]:
        """Circuits that some believed lamp hangs on."""
        return {row["circuit_id"] for row in self._believed_lamps}

    def lighting_rows(self, table: str) -> list[DbRow]:
        """Return the newest believed version of each row."""
        newest: dict[tuple, tuple[datetime, int, DbRow]] = {}
        for seen, code in self.judged_lighting[table]:
            row = seen.record
            version = row["updated_at"] or datetime.combine(date.min, self.as_of.time())
            key = tuple(row[column] for column in LAMP_KEYS[table])
            if code is not None or version > self.as_of:
                continue
            if key not in newest or (version, seen.order) >= newest[key][:2]:
                newest[key] = (version, seen.order, row)
        return [row for _, _, row in newest.values()]

    @cached_property
    def judged_polls(self) -> tuple[pd.DataFrame, pd.Series]:
        """The polls before as_of with their verdicts."""
        polls = self.memory.polls
        if polls is None:
            columns = ["lamp_id", "ts", "power_state", "online", "power_w", "seen"]
            polls = pd.DataFrame(columns=columns)
        until = pd.Timestamp(self.as_of).timestamp()
        known = (polls["seen"] <= pd.Timestamp(self.day)) & (polls["ts"] < until)
        polls = polls[known]
        return polls, rules_lighting.poll_rules(polls, self.known_lamps)

    @cached_property
    def polls(self) -> pd.DataFrame:
        """The believed polls."""
        polls, codes = self.judged_polls
        return polls[codes == ""]

    # -- the county's calendar

    @cached_property
    def first_days(self) -> Mapping[str, date]:
        """The first business date of every source that has sent anything."""
        found = {}
        for table in rules_cases.SHAPES:
            days = self._version_days(table)
            if days:
                found[table] = min(days)
        for source in self.judged_files:
            firsts = [name.day or name.month.first for name in self._sent(source)]
            if firsts:
                found[source] = min(firsts)
        if len(self.polls):
            since_epoch = int(self.polls["ts"].min()) // SECONDS_PER_DAY
            found["lighting"] = date.fromordinal(
                date(1970, 1, 1).toordinal() + since_epoch
            )
        return found

    def _sent(self, source: str) -> list[Name]:
        """Return the names of all files of a source, refused ones too."""
        return [file.version.name for file in self.judged_files[source]]

    def _version_days(self, table: str) -> list[date]:
        moments = [
            self._happened(rules_cases.SHAPES[table].happened, seen.record)
            for seen, code in self.judged_records[table]
            if code is None
        ]
        return [when.date() for when in moments if when and when <= self.as_of]

    def _happened(self, fields: Sequence[str], record: Record) -> datetime | None:
        first = cells.api_time(record.get(fields[0]))
        steps = [cells.api_time(record.get(name)) for name in CASE_STEPS]
        known = [step for step in steps if step is not None]
        return first or min(known, default=None) or cells.api_time(record["updated_at"])

    @cached_property
    def first_months(self) -> Mapping[str, Month]:
        """The month each feed began: a source, or one register as register:<name>."""
        found = {feed: Month.of(day) for feed, day in self.first_days.items()}
        for name in self._sent("registers"):
            feed, month = f"register:{name.owner}", name.month
            assert month is not None
            found[feed] = min(month, found.get(feed, month))
        return found

    def begun(self, period: Period, feed: str) -> list[Month]:
        """List the months of a period since a feed began, up to tonight's."""
        first, last = self.first_months.get(feed), Month.of(self.day)
        return [m for m in period.months if first is not None and first <= m <= last]

    def months(self, *feeds: str) -> list[Month]:
        """List the months since any of some feeds began, up to tonight's."""
        firsts = [
            self.first_months[feed] for feed in feeds if feed in self.first_months
        ]
        return months_between(min(firsts), Month.of(self.day)) if firsts else []


def _judge_edition(
    name: str, version: FileVersion, known: rules_reference.Keys | None
) -> Iterator[tuple[str | None, rules_reference.Judged | None]]:
    return without_bystanders(
        version.lines, lambda lines: rules_reference.judge(name, lines, known)
    )


def _table(before: Mapping, rows: Sequence) -> dict[str, Mapping]:
    sound = {row.key: row.row for code, row in rows if code is None}
    broken = {row.key for code, row in rows if code and row} - sound.keys()
    return sound | {key: before[key] for key in broken & before.keys()}

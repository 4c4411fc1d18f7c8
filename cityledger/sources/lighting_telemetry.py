"""Lighting telemetry: the lamps' polls, by the day they were made.

A day that has nothing yet is copied whole. Of a day that has, only the lamps whose
number of polls differs are asked again, for polls arrive up to some days late.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from psycopg import sql

from cityledger.landing_files import landed_files
from cityledger.sources.contracts import LAMP_TELEMETRY
from cityledger.sources.job import Job
from cityledger.sources.lighting_copy import Copies
from cityledger.sources.lighting_database import LightingDatabase

_DAY: Final = timedelta(days=1)
# A month in one COPY: few scans where the source has no index on ts, and a scratch
# file that stays small.
_DAYS_AT_ONCE: Final = 31
_WITHIN: Final = sql.SQL(" where ts >= %(first)s and ts < %(end)s")
_OF_LAMPS: Final = sql.SQL(" and lamp_id = any(%(lamps)s)")
_COUNTS: Final = sql.SQL(
    "select cast(ts as date), cast(lamp_id as text), count(*) from lamp_telemetry "
    "where ts >= %(first)s and ts < %(end)s group by 1, 2"
)
# No lamp was polled before, and none will be after: such a time is a clock's fault.
_FIRST: Final = """
select
    min(ts) filter (where ts >= '2000-01-01' and ts < '2101-01-01'),
    count(*) filter (where ts < '2000-01-01' or ts >= '2101-01-01')
from (select cast(ts as timestamp) as ts from lamp_telemetry) as polls
"""
_COUNT_COLUMNS: Final = {"day": "DATE", "lamp_id": "VARCHAR", "polls": "BIGINT"}
_DIFFERENT: Final = """
select source.lamp_id
from source_counts as source
left join (
    select lamp_id, count(*) as polls from read_parquet($landed) group by lamp_id
) as landed on source.lamp_id = landed.lamp_id
where source.day = $day and source.polls is distinct from landed.polls
"""
_NOT_LANDED: Final = """
create or replace temp table new_rows as
select received.*
from received
anti join read_parquet($landed) as landed
    on received.lamp_id = landed.lamp_id and received.ts = landed.ts
"""
_OF_THE_DAY: Final = """
create or replace temp table new_rows as
from received
where ts >= $day and ts < $day + interval 1 day
"""


def land_telemetry(job: Job, database: LightingDatabase, copies: Copies) -> None:
    """Land the polls up to the end of the logical date that have not landed yet."""
    columns, query = database.select(LAMP_TELEMETRY)
    polls = _Polls(job, copies, columns, query)
    landed = {day: polls.landed(day) for day in _days(job, database, copies)}
    for days in _runs([day for day, files in landed.items() if not files]):
        polls.land_whole(days)
    known = {day: files for day, files in landed.items() if files}
    if known:
        polls.count_at_source(min(known), max(known))
    for day, files in known.items():
        polls.land_late(day, files)


@dataclass(frozen=True)
class _Polls:
    """The telemetry table, asked for some days and lamps."""

    job: Job
    copies: Copies
    columns: Mapping[str, str]
    query: sql.Composed

    def landed(self, day: date) -> list[str]:
        """Return the files that hold polls of a day."""
        data_dir = self.job.settings.data_dir
        return [str(p) for p in landed_files(data_dir, "lighting", _folder(day))]

    def land_whole(self, days: list[date]) -> None:
        """Land consecutive days that have nothing yet."""
        within = {"first": days[0], "end": days[-1] + _DAY}
        self.copies.receive(self.columns, self.query + _WITHIN, within)
        for day in days:
            self.copies.duck.execute(_OF_THE_DAY, {"day": day})
            self.copies.land(LAMP_TELEMETRY.table, _folder(day))

    def count_at_source(self, first: date, last: date) -> None:
        """Ask how many polls the source has of each lamp and day."""
        within = {"first": first, "end": last + _DAY}
        self.copies.ask("source_counts", _COUNT_COLUMNS, _COUNTS, within)

    def land_late(self, day: date, landed: list[str]) -> None:
        """Land the polls that came since the day was landed."""
        duck = self.copies.duck
        found = duck.execute(_DIFFERENT, {"day": day, "landed": landed}).fetchall()
        if not found:
            return
        query = self.query + _WITHIN + _OF_LAMPS
        lamps = [lamp_id for (lamp_id,) in found]
        within = {"first": day, "end": day + _DAY, "lamps": lamps}
        self.copies.receive(self.columns, query, within)
        duck.execute(_NOT_LANDED, {"landed": landed})
        self.copies.land(LAMP_TELEMETRY.table, _folder(day))


def _days(job: Job, database: LightingDatabase, copies: Copies) -> Iterator[date]:
    """Yield the days to look at: those still open to late polls, up to the date."""
    day = _first_day(job, database, copies)
    while day is not None and day <= job.load.load_date:
        yield day
        day += _DAY


def _first_day(job: Job, database: LightingDatabase, copies: Copies) -> date | None:
    if job.since is not None:
        return job.since.date() - _DAY
    first, outside = database.row(_FIRST)
    if outside:
        copies.remarks.append(f"lamp_telemetry 有 {outside:,} 条采样的时间不可信，未取")
    return first.date() if isinstance(first, datetime) else None


def _runs(days: list[date]) -> Iterator[list[date]]:
    """Split days into runs without a gap, none longer than one COPY takes."""
    run: list[date] = []
    for day in days:
        if run and (day - run[-1] > _DAY or len(run) == _DAYS_AT_ONCE):
            yield run
            run = []
        run.append(day)
    if run:
        yield run


def _folder(day: date) -> str:
    return f"{LAMP_TELEMETRY.table}/{day}"

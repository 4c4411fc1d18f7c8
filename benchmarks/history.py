"""History: what months of nights would have left behind, made without running them.

Landed polls, log entries of loads and runs, and the ledger's editions are written as
landing and publishing write them. Everything else the first night of all brings in.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from cityledger import runs
from cityledger.landed import SOURCES
from cityledger.load_log import Load, write
from cityledger.runs import Counts, Run
from cityledger.settings import DataDir
from simulator.county import County
from simulator.lighting.polls import Polls, as_table
from simulator.lighting.telemetry import arriving

_DAY = timedelta(days=1)
_NIGHT_BEGAN = time(2, 30)

# The editions that nights before would have recorded: each number of a period still
# running, once a night; the first night of all has recorded every number once.
_EARLIER_EDITIONS = """
copy (
    with

    spans as (
        select
            *,
            case period_type
                when 'M' then strptime(period || '-01', '%Y-%m-%d')
                when 'Y' then make_date(cast(period as integer), 1, 1)
                else make_date(
                    cast(left(period, 4) as integer),
                    cast(right(period, 1) as integer) * 3 - 2, 1
                )
            end as period_start,
            case period_type when 'M' then 1 when 'Q' then 3 else 12 end as months
        from read_parquet($first_night)
    ),

    nights as (
        select cast(unnest(generate_series($since, $until, interval 1 day)) as date)
            as night
    )

    select
        indicator_id, period_type, period, area_code,
        cast(row_number() over (
            partition by indicator_id, period, area_code order by night
        ) as integer) as edition,
        '初报' as stage,
        numerator, denominator, value, null_reason, target, formula_version,
        target_claim_id,
        night as as_of,
        night + interval '26 hours 40 minutes' as recorded_at,
        '数据更新' as reason,
        strftime(night, '%Y%m%d') || '-benchmark' as run_id
    from spans
    inner join nights
        on
            nights.night >= spans.period_start
            and nights.night < spans.period_start + to_months(spans.months)
    where value is not null or null_reason = 'not_due'
) to $folder (format parquet, partition_by (as_of), write_partition_columns true)
"""


class Past:
    """The nights that were before, of one county in one data directory."""

    def __init__(self, county: County, folders: DataDir) -> None:
        self.county = county
        self.folders = folders

    def land_polls(self, until: date) -> int:
        """Land the polls that arrived each day, up to a day; return how many."""
        return sum(
            self._land(day, polls)
            for day in self.county.days(until=until)
            for polls, _ in arriving(self.county, day)
            if len(polls)
        )

    def log_nights(self, until: date) -> None:
        """Write a log entry for every load and every run up to a day."""
        for day in self.county.days(until=until):
            for source in SOURCES:
                write(self.folders.root, _load(source, day))
            self._log_run(day)

    def record_editions(self, first_night: Path, until: date) -> int:
        """Record the editions of the nights up to a day, one file for each of them.

        `first_night` is the edition file of the first night that really ran.
        """
        staging = self.folders.root / "editions"
        with duckdb.connect() as connection:
            connection.execute(
                _EARLIER_EDITIONS,
                {
                    "first_night": str(first_night),
                    "since": self.county.start,
                    "until": until,
                    "folder": str(staging),
                },
            )
        count = 0
        for path in sorted(staging.glob("*/*.parquet")):
            night = path.parent.name.removeprefix("as_of=")
            name = f"{night}-{night.replace('-', '')}-benchmark.parquet"
            count += pq.read_metadata(path).num_rows
            path.replace(self.folders.ledger / name)
            path.parent.rmdir()
        staging.rmdir()
        return count

    def _land(self, day: date, polls: Polls) -> int:
        """Write what arrived on a day, by the day it was polled."""
        load_id = _load_id("lighting", day)
        table = as_table(self.county, polls)
        count = len(table)
        table = table.append_column("load_id", pa.repeat(load_id, count))
        table = table.append_column("load_date", pa.repeat(day, count))
        # What arrives together was polled on one day, today or some days ago.
        polled = polls.ts.min().astype("datetime64[D]")
        folder = self.folders.landing / "lighting" / "lamp_telemetry" / f"{polled}"
        folder.mkdir(parents=True, exist_ok=True)
        _write(table, folder / f"{load_id}.parquet")
        return count

    def _log_run(self, day: date) -> None:
        began = _began(day)
        run = Run(
            run_id=f"{day:%Y%m%d}-benchmark",
            as_of=day,
            started_at=began,
            code_version="benchmark",
            finished_at=began + timedelta(minutes=2),
            outcome="published",
            stage="published",
            audit_passed=True,
            counts=Counts(0, 0, 0, 0),
        )
        runs.save(run, self.folders)


def _write(table: pa.Table, path: Path) -> None:
    ordered = table.sort_by([("lamp_id", "ascending"), ("ts", "ascending")])
    pq.write_table(ordered, path, compression="zstd")


def _load(source: str, day: date) -> Load:
    began = _began(day)
    return Load(
        load_id=_load_id(source, day),
        source=source,
        load_date=day,
        started_at=began,
        finished_at=began + timedelta(seconds=10),
        outcome="ok",
        window="benchmark",
        duration_s=10.0,
        message="无新数据",
    )


def _load_id(source: str, day: date) -> str:
    return f"{day:%Y%m%d}-{_began(day) - timedelta(hours=8):%Y%m%dT%H%M%S%f}-{source}"


def _began(day: date) -> datetime:
    return datetime.combine(day + _DAY, _NIGHT_BEGAN)

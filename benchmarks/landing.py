"""Landing: telemetry rows a second from a local PostgreSQL, against its own COPY.

The limit is what the driver brings over when nothing is done with it: psycopg's COPY,
drained. Landing types the rows, drops those landed before and writes Parquet.
"""

import shutil
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg

from benchmarks import cost
from benchmarks.cost import Cost, Stages
from benchmarks.county import DAY, FullCounty, Size
from benchmarks.report import say
from cityledger.land import land
from cityledger.settings import Settings
from cityledger.sources.lighting_telemetry import land_telemetry

_COPY = (
    "copy (select lamp_id, ts, power_state, online, power_w from lamp_telemetry "
    "where ts < '{end}') to stdout (format csv)"
)


class LandingError(RuntimeError):
    """The source under measurement did not land."""


def measure(home: Path, night: date, scale: float, repeats: int) -> dict[str, Any]:
    """Land all nights of the database, then a night that brings one more, in turns."""
    with FullCounty(Size(1, night, scale), home) as county:
        say("数据源启动，填充路灯库")
        county.advance_to(night - DAY)
        copies, first = [], []
        for _ in range(repeats):
            copies.append(_drain(county))
            first.append(_land(county, night - DAY))
        county.save()
        county.advance_to(night)
        nightly = []
        for _ in range(repeats):
            county.restore()
            nightly.append(_land(county, night))
    return {
        "copy": _speed(copies),
        "landing": _speed(first),
        "nightly": _speed(nightly),
        "ratio_wall": _speed(copies)["rows_per_s"] / _speed(first)["rows_per_s"],
    }


def _drain(county: FullCounty) -> tuple[int, Cost]:
    """Bring the polls over and drop them."""
    query = _COPY.format(end=county.size.night)
    rows: Counter[str] = Counter()

    def drain() -> None:
        with (
            psycopg.connect(county.environment["LIGHTING_DSN"]) as connection,
            connection.cursor() as cursor,
            cursor.copy(query.encode()) as lines,
        ):
            for _ in lines:
                rows["polls"] += 1

    took = cost.of_call(drain)
    return rows["polls"], took


def _land(county: FullCounty, day: date) -> tuple[int, Cost]:
    """Land the street lights and return how many polls came and what they took."""
    if day < county.size.night:
        shutil.rmtree(county.data_dir, ignore_errors=True)
    stages = Stages()
    counted: list[int] = []

    def timed(job: Any, database: Any, copies: Any) -> None:  # noqa: ANN401 - passed on
        with stages.stage("polls"):
            land_telemetry(job, database, copies)
        counted.append(copies.landed["lamp_telemetry"])

    settings = Settings.model_validate(
        {
            "data_dir": county.data_dir,
            "lighting_dsn": county.environment["LIGHTING_DSN"],
        }
    )
    with patch("cityledger.sources.lighting.land_telemetry", timed):
        load = land("lighting", day, settings)
    if load.outcome != "ok":
        raise LandingError(load.message)
    return counted[0], stages.costs["polls"]


def _speed(measured: list[tuple[int, Cost]]) -> dict[str, Any]:
    rows = measured[0][0]
    middle = cost.median([took for _, took in measured])
    return {
        "rows": rows,
        "rows_per_s": rows / middle.wall_s,
        "rows_per_cpu_s": rows / middle.cpu_s,
        "repeats": [took.as_json() for _, took in measured],
    }

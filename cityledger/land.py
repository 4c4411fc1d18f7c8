"""Land: take what a source gives, untouched, into immutable Parquet files."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from filelock import Timeout

from cityledger import load_log
from cityledger.calendar import COUNTY_TIME
from cityledger.landing_files import Draft, finish_interrupted
from cityledger.load_log import Load
from cityledger.settings import Settings, SettingsError
from cityledger.sources import (
    cases,
    inspections,
    lighting,
    reference,
    registers,
    sanitation,
    weighbridge,
)
from cityledger.sources.job import Fetched, Job, SourceError

_log = logging.getLogger(__name__)
_FETCHERS: Final[dict[str, Callable[[Job], Fetched]]] = {
    "cases": cases.fetch,
    "case_events": cases.fetch,
    "callbacks": cases.fetch,
    "weighbridge": weighbridge.fetch,
    "sanitation": sanitation.fetch,
    "inspections": inspections.fetch,
    "lighting": lighting.fetch,
    "registers": registers.fetch,
    "reference": reference.fetch,
}
SOURCES: Final = tuple(_FETCHERS)
_WAIT_FOR_OTHER_S: Final = 10


def land(source: str, day: date, settings: Settings) -> Load:
    """Land one source for one logical date; a source's failure is in the result."""
    if source not in SOURCES:
        raise ValueError(f"没有这个数据源：{source}；可选：{'、'.join(SOURCES)}")
    load = _begin(source, day)
    lock = load_log.source_lock(settings.data_dir, source)
    try:
        with lock.acquire(timeout=_WAIT_FOR_OTHER_S):
            return _land_alone(load, settings)
    except Timeout:
        failed = _failed(load, f"{source} 正由另一个进程落地，本次没有开始")
        load_log.write(settings.data_dir, failed)
        return failed


def _land_alone(load: Load, settings: Settings) -> Load:
    data_dir = settings.data_dir
    finish_interrupted(data_dir, load.source)
    load_log.write(data_dir, load)
    previous = load_log.last_ok(data_dir, load.source)
    finished = _attempt(Job(load, previous, settings, Draft(data_dir, load)))
    load_log.write(data_dir, finished)
    finish_interrupted(data_dir, load.source)
    return finished


def _attempt(job: Job) -> Load:
    try:
        finished = _succeeded(job.load, _FETCHERS[job.load.source](job))
        job.draft.commit(finished)
    except (SourceError, SettingsError) as error:
        return _failed(job.load, str(error))
    # A fault of ours in one source must not keep the others from landing.
    except Exception as error:
        _log.exception("landing %s failed", job.load.source)
        return _failed(job.load, f"程序错误 {type(error).__name__}，详见日志")
    return finished


def _begin(source: str, day: date) -> Load:
    now = datetime.now(COUNTY_TIME)
    return Load(
        load_id=f"{day:%Y%m%d}-{now.astimezone(UTC):%Y%m%dT%H%M%S%f}-{source}",
        source=source,
        load_date=day,
        started_at=now.replace(tzinfo=None),
    )


def _succeeded(load: Load, fetched: Fetched) -> Load:
    return replace(_ended(load), outcome="ok", **vars(fetched))


def _failed(load: Load, message: str) -> Load:
    return replace(_ended(load), outcome="failed", message=message)


def _ended(load: Load) -> Load:
    now = datetime.now(COUNTY_TIME).replace(tzinfo=None)
    seconds = (now - load.started_at).total_seconds()
    return replace(load, finished_at=now, duration_s=seconds)

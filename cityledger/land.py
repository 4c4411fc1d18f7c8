"""Land: take what a source gives, untouched, into immutable Parquet files."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Final

from filelock import Timeout

from cityledger import load_log
from cityledger.calendar import COUNTY_TIME
from cityledger.errors import UsageError
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
_WAIT_FOR_OTHER_S: Final = 10


class UnknownSourceError(UsageError, ValueError):
    """The contract has no source of that name."""

    def __init__(self, source: str) -> None:
        known = "、".join(_FETCHERS)
        super().__init__(f"没有这个数据源：{source}；可选：{known}")


def land(source: str, day: date, settings: Settings, *, whole: bool = False) -> Load:
    """Land one source for one logical date; a source's failure is in the result.

    `whole` asks for everything again instead of what has changed since the last load:
    what an earlier night missed lands now, what has landed does not land twice.
    """
    if source not in _FETCHERS:
        raise UnknownSourceError(source)
    lock = load_log.source_lock(settings.data_dir, source)
    try:
        with lock.acquire(timeout=_WAIT_FOR_OTHER_S):
            return _land_alone(_begin(source, day), settings, whole)
    except Timeout:
        busy = f"{source} 正由另一个进程落地，本次没有开始"
        return _failed(_begin(source, day), settings, busy)


def _land_alone(load: Load, settings: Settings, whole: bool) -> Load:
    data_dir = settings.data_dir
    finish_interrupted(data_dir, load.source)
    load_log.write(data_dir, load)
    draft = Draft(data_dir, load)
    # Without the files, the log of having landed them proves nothing.
    is_first = not draft.folder.exists()
    asks_anew = whole or is_first
    previous = None if asks_anew else load_log.last_ok(data_dir, load.source)
    landed = _attempt(Job(load, previous, settings, draft))
    finish_interrupted(data_dir, load.source)
    return landed


def _attempt(job: Job) -> Load:
    try:
        fetched = _FETCHERS[job.load.source](job)
        landed = replace(_ended(job.load), outcome="ok", **vars(fetched))
        told = job.settings.without_secrets(landed.message)
        landed = replace(landed, message=told)
        job.draft.commit(landed)
    except (SourceError, SettingsError) as error:
        return _failed(job.load, job.settings, str(error))
    except OSError as error:
        return _failed(job.load, job.settings, f"读写文件出错：{error}")
    # A fault of ours in one source must not keep the others from landing.
    except Exception as error:
        _log.exception("landing %s failed", job.load.source)
        fault = f"程序错误 {type(error).__name__}，详见日志"
        return _failed(job.load, job.settings, fault)
    return landed


def _begin(source: str, day: date) -> Load:
    now = datetime.now(COUNTY_TIME)
    return Load(
        load_id=f"{day:%Y%m%d}-{now.astimezone(UTC):%Y%m%dT%H%M%S%f}-{source}",
        source=source,
        load_date=day,
        started_at=now.replace(tzinfo=None),
    )


def _failed(load: Load, settings: Settings, message: str) -> Load:
    told = settings.without_secrets(message)
    failed = replace(_ended(load), outcome="failed", message=told)
    load_log.write(settings.data_dir, failed)
    return failed


def _ended(load: Load) -> Load:
    now = datetime.now(COUNTY_TIME).replace(tzinfo=None)
    seconds = (now - load.started_at).total_seconds()
    return replace(load, finished_at=now, duration_s=seconds)

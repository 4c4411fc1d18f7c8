"""Cases: the case platform's cases, events and call-backs (contract section A).

The platform repeats itself: across pages, and night after night within the window
that catches late records. Only a text never landed before lands.
"""

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cityledger import load_log
from cityledger.calendar import COUNTY_TIME
from cityledger.landing_files import landed_files, workbench
from cityledger.landing_rows import LandedItem, TableWriter
from cityledger.sources import case_api
from cityledger.sources.job import Fetched, Job, SourceError

if TYPE_CHECKING:
    import duckdb

_KEYS: Final = {
    "cases": "case_id",
    "case_events": "event_id",
    "callbacks": "callback_id",
}
_PAGES_IN_VAIN: Final = 3
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=COUNTY_TIME)

_SEEN: Final = """
insert into seen
select distinct landed.raw
from read_parquet(?) as landed
semi join items on landed.raw = items.raw
"""

_UNSEEN: Final = """
create table unseen as
select min(items.line) as line
from items
anti join seen on items.raw = seen.raw
group by items.raw
"""

_WRITE: Final = """
copy (
    select items.* exclude (updated_at)
    from items
    semi join unseen on items.line = unseen.line
    order by items.line
) to ? (format parquet, compression zstd)
"""


def fetch(job: Job) -> Fetched:
    """Land what an endpoint has changed since the last load, once each."""
    since = job.since.replace(tzinfo=COUNTY_TIME) if job.since else _EPOCH
    items = job.draft.scratch("items.parquet")
    received = _Received()
    with TableWriter(job.load, LandedItem, lambda: items) as writer:
        for page in case_api.pages(job.load.source, since, job.settings):
            writer.write(received.take(page, job.load.source))
            received.check_progress(page)
    rows, newest = _land_unseen(job, items) if received.count else (0, None)
    return Fetched(
        window=f"updated_since={since.isoformat()}",
        rows=rows,
        rows_fetched=received.count,
        bytes=received.bytes,
        hash=received.digest.hexdigest(),
        message=f"取得 {received.count} 条，新 {rows} 条",
        newest_item_at=newest,
    )


class _Received:
    """What has come so far, page by page."""

    def __init__(self) -> None:
        self.count = 0
        self.bytes = 0
        self.digest = hashlib.sha256()
        self._known: set[int] = set()
        self._new = 0
        self._pages_without_new = 0

    def take(self, page: case_api.Page, endpoint: str) -> Iterator[LandedItem]:
        """Turn a page into rows, counting them."""
        self.bytes += page.bytes
        self._new = 0
        for item in page.items:
            self.count += 1
            raw = _as_text(item)
            self.digest.update(raw.encode())
            version = _version(item, _KEYS[endpoint]) or hash(raw)
            self._new += version not in self._known
            self._known.add(version)
            yield LandedItem(
                owner=None,
                file=f"/{endpoint}",
                file_hash=None,
                file_date=None,
                sheet=None,
                line=self.count,
                defect=None,
                raw=raw,
                updated_at=_updated_at(item),
            )

    def check_progress(self, page: case_api.Page) -> None:
        """Fail when the platform turns in a circle: the records of a page may repeat.

        A page may bring nothing new now and then, and the last page never matters.
        """
        self._pages_without_new = 0 if self._new else self._pages_without_new + 1
        if page.next_token and self._pages_without_new == _PAGES_IN_VAIN:
            raise SourceError(
                f"案卷平台翻页重复：连续 {_PAGES_IN_VAIN} 页没有一条新记录，"
                "翻页标记却不断更换；请平台方修正翻页接口"
            )


def _version(item: object, key: str) -> int | None:
    """Return a number for a record's version; None if it does not say which it is."""
    if not isinstance(item, dict):
        return None
    name, updated_at = item.get(key), item.get("updated_at")
    return hash((str(name), str(updated_at))) if name and updated_at else None


def _land_unseen(job: Job, items: Path) -> tuple[int, datetime | None]:
    """Write the items never landed before; say how many and the newest of all."""
    with workbench(job.draft) as duck:
        duck.read_parquet(str(items)).create_view("items")
        oldest, newest = _span(duck)
        duck.execute("create table seen (raw varchar)")
        if files := _that_may_hold(job, oldest):
            duck.execute(_SEEN, [files])
        duck.execute(_UNSEEN)
        (rows,) = duck.execute("select count(*) from unseen").fetchall()[0]
        if rows:
            path = job.draft.file_of(job.load.source)
            duck.execute(_WRITE, [str(path)])
    return rows, newest


def _span(duck: "duckdb.DuckDBPyConnection") -> tuple[datetime | None, datetime | None]:
    """Return the oldest and the newest version; no oldest if any has no date."""
    return duck.execute(
        """
        select
            if(count(*) = count(updated_at), min(updated_at), null),
            max(updated_at)
        from items
        """
    ).fetchall()[0]


def _that_may_hold(job: Job, oldest: datetime | None) -> list[str]:
    """Return the landed files that may hold an item at least this old.

    The same text has the same `updated_at`, so a load whose newest item is older
    cannot hold it. A load that left no word about its newest may hold anything.
    """
    loads = load_log.of_source(job.settings.data_dir, job.load.source)
    newest_of = {load_id: load.newest_item_at for load_id, load in loads.items()}
    return [
        str(path)
        for path in landed_files(
            job.settings.data_dir, job.load.source, job.load.source
        )
        if oldest is None or (newest_of.get(path.stem) or oldest) >= oldest
    ]


def _as_text(item: object) -> str:
    """Return one line of JSON; half a surrogate pair is not text and becomes `?`."""
    try:
        text = json.dumps(item, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        raise SourceError("案卷平台给出的记录嵌套过深") from None
    return text.encode("utf-8", "replace").decode()


def _updated_at(item: object) -> datetime | None:
    text = item.get("updated_at") if isinstance(item, dict) else None
    try:
        moment = datetime.fromisoformat(str(text))
        if moment.tzinfo is not None:
            moment = moment.astimezone(COUNTY_TIME)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=None)

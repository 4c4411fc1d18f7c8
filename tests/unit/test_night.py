"""A night ends in one of five ways, and says which; a backfill is many of them."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from marts_by_hand import settings_in, shown
from small_project import write_project

import cityledger.audit
import cityledger.land
from cityledger import backfill, ledger, load_log, night, runs, transform
from cityledger.backfill import Moved, OverlapError
from cityledger.errors import UsageError
from cityledger.load_log import Load
from cityledger.settings import Settings

D = date(2025, 6, 30)
NEXT = date(2025, 7, 1)
AFTER = date(2025, 7, 2)
VALUE = "select value from indicator_values"


class Notes:
    """Everything a verb said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def doing(self, text: str) -> None:
        """Let it pass."""

    def note(self, text: str) -> None:
        """Keep it."""
        self.lines.append(text)


class County:
    """Sources that answer, or not; a gate that lets pass, or not."""

    def __init__(self, folder: Path) -> None:
        self.settings = settings_in(folder)
        self.silent: set[str] = set()
        self.objections: list[str] = []
        self.project = folder / "project"
        self.write(done=3)

    def write(self, done: int) -> None:
        """Let so many cases be done."""
        write_project(self.project, done)

    def land(
        self, source: str, day: date, settings: Settings, *, whole: bool = False
    ) -> Load:
        """Answer for a source."""
        load = Load(
            load_id=f"{day:%Y%m%d}-{datetime.now():%Y%m%dT%H%M%S%f}-{source}",  # noqa: DTZ005
            source=source,
            load_date=day,
            started_at=runs.county_now(),
            finished_at=runs.county_now(),
            outcome="failed" if source in self.silent else "ok",
            message="连不上" if source in self.silent else "",
        )
        load_log.write(settings.data_dir, load)
        return load

    def audit(self, _: Settings) -> SimpleNamespace:
        """Answer for the gate."""
        return SimpleNamespace(
            passed=not self.objections, failures=self.objections, warnings=["偏少"]
        )

    def night(self, day: date, tell: Notes | None = None) -> int:
        """Run a night."""
        return night.run(day, self.settings, tell=tell or Notes())


@contextmanager
def held_elsewhere(lock: str, settings: Settings) -> Iterator[None]:
    """Hold a lock in another process, until the block ends."""
    hold = (
        "import sys; from pathlib import Path; from cityledger import locks;"
        "from cityledger.settings import DataDir;"
        f"lock = locks.{lock}(DataDir(Path(sys.argv[1]))); lock.__enter__();"
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(settings.data_dir)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stdin
        process.stdout.readline()
        yield
        process.stdin.close()


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> County:
    county = County(tmp_path)
    monkeypatch.setattr(transform, "PROJECT", county.project)
    monkeypatch.setattr(cityledger.land, "land", county.land)
    monkeypatch.setattr(cityledger.audit, "audit", county.audit)
    return county


def last_run(county: County) -> runs.Run:
    return max(runs.read(county.settings.folders), key=lambda run: run.started_at)


def test_a_good_night_is_published(county: County) -> None:
    notes = Notes()

    assert county.night(D, notes) == 0

    assert last_run(county).outcome == "published"
    assert last_run(county).audit_passed is True
    assert shown(county.settings, VALUE) == [(75.0,)]
    assert "提醒：偏少" in notes.lines


def test_a_silent_source_does_not_stop_the_others(county: County) -> None:
    county.silent = {"lighting"}
    notes = Notes()

    assert county.night(D, notes) == 5

    assert last_run(county).outcome == "published_incomplete"
    assert "采集 lighting 失败：连不上" in notes.lines
    assert notes.lines[-1].endswith("lighting 没有取到")


def test_a_refused_night_leaves_what_is_shown(county: County) -> None:
    county.night(D)
    county.write(done=4)
    county.objections = ["吨位不平：相差 12 %"]
    notes = Notes()

    assert county.night(NEXT, notes) == 3

    assert last_run(county).outcome == "refused"
    assert shown(county.settings, VALUE) == [(75.0,)]
    assert len(ledger.read(county.settings.folders)) == 1
    assert "吨位不平：相差 12 %" in notes.lines[-1]


def test_a_model_that_fails_leaves_what_is_shown(county: County) -> None:
    county.night(D)
    (county.project / "models/marts/runs.sql").write_text("select nonsense")
    notes = Notes()

    assert county.night(NEXT, notes) == 1

    assert last_run(county).outcome == "failed"
    assert shown(county.settings, VALUE) == [(75.0,)]
    assert "模型 runs" in notes.lines[-1]


def test_a_build_that_failed_can_be_neither_audited_nor_published(
    county: County,
) -> None:
    county.night(D)
    (county.project / "models/marts/runs.sql").write_text("select nonsense")
    assert county.night(NEXT) == 1

    with pytest.raises(runs.NoRunError, match="计算没有完成"):
        night.audit_alone(county.settings, None)
    with pytest.raises(runs.NoRunError, match="计算没有完成"):
        night.publish_alone(county.settings, None, force=False)


def test_the_same_night_twice_changes_nothing(county: County) -> None:
    county.night(D)
    before = ledger.read(county.settings.folders)

    assert county.night(D) == 0

    assert ledger.read(county.settings.folders) == before


def test_the_ledger_outlives_the_warehouse(county: County) -> None:
    county.night(D)
    before = shown(county.settings, "from indicator_ledger")
    county.settings.folders.warehouse.unlink()

    assert county.night(D) == 0

    assert shown(county.settings, "from indicator_ledger") == before


def test_the_steps_alone_are_a_night(county: County) -> None:
    night.land_all(D, county.settings)
    night.build_alone(D, county.settings)
    assert last_run(county).stage == "built"
    assert last_run(county).outcome == "running"
    night.audit_alone(county.settings, D)
    assert night.publish_alone(county.settings, D, force=False).exit_code == 0

    assert len(runs.read(county.settings.folders)) == 1
    assert last_run(county).outcome == "published"


def test_a_step_refuses_another_nights_build(county: County) -> None:
    night.build_alone(D, county.settings)

    with pytest.raises(UsageError, match="仓库里是 2025-06-30 的结果，不是 2025-07-01"):
        night.audit_alone(county.settings, NEXT)


def test_a_second_writer_waits_and_then_gives_up(county: County) -> None:
    notes = Notes()

    with held_elsewhere("writer", county.settings):
        code = night.run(D, county.settings, tell=notes, wait_s=0.5)

    assert code == 1
    assert any("另一个进程正在写入仓库，等待中" in line for line in notes.lines)
    assert "另一个进程正在写入仓库，等了很久" in notes.lines[-1]


def test_a_backfill_replays_in_order_and_says_what_moved(county: County) -> None:
    for day in (D, NEXT, AFTER):
        county.night(day)
    county.write(done=4)

    report = backfill.backfill(D, NEXT, "补录五月案卷", county.settings)

    assert [(n.day, n.exit_code) for n in report.nights] == [
        (D, 0),
        (NEXT, 0),
        (AFTER, 0),
    ]
    assert report.moved == (
        Moved("I03", "2025-05", "420323000000", 2, "修订", 75.0, 100.0),
    )
    assert "I03 2025-05 420323000000 第 2 版（修订）：75.0 → 100.0" in "\n".join(
        backfill.lines(report)
    )
    # What is shown stays the newest night, with the figures as they are known now.
    assert shown(county.settings, "select value, as_of from indicator_values") == [
        (100.0, AFTER)
    ]


def test_a_backfill_refuses_a_night_under_way(county: County) -> None:
    with (
        held_elsewhere("night", county.settings),
        pytest.raises(OverlapError, match="正在进行"),
    ):
        backfill.backfill(D, NEXT, "试", county.settings)

    night.build_alone(D, county.settings)
    with pytest.raises(OverlapError, match="2025-06-30 的夜间任务"):
        backfill.backfill(D, NEXT, "试", county.settings)


def test_a_backfill_needs_a_reason_and_a_span(county: County) -> None:
    with pytest.raises(UsageError, match="--reason"):
        backfill.backfill(D, NEXT, " ", county.settings)
    with pytest.raises(UsageError, match="晚于"):
        backfill.backfill(NEXT, D, "试", county.settings)


def test_a_backfill_stops_at_a_night_that_fails(county: County) -> None:
    (county.project / "models/marts/runs.sql").write_text("select nonsense")

    report = backfill.backfill(D, AFTER, "试", county.settings)

    assert [(n.day, n.exit_code) for n in report.nights] == [(D, 1)]
    assert report.exit_code == 1


def test_missed_nights_are_caught_up_in_order(county: County) -> None:
    county.night(D)

    report = backfill.catch_up(date(2025, 7, 3), county.settings)

    assert [n.day for n in report.nights] == [NEXT, AFTER]
    assert backfill.catch_up(date(2025, 7, 3), county.settings).nights == ()

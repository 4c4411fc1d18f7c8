"""The run log knows a night that died from one that is still at work."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from cityledger import missed, runs
from cityledger.runs import Worker
from cityledger.settings import DataDir

D = date(2025, 6, 30)


@pytest.fixture
def folders(tmp_path: Path) -> DataDir:
    return DataDir(tmp_path)


def test_a_night_at_work_is_running(folders: DataDir) -> None:
    run = runs.start(D, folders, "试运行")

    assert [(r.run_id, r.outcome, r.reason) for r in runs.read(folders)] == [
        (run.run_id, "running", "试运行")
    ]


def test_a_night_whose_process_was_killed_has_failed(folders: DataDir) -> None:
    start_and_die = (
        "import os, signal, sys; from datetime import date; from pathlib import Path;"
        "from cityledger import runs; from cityledger.settings import DataDir;"
        "runs.start(date(2025, 6, 30), DataDir(Path(sys.argv[1])));"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )

    subprocess.run(
        [sys.executable, "-c", start_and_die, str(folders.root)], check=False
    )

    (run,) = runs.read(folders)
    assert run.outcome == "failed"
    assert run.messages == (runs.INTERRUPTED,)


def test_how_a_dead_night_ended_is_written_down(folders: DataDir) -> None:
    died, shown_and_died, at_work, left = (runs.start(D, folders) for _ in range(4))
    runs.pause(left, folders, "built")
    for run in (died, shown_and_died):
        assert run.worker
        runs.save(replace(run, worker=Worker(run.worker.pid, "1")), folders)

    runs.settle(folders, {shown_and_died.run_id: True})

    logged = {run.run_id: run for run in runs.read(folders)}
    assert logged[died.run_id].outcome == "failed"
    assert logged[died.run_id].messages == (runs.INTERRUPTED,)
    assert logged[shown_and_died.run_id].outcome == "published_incomplete"
    assert logged[at_work.run_id].outcome == "running"
    assert logged[left.run_id].messages == (runs.REPLACED,)


def test_another_process_with_the_same_number_is_not_the_night(
    folders: DataDir,
) -> None:
    run = runs.start(D, folders)
    assert run.worker
    runs.save(replace(run, worker=Worker(run.worker.pid, "1")), folders)

    assert runs.read(folders)[0].outcome == "failed"


def test_a_chain_may_pause_between_two_commands_but_not_for_ever(
    folders: DataDir,
) -> None:
    run = runs.pause(runs.start(D, folders), folders, "built")
    assert runs.read(folders)[0].outcome == "running"

    path = folders.run_log / f"{run.run_id}.json"
    entry = json.loads(path.read_text())
    entry["touched_at"] = str(runs.county_now() - timedelta(hours=13))
    path.write_text(json.dumps(entry))

    assert runs.read(folders)[0].outcome == "failed"


def test_a_finished_night_keeps_what_it_said(folders: DataDir) -> None:
    run = runs.finish(runs.start(D, folders), "refused", folders, "吨位不平")

    assert runs.find(run.run_id, folders) == run
    assert run.finished_at
    assert run.messages == ("吨位不平",)


def test_run_ids_sort_by_day_and_time(folders: DataDir) -> None:
    later = runs.start(D, folders)
    earlier = runs.start(D - timedelta(days=1), folders)

    assert [r.run_id for r in runs.read(folders)] == [earlier.run_id, later.run_id]
    assert later.run_id.startswith("20250630-")


def test_nights_without_a_verdict_are_missed(folders: DataDir) -> None:
    for offset, outcome in ((0, "published"), (2, "failed"), (3, "refused")):
        runs.finish(runs.start(D + timedelta(days=offset), folders), outcome, folders)

    gaps = missed.missed(folders, before=D + timedelta(days=6))

    assert [gap.day for gap in gaps] == [1, 2, 4, 5]
    assert missed.listed(gaps) == "2025-07-01 至 2025-07-02、2025-07-04 至 2025-07-05"


def test_before_the_first_night_nothing_is_missed(folders: DataDir) -> None:
    assert missed.missed(folders, before=D) == []
    runs.finish(runs.start(D, folders), "published", folders)
    assert missed.missed(folders, before=D) == []

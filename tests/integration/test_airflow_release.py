"""A release in a real scheduler: it waits for people, and only people let it out.

One Airflow and one small county serve the whole story, which is told in order.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pytest

from cityledger.airflow_local import USER, LocalAirflow
from cityledger.settings import DataDir
from simulator.parameters import CountyParameters
from simulator.serve import run_county

DAG = "public_release"
NIGHT = date(2025, 6, 20)
CHECKER, SIGNER = "checker", "signer"
ASKED = {"outcome": "", "comment": "同意", "article": ""}


@dataclass
class Story:
    """The Airflow, and what citizens may open."""

    airflow: LocalAirflow
    folders: DataDir
    environment: dict[str, str]

    def public(self, query: str) -> list[tuple[object, ...]]:
        """Ask the public file."""
        path = str(self.folders.published / "public.duckdb")
        with duckdb.connect(path, read_only=True) as connection:
            return connection.execute(query).fetchall()

    def states(self, run_id: str) -> dict[str, str | None]:
        """Return how each task of a run ended."""
        return {one.task_id: one.state for one in self.airflow.tasks(DAG, run_id)}

    def cityledger(self, *words: str) -> str:
        """Run a command and return what it said."""
        done = subprocess.run(
            [str(Path(sys.executable).with_name("cityledger")), *words],
            env={**os.environ, **self.environment},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    home = tmp_path_factory.mktemp("release")
    folders = DataDir(home / "data")
    parameters = CountyParameters(
        start=date(2025, 5, 1), end=NIGHT, scale=0.01, dirt=0.01
    )
    with run_county(parameters, home / "county", NIGHT) as county:
        environment = {**county.environment, "DATA_DIR": str(folders.root)}
        told = Story(None, folders, environment)  # type: ignore[arg-type]
        told.cityledger("nightly", "--date", str(NIGHT))
        for account, name in ((USER, "值班员"), (CHECKER, "核对员"), (SIGNER, "局长")):
            told.cityledger("release", "signer", "add", account, "--name", name)
        with LocalAirflow(
            home / "airflow",
            environment,
            has_schedule=False,
            reviewers=(CHECKER, SIGNER),
        ) as airflow:
            told.airflow = airflow
            yield told


def test_a_release_waits_for_two_people_and_then_goes_out(story: Story) -> None:
    run_id = story.airflow.ask_for(DAG, {"reason": "首次公开"})
    for task, who in (
        ("verify_data", CHECKER),
        ("review_personal", CHECKER),
        ("review_secrecy", SIGNER),
    ):
        story.airflow.respond((DAG, run_id, task), who, params=ASKED)
    assert story.public("from releases") == [], "not before it is signed"

    story.airflow.respond((DAG, run_id, "sign_off"), SIGNER, params=ASKED)

    assert story.airflow.wait(DAG, run_id, limit_s=300) == "success"
    assert story.public("select version, reason from releases") == [
        ("1.0.0", "首次公开")
    ]
    steps = json.loads(story.cityledger("release", "show", "--json"))
    assert [(s["step"], s["by"]) for s in steps if s["outcome"]] == [
        ("数据核对", CHECKER),
        ("个人信息审查", CHECKER),
        ("保密审查", SIGNER),
        ("签发", SIGNER),
    ]
    assert (story.folders.site / "current" / "index.html").exists()


def test_without_anything_new_nobody_is_asked(story: Story) -> None:
    run_id = story.airflow.ask_for(DAG, {"reason": "再发一次"})

    assert story.airflow.wait(DAG, run_id, limit_s=120) == "success"
    assert story.states(run_id)["draft"] == "skipped"
    assert story.states(run_id)["publish"] == "skipped"


def test_a_rejection_is_written_down_and_nothing_goes_out(story: Story) -> None:
    story.cityledger(
        "release", "correction", "add", "--indicator", "X06a", "--period", "2025-05",
        "--action", "flag", "--reason", "补充说明", "--by", CHECKER,
    )  # fmt: skip
    run_id = story.airflow.ask_for(
        DAG, {"reason": "加注", "replace": False, "period": "2025-05"}
    )
    story.airflow.respond(
        (DAG, run_id, "verify_data"), CHECKER, "Reject",
        {"outcome": "不予公开", "comment": "待核", "article": "条例第十六条"},
    )  # fmt: skip

    assert story.airflow.wait(DAG, run_id, limit_s=120) == "success"
    assert story.states(run_id)["publish"] == "skipped"
    steps = json.loads(story.cityledger("release", "show", "--json"))
    assert steps[-1]["outcome"] == "不予公开"
    assert steps[-1]["article"] == "条例第十六条"
    assert len(story.public("from releases")) == 1

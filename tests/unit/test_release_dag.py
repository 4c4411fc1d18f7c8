"""People decide: no schedule can let a figure out by itself."""

import importlib.util
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from jinja2 import Template

from cityledger.release.journal import REVIEWS

DAGS = Path(__file__).parents[2] / "dags"


@pytest.fixture(scope="module")
def modules() -> Iterator[dict[str, ModuleType]]:
    """The DAG files, loaded without an Airflow of one's own."""
    with tempfile.TemporaryDirectory() as home:
        os.environ.setdefault("AIRFLOW_HOME", home)
        found = {}
        for name in ("public_release", "public_clock"):
            spec = importlib.util.spec_from_file_location(name, DAGS / f"{name}.py")
            assert spec
            assert spec.loader
            found[name] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(found[name])
        yield found


def test_every_review_stands_between_the_draft_and_the_publication(
    modules: dict[str, ModuleType],
) -> None:
    dag = modules["public_release"].public_release()
    before = dag.get_task("publish").get_flat_relative_ids(upstream=True)
    steps = modules["public_release"].STEPS

    assert tuple(steps.values()) == REVIEWS
    for step in steps:
        assert {step, f"record_{step}"} <= before
        assert dag.get_task(step).options == ["Approve", "Reject"]
    assert dag.get_task("draft").task_id in before


def test_a_decision_is_recorded_also_when_it_is_a_rejection(
    modules: dict[str, ModuleType],
) -> None:
    dag = modules["public_release"].public_release()

    for step in modules["public_release"].STEPS:
        record = dag.get_task(f"record_{step}")
        assert dag.get_task(step).downstream_task_ids == {record.task_id}
        assert record.skip_on_exit_code == [modules["public_release"].NOT_AGREED]


class Task:
    """The little of a task instance that a template asks."""

    def __init__(self, said: dict[str, object] | None) -> None:
        self.said = said

    def xcom_pull(self, task_ids: str) -> object:
        """Return what a task left."""
        return self.said if task_ids == "sign_off" else "check 2025-06-v1.0.0"


@pytest.mark.parametrize(
    ("option", "said", "outcome"),
    [
        ("Approve", {}, "同意公开"),
        ("Approve", {"outcome": "区分处理后公开"}, "区分处理后公开"),
        ("Approve", {"outcome": "不予公开"}, "同意公开"),
        ("Reject", {}, "送审"),
        ("Reject", {"outcome": "不予公开"}, "不予公开"),
        ("Reject", {"outcome": "同意公开"}, "送审"),
    ],
)
def test_the_button_decides_whatever_is_written_beside_it(
    modules: dict[str, ModuleType], option: str, said: dict[str, str], outcome: str
) -> None:
    answer = modules["public_release"].answer("sign_off")
    given = {
        "chosen_options": [option],
        "params_input": {"comment": "$(reboot) {{ x }}", **said},
        "responded_by_user": {"id": "7", "name": "局长"},
    }

    read = {
        name: Template(text).render(ti=Task(given)) for name, text in answer.items()
    }

    assert read["OUTCOME"] == outcome
    assert (read["BY"], read["CHOSEN"]) == ("局长", option)
    assert read["COMMENT"] == "$(reboot) {{ x }}", "as it was written"
    assert read["RELEASE"] == "2025-06-v1.0.0"


def test_what_people_write_never_meets_the_shell(
    modules: dict[str, ModuleType],
) -> None:
    dag = modules["public_release"].public_release()

    for step in modules["public_release"].STEPS:
        command = dag.get_task(f"record_{step}").bash_command
        assert "{{" not in command
        assert '"$COMMENT"' in command


def test_the_night_never_publishes_and_the_clock_opens_only_what_is_due() -> None:
    nightly = (DAGS / "nightly_load.py").read_text(encoding="utf-8")
    clock = (DAGS / "public_clock.py").read_text(encoding="utf-8")

    assert "cityledger release" not in nightly
    assert "release publish" not in clock
    assert "release export --if-due" in clock

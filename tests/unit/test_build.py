"""A build computes one night from what has landed, on a project of three models."""

import stat
from datetime import date
from pathlib import Path

import duckdb
import pytest
from marts_by_hand import settings_in
from small_project import write_project

from cityledger import runs, transform, warehouse
from cityledger.build import BuildResult, build
from cityledger.settings import Settings
from cityledger.transform import TransformError

D = date(2025, 6, 30)
NEXT = date(2025, 7, 1)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    project = tmp_path / "project"
    write_project(project)
    monkeypatch.setattr(transform, "PROJECT", project)
    return settings_in(tmp_path)


def run_build(settings: Settings, day: date) -> BuildResult:
    return build(day, settings, run_id=runs.start(day, settings.folders).run_id)


def days(settings: Settings) -> list[tuple[date, str]]:
    with warehouse.read(settings.folders) as connection:
        return connection.execute("from intermediate.days order by all").fetchall()


def test_nights_in_order_add_to_what_is_there(settings: Settings) -> None:
    assert not run_build(settings, D).was_full_refresh
    assert not run_build(settings, NEXT).was_full_refresh

    assert days(settings) == [(D, "False"), (NEXT, "True")]


def test_an_earlier_night_starts_anew_and_the_next_goes_on_from_it(
    settings: Settings,
) -> None:
    run_build(settings, NEXT)

    assert run_build(settings, D).was_full_refresh
    assert days(settings) == [(D, "False")]
    assert not run_build(settings, NEXT).was_full_refresh
    assert days(settings) == [(D, "False"), (NEXT, "True")]


def test_an_earlier_night_that_fails_half_way_starts_anew_again(
    settings: Settings,
) -> None:
    run_build(settings, NEXT)
    model = transform.PROJECT / "models/intermediate/days.sql"
    sound = model.read_text()
    model.write_text("select 1 / 'x' as one")
    with pytest.raises(TransformError):
        run_build(settings, D)
    model.write_text(sound)

    assert run_build(settings, D).was_full_refresh
    assert days(settings) == [(D, "False")]


def test_a_new_rule_for_increments_starts_anew(settings: Settings) -> None:
    run_build(settings, D)
    model = transform.PROJECT / "models/parsed/seen_days.sql"
    model.write_text(model.read_text() + " -- another rule")

    assert run_build(settings, NEXT).was_full_refresh
    assert days(settings) == [(NEXT, "False")]


def test_a_project_tried_in_vain_leaves_no_trace(settings: Settings) -> None:
    run_build(settings, D)
    parsed = transform.PROJECT / "models/parsed/seen_days.sql"
    view = transform.PROJECT / "models/marts/indicator_records.sql"
    broken = transform.PROJECT / "models/marts/runs.sql"
    sound = {path: path.read_text() for path in (parsed, view, broken)}
    parsed.write_text("select as_of_date, 'other' as is_increment from ops.parameters")
    view.write_text("{{ config(materialized='view') }} select 'other' as role")
    broken.write_text("select nonsense")
    with pytest.raises(TransformError):
        run_build(settings, D)
    for path, text in sound.items():
        path.write_text(text)

    assert run_build(settings, D).was_full_refresh
    assert days(settings) == [(D, "False")]
    with duckdb.connect(str(settings.folders.marts), read_only=True) as marts:
        assert ("other",) not in marts.execute(
            "select role from marts.indicator_records"
        ).fetchall()


def test_a_model_that_fails_is_named(settings: Settings) -> None:
    (transform.PROJECT / "models/intermediate/days.sql").write_text(
        "select 1 / 'x' as one"
    )

    with pytest.raises(TransformError, match="模型 days：") as failure:
        run_build(settings, D)

    assert failure.value.exit_code == 1
    assert "Traceback" not in str(failure.value)


def test_a_test_that_fails_refuses_the_night(settings: Settings) -> None:
    (transform.PROJECT / "models/intermediate/days.sql").write_text(
        "select cast(null as date) as as_of_date"
    )

    with pytest.raises(
        TransformError, match="检验 not_null_days_as_of_date"
    ) as failure:
        run_build(settings, D)

    assert failure.value.exit_code == 3


def test_a_checkout_that_cannot_be_written_to_will_do(settings: Settings) -> None:
    folders = [p for p in transform.PROJECT.rglob("*") if p.is_dir()]
    for folder in (*folders, transform.PROJECT):
        folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    before = sorted(transform.PROJECT.rglob("*"))

    run_build(settings, D)

    assert sorted(transform.PROJECT.rglob("*")) == before
    assert transform.manifest_file(settings.folders).exists()
    for folder in (transform.PROJECT, *folders):
        folder.chmod(stat.S_IRWXU)

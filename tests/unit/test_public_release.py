"""Figures go public by two roles' approval, final ones only, marked columns only."""

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest
from marts_by_hand import MARTS, built_night, settings_in, shown

from cityledger import transform, versions
from cityledger.errors import UsageError
from cityledger.public_release import Approval, Release, ReleaseError, release
from cityledger.publish import publish
from cityledger.settings import Settings
from cityledger.versions import PUBLIC

D = date(2025, 6, 30)
APPROVED = Approval(("局长", "分管县长"), "首次公开")
HIDDEN = {("indicators", "inner_note"), ("lamp_nights", "lit")}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    built_night(settings, D, done=3)
    publish(settings)
    write_manifest(settings)
    return settings


def write_manifest(settings: Settings) -> None:
    """Describe the marts as dbt does: each column public but the hidden ones."""
    with duckdb.connect(str(settings.folders.warehouse)) as connection:
        nodes = {
            mart: {
                "resource_type": "model",
                "schema": "marts",
                "name": mart,
                "columns": {
                    name: {"config": {"meta": {"public": (mart, name) not in HIDDEN}}}
                    for name in connection.table(f"marts.{mart}").columns
                },
            }
            for mart in MARTS
        }
    path = transform.manifest_file(settings.folders)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"nodes": nodes}))


def public(settings: Settings, query: str) -> list[tuple[object, ...]]:
    path = settings.folders.published / PUBLIC
    with duckdb.connect(str(path), read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_two_different_roles_must_approve(settings: Settings) -> None:
    for roles in ((), ("局长",), ("局长", "局长"), ("局长", " ")):
        with pytest.raises(UsageError, match="两个不同角色"):
            release(settings, Approval(roles, "首次公开"))
    with pytest.raises(UsageError, match="--reason"):
        release(settings, Approval(APPROVED.roles, ""))

    assert public(settings, "from releases") == []


def test_final_figures_go_out_with_their_release(settings: Settings) -> None:
    assert release(settings, APPROVED) == [Release("2025-05-v1", "2025-05", 1)]

    assert public(
        settings,
        "select release_id, indicator_id, period, value, stage from indicator_values",
    ) == [("2025-05-v1", "I03", "2025-05", 75.0, "终报")]
    assert public(
        settings,
        "select version, period, approved_by_roles, reason, withdrawn_at from releases",
    ) == [(1, "2025-05", ["局长", "分管县长"], "首次公开", None)]
    assert public(settings, "select kind, old_value, new_value from changes") == [
        ("首发", None, 75.0)
    ]


def test_a_release_changes_nothing_for_the_leaders(settings: Settings) -> None:
    before = shown(settings, "from indicator_values")
    name = versions.current(settings.folders)

    release(settings, APPROVED)

    assert shown(settings, "from indicator_values") == before
    assert versions.current(settings.folders) != name


def test_a_column_that_is_not_marked_stays_inside(settings: Settings) -> None:
    release(settings, APPROVED)

    assert public(settings, "select name_zh from indicators") == [
        ("违法广告发现处置率",)
    ]
    names = {
        n for (n,) in public(settings, "select column_name from (describe indicators)")
    }
    assert "inner_note" not in names
    # A sum over a column that is not public is not public either.
    assert public(settings, "from lamp_monthly") == []


def test_a_revised_figure_is_a_new_version_beside_the_old(
    settings: Settings,
) -> None:
    release(settings, APPROVED)
    built_night(settings, D, done=4)
    publish(settings)
    assert public(settings, "select count(*) from releases") == [(1,)]

    assert release(settings, Approval(APPROVED.roles, "数据更正")) == [
        Release("2025-05-v2", "2025-05", 1)
    ]

    assert public(
        settings, "select release_id, value, stage from indicator_values order by all"
    ) == [("2025-05-v1", 75.0, "终报"), ("2025-05-v2", 100.0, "修订")]
    assert public(
        settings, "select old_value, new_value, kind from changes order by release_id"
    ) == [(None, 75.0, "首发"), (75.0, 100.0, "修订")]


def test_nothing_new_is_no_release(settings: Settings) -> None:
    release(settings, APPROVED)

    with pytest.raises(ReleaseError, match="没有新的"):
        release(settings, APPROVED)

    assert len(versions.every(settings.folders)) == 2
    assert not list(settings.folders.versions.glob(".*"))


def test_a_months_waste_is_summed(settings: Settings) -> None:
    with duckdb.connect(str(settings.folders.warehouse)) as connection:
        connection.execute("update marts.indicator_values set indicator_id = 'I09'")
        connection.execute("update marts.indicator_ledger set indicator_id = 'I09'")
    publish(settings, force=True)

    release(settings, APPROVED)

    assert public(settings, "select month, net_kg from waste_monthly") == [
        ("2025-05", 10.0)
    ]

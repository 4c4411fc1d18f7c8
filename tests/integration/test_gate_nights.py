"""The gate on real nights: dirt, gaps and first days pass, a lost file does not."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import duckdb
import pytest

from cityledger import night, versions
from cityledger.audit import audit, last
from cityledger.settings import Settings
from simulator.parameters import CountyParameters
from simulator.serve import RunningCounty, run_county

FIRST, SECOND = date(2025, 4, 30), date(2025, 5, 1)
DIRTY = CountyParameters(
    seed=7,
    start=date(2025, 4, 24),
    end=date(2025, 5, 31),
    scale=0.01,
    dirt=0.25,
    late=0.2,
    missing=0.2,
    resent=0.2,
)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningCounty]:
    with run_county(DIRTY, tmp_path_factory.mktemp("county"), FIRST) as running:
        yield running


@pytest.fixture(scope="module")
def settings(
    county: RunningCounty, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    return Settings(
        DATA_DIR=tmp_path_factory.mktemp("data"), api_attempts=2, **county.environment
    )


def test_the_first_night_of_a_dirty_county_passes(settings: Settings) -> None:
    code = night.run(FIRST, settings)

    kept = last(settings.folders)
    assert code in (0, 5)
    assert kept
    assert kept["failures"] == []
    assert kept["warnings"], "but it is told what is odd"


def test_a_night_without_a_source_is_published_and_says_so(
    county: RunningCounty, settings: Settings
) -> None:
    county.advance_to(SECOND)
    nobody = settings.model_copy(update={"cases_api_url": "http://127.0.0.1:9"})

    code = night.run(SECOND, nobody)

    assert code == 5
    assert versions.current(settings.folders).as_of == SECOND  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("lost", "words"),
    [
        ("landing/lighting/lamp_telemetry/*/*.parquet", "有落地文件丢失"),
        ("ledger/*.parquet", "已经发布过的版次在台账文件"),
    ],
)
def test_a_file_that_is_lost_stops_the_night(
    settings: Settings, lost: str, words: str
) -> None:
    path = sorted(settings.data_dir.glob(lost))[0]
    mislaid = path.rename(path.with_suffix(".mislaid"))
    try:
        found = audit(settings)
    finally:
        mislaid.rename(path)

    assert not found.passed
    assert any(words in str(failure) for failure in found.failures), found.failures


def test_a_row_that_is_lost_between_the_layers_stops_the_night(
    settings: Settings, tmp_path: Path
) -> None:
    whole = settings.folders.marts.read_bytes()
    with duckdb.connect(str(settings.folders.marts)) as marts:
        marts.execute(
            "delete from marts.waste_daily where rowid in ("
            "select min(rowid) from marts.waste_daily "
            "where direction = '进' and waste_class = '其他垃圾' "
            "and not is_secondary and origin_type = '城区环卫')"
        )
    found = audit(settings)
    settings.folders.marts.write_bytes(whole)

    assert not found.passed
    assert "清运量与指标 I09 的分母不相等" in str(found.failures[0])
    assert audit(settings).passed, "and the same night, whole, passes"

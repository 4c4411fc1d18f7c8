"""The landing folder: the same whichever way time passes, and never backwards."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from simulator.county import County, CountyParameters
from simulator.drops import drops_of, write_drops
from simulator.reference import TABLES

PARAMETERS = CountyParameters(start=date(2025, 5, 10), resent=0.2, late=0.2, dirt=0.01)
END = date(2025, 6, 6)


def contents(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_day_by_day_or_at_once_gives_the_same_files(tmp_path: Path) -> None:
    slow, fast = tmp_path / "slow", tmp_path / "fast"
    county = County(PARAMETERS)

    for day in county.days(until=END):
        write_drops(county, slow, day)
    write_drops(County(PARAMETERS), fast, END)

    assert contents(slow) == contents(fast)


def test_writing_a_day_twice_changes_nothing(tmp_path: Path) -> None:
    write_drops(County(PARAMETERS), tmp_path, END)
    before = contents(tmp_path)

    assert write_drops(County(PARAMETERS), tmp_path, END) == []
    assert contents(tmp_path) == before


def test_time_does_not_go_back(tmp_path: Path) -> None:
    write_drops(County(PARAMETERS), tmp_path, END)

    with pytest.raises(ValueError, match="cannot go back"):
        write_drops(County(PARAMETERS), tmp_path, date(2025, 6, 1))


def test_another_county_does_not_write_over_the_first(tmp_path: Path) -> None:
    write_drops(County(PARAMETERS), tmp_path, date(2025, 5, 11))
    other = County(CountyParameters(start=date(2025, 5, 10), seed=1))

    with pytest.raises(ValueError, match="another county"):
        write_drops(other, tmp_path, date(2025, 5, 12))


def test_files_come_late_again_and_never() -> None:
    county = County(CountyParameters(start=date(2025, 3, 1), missing=0.02, late=0.1))
    days = list(county.days(until=date(2025, 5, 31)))
    arrivals: dict[str, list[date]] = {}
    for day in days:
        for drop in drops_of(county, day):
            arrivals.setdefault(drop.path, []).append(day)

    expected = {
        (f.facility_id, f"{day:%Y%m%d}")
        for f in county.shape.facilities
        for day in days
    }
    came = {
        (path.split("/")[1], path[-12:-4]): when
        for path, when in arrivals.items()
        if path.startswith("weighbridge/")
    }
    assert expected - set(came)
    assert any(len(when) > 1 for when in came.values())
    assert any(f"{when[0]:%Y%m%d}" > name for (_, name), when in came.items())


def test_reference_tables_change_by_day(tmp_path: Path) -> None:
    county = County(CountyParameters(start=date(2025, 4, 1)))
    written = write_drops(county, tmp_path, date(2025, 4, 1))
    assert {f"reference/{name}.csv" for name in TABLES} <= set(written)
    path = tmp_path / "reference/road_segments.csv"
    before = list(csv.DictReader(io.StringIO(path.read_text())))

    write_drops(county, tmp_path, date(2025, 4, 16))

    after = list(csv.DictReader(io.StringIO(path.read_text())))
    moved = [
        old["segment_id"]
        for old, new in zip(before, after, strict=True)
        if old["contractor_code"] != new["contractor_code"]
    ]
    assert moved

"""Sweeping reports, inspections and registers: what is sent, and how it grows."""

import io
from datetime import date
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from simulator.county import County, CountyParameters
from simulator.drops import write_drops
from simulator.reference import table

REGISTERS = {
    "ad_facilities",
    "frontage_units",
    "residential_compounds",
    "institutions",
    "equipment",
    "assessment_objects",
    "supervision_items",
    "construction_waste",
    "toilets",
    "green_survey",
    "staffing",
    "parking",
    "contract_events",
    "department_inspections",
    "department_adjustments",
    "plan_projects",
}


def sheets(data: bytes) -> dict[str, list[list[object]]] | None:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError:
        return None
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def holders_on(county: County, day: date) -> dict[str, str]:
    segments = table(county, "road_segments", day)
    return {row["segment_id"]: row["contractor_code"] for row in segments}


def test_every_register_of_the_contract_is_sent(tmp_path: Path) -> None:
    parameters = CountyParameters(start=date(2025, 1, 1), dirt=0, missing=0)

    written = write_drops(County(parameters), tmp_path, date(2025, 4, 20))

    sent = {p.split("/")[1][:-12] for p in written if p.startswith("registers/")}
    assert sent == set(REGISTERS)


def test_a_road_changes_hands_in_the_middle_of_a_month() -> None:
    county = County(CountyParameters(start=date(2025, 5, 1)))

    before = holders_on(county, date(2025, 5, 15))
    after = holders_on(county, date(2025, 5, 16))

    assert before != after


def test_an_inspection_file_grows_through_its_month(tmp_path: Path) -> None:
    county = County(CountyParameters(start=date(2025, 5, 1), dirt=0))
    path = tmp_path / "inspections/inspections_202505.xlsx"

    sizes = []
    for day in (date(2025, 5, 7), date(2025, 5, 21), date(2025, 6, 8)):
        write_drops(county, tmp_path, day)
        book = sheets(path.read_bytes())
        assert book
        sizes.append(len(book["检查表"]))

    assert sizes == sorted(set(sizes))

"""A file belongs to a source by the exact name that the contract gives it."""

import pytest

from cityledger.sources.contracts import (
    FILE_SOURCES,
    INSPECTIONS,
    REFERENCE,
    REGISTERS,
    SANITATION,
    WEIGHBRIDGE,
    FileSource,
)


@pytest.mark.parametrize(
    ("source", "path", "owner", "stamp"),
    [
        (WEIGHBRIDGE, "weighbridge/ZZ_1/weigh_ZZ_1_20250603.csv", "ZZ_1", "20250603"),
        (SANITATION, "sanitation/C-01/sweeping_20250603.xlsx", "C-01", "20250603"),
        (INSPECTIONS, "inspections/inspections_202506.xlsx", None, "202506"),
        (REGISTERS, "registers/toilets_202506.xlsx", "toilets", "202506"),
        (REFERENCE, "reference/towns.csv", "towns", None),
    ],
)
def test_names_of_the_contract_match(
    source: FileSource, path: str, owner: str | None, stamp: str | None
) -> None:
    match = source.path.fullmatch(path)

    assert match is not None
    assert match.groupdict().get("owner") == owner
    assert match.groupdict().get("stamp") == stamp
    assert source.tables_of(owner)


@pytest.mark.parametrize(
    "path",
    [
        "weighbridge/A/weigh_B_20250603.csv",
        "weighbridge/A/weigh_A_20250603.csv.part",
        "weighbridge/A/weigh_A_20250603.CSV",
        "weighbridge/A/old/weigh_A_20250603.csv",
        "sanitation/A/~$sweeping_20250603.xlsx",
        "sanitation/A/sweeping_202506.xlsx",
        "registers/weather_202506.xlsx",
        "reference/towns_202506.csv",
    ],
)
def test_other_names_do_not(path: str) -> None:
    assert not any(source.path.fullmatch(path) for source in FILE_SOURCES)


def test_no_table_of_the_contract_names_a_column_twice() -> None:
    for source in FILE_SOURCES:
        owners = source.by_owner or {None: source.tables}
        for owner in owners:
            for table in source.tables_of(owner):
                assert len(set(table.columns)) == len(table.columns) > 2

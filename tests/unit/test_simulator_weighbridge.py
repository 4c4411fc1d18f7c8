"""The weighbridge files come in many hands; what they break, the golden tests ask."""

from datetime import date
from pathlib import Path

from simulator.county import County, CountyParameters
from simulator.drops import write_drops
from simulator.elsewhere import Census, invented
from simulator.reference import table


def decoded(data: bytes) -> str | None:
    is_wide = data.startswith(b"\xff\xfe")
    for encoding in ("utf-16",) if is_wide else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def test_facilities_write_in_different_hands(tmp_path: Path) -> None:
    county = County(CountyParameters(start=date(2025, 6, 1), dirt=0))

    written = write_drops(county, tmp_path, date(2025, 6, 3))

    files = [p for p in written if p.startswith("weighbridge/")]
    texts = [(tmp_path / path).read_bytes() for path in files]
    assert any(text.startswith(b"\xef\xbb\xbf") for text in texts)
    assert any(not is_utf8(text) for text in texts)
    joined = "".join(str(decoded(text)) for text in texts)
    assert any(digit in joined for digit in "１２３４５")
    assert '"' in joined


def test_dirty_programs_write_what_offices_really_send(tmp_path: Path) -> None:
    county = County(CountyParameters(start=date(2025, 6, 1), dirt=0.05))

    written = write_drops(county, tmp_path, date(2025, 6, 20))

    files = [p for p in written if p.startswith("weighbridge/")]
    data = [(tmp_path / path).read_bytes() for path in files]
    headers = [str(decoded(text)).splitlines()[0] for text in data]
    assert any(text.startswith(b"\xff\xfe") for text in data)
    assert any(header.count(";") > 16 for header in headers)
    assert any(header.count("\t") > 16 for header in headers)
    assert any(header.count("备用") == 2 for header in headers)
    bodies = "".join(str(decoded(text)) for text in data)
    for sign in ('"鄂C', "夜\n班", "\0", "合计", "制表", "2025/06/0", "2025-6-"):
        assert sign in bodies


def is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def test_a_quiet_facility_is_known_and_silent(tmp_path: Path) -> None:
    county = County(CountyParameters(shape=invented(Census()), start=date(2025, 6, 1)))

    write_drops(county, tmp_path, date(2025, 6, 5))

    quiet = [f.facility_id for f in county.shape.facilities if f.is_quiet]
    known = {row["facility_id"] for row in table(county, "facilities", county.start)}
    assert quiet
    assert set(quiet) <= known
    assert not any((tmp_path / "weighbridge" / name).exists() for name in quiet)


def test_a_correction_names_a_ticket_of_its_facility() -> None:
    from simulator.weighbridge.tickets import tickets  # noqa: PLC0415

    county = County(CountyParameters(start=date(2025, 5, 1)))
    days = list(county.days(until=date(2025, 6, 30)))

    known: set[object] = set()
    corrections = []
    for day in days:
        for facility, rows in tickets(county, day).items():
            known.update((facility, row["磅单号"]) for row in rows)
            corrections += [(facility, row) for row in rows if row["状态"] == "更正"]

    assert corrections
    assert all((name, row["更正磅单号"]) in known for name, row in corrections)
    assert any(
        str(row["毛重时间"])[:10].replace("-", "") not in str(row["磅单号"])
        for _, row in corrections
    )

"""The weighbridge files keep the contract, and break it exactly where planted."""

import csv
import io
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from simulator.county import County, CountyParameters
from simulator.drops import write_drops
from simulator.elsewhere import Census, invented
from simulator.planted import RULES
from simulator.reference import table
from simulator.shape import CountyShape
from simulator.zhushan import ZHUSHAN

REQUIRED = {
    "磅单号", "衡器编号", "方向", "车牌号", "运输单位", "垃圾类别", "是否二次",
    "来源类型", "来源编码", "去向设施", "毛重kg", "皮重kg", "净重kg", "毛重时间",
    "皮重时间", "状态", "更正磅单号", "司磅员",
}  # fmt: skip
ENUMS = {
    "方向": {"进", "出"},
    "垃圾类别": {
        "其他垃圾", "厨余垃圾", "有害垃圾", "可回收物", "建筑垃圾", "大件垃圾",
        "园林垃圾", "粪便", "残渣", "炉渣", "飞灰", "渗滤液",
    },
    "是否二次": {"是", "否"},
    "来源类型": {"城区环卫", "乡镇", "单位", "设施"},
    "状态": {"有效", "作废", "补录", "更正"},
}  # fmt: skip


def decoded(data: bytes) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def kilograms(text: str) -> float | None:
    try:
        return float(unicodedata.normalize("NFKC", text).replace(",", ""))
    except ValueError:
        return None


def moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def broken_rule(row: dict[str, str], seen: set[str], places: set[str]) -> str | None:
    """Return the first rule that a row of the right width breaks."""
    gross, tare, net = (kilograms(row[f"{name}重kg"]) for name in "毛皮净")
    weighed = gross is not None and tare is not None and net is not None
    times = moment(row["毛重时间"]), moment(row["皮重时间"])
    apart = (
        abs((times[0] - times[1]).total_seconds()) if times[0] and times[1] else None
    )
    checks = (
        ("B01", not row["磅单号"]),
        ("B02", not weighed or net <= 0),
        ("B03", weighed and abs(gross - tare - net) > 20),
        ("B04", any(row[column] not in words for column, words in ENUMS.items())),
        ("B05", apart is None or apart > 12 * 3_600),
        ("B06", row["来源编码"] not in places or row["去向设施"] not in {"", *places}),
        ("B07", row["磅单号"] in seen),
    )
    seen.add(row["磅单号"])
    return next((rule for rule, is_broken in checks if is_broken), None)


def verdicts(data: bytes, places: set[str]) -> Iterator[tuple[int | None, str]]:
    """Return line and rule of everything that a file breaks."""
    text = decoded(data)
    lines = list(csv.reader(io.StringIO(text))) if text else []
    if not lines or REQUIRED - set(lines[0]):
        yield None, "B10"
        return
    seen: set[str] = set()
    for number, cells in enumerate(lines[1:], start=2):
        if len(cells) != len(lines[0]):
            yield number, "B08"
            continue
        rule = broken_rule(dict(zip(lines[0], cells, strict=True)), seen, places)
        if rule:
            yield number, rule


@pytest.mark.parametrize("shape", [ZHUSHAN, invented(Census())], ids=lambda s: s.name)
def test_every_broken_ticket_is_a_planted_one(
    shape: CountyShape, tmp_path: Path
) -> None:
    start, end = date(2025, 4, 20), date(2025, 6, 2)
    county = County(CountyParameters(shape=shape, start=start, dirt=0.02, resent=0.2))
    places = {f.facility_id for f in shape.facilities} | {t.code for t in shape.towns}
    found: Counter[tuple[str, int | None, str]] = Counter()
    before: dict[str, bytes] = {}

    for day in county.days(until=end):
        for path in write_drops(county, tmp_path, day):
            data = (tmp_path / path).read_bytes()
            if path.startswith("weighbridge/") and before.get(path) != data:
                before[path] = data
                found.update((path, *verdict) for verdict in verdicts(data, places))

    planted = Counter(
        (p.file, p.line, p.rule)
        for p in county.planted(end)
        if p.source == "weighbridge"
    )
    assert found == planted
    assert {rule for _, _, rule in found} == {*RULES["tickets"], "B10"}


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

"""Sweeping reports, inspections and registers break the contract only as planted."""

import io
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from python_calamine import CalamineError, CalamineWorkbook

from simulator.county import County, CountyParameters
from simulator.drops import write_drops
from simulator.elsewhere import Census, invented
from simulator.planted import RULES
from simulator.reference import table
from simulator.shape import CountyShape
from simulator.zhushan import ZHUSHAN

Row = dict[str, object]

SWEEPING = {
    "日期",
    "路段编码",
    "作业方式",
    "应作业趟次",
    "实际趟次",
    "覆盖率",
    "车牌号",
    "备注",
}
MODULES = {"QS": 9, "JX": 5, "SY": 7, "GC": 5, "SB": 4, "TS": 4, "AQ": 4}
ITEMS = {f"{m}{n:02d}" for m, count in MODULES.items() for n in range(1, count + 1)}
# By register: key, typed columns, enumerated columns, all columns.
REGISTERS: dict[str, tuple[str, dict[str, str], dict[str, set[str]], int]] = {
    "ad_facilities": (
        "设施编号",
        {
            "许可起": "date",
            "许可止": "date",
            "最近检查日期": "date",
            "符合规划": "bool",
        },
        {"最近检查结果": {"合格", "不合格"}},
        11,
    ),
    "frontage_units": (
        "单位编号",
        {"责任书签订日期": "date", "最近检查日期": "date", "注销日期": "date"},
        {
            "类型": {"商户", "机关", "企事业", "工地", "空置"},
            "最近检查结果": {"合格", "不合格"},
        },
        8,
    ),
    "residential_compounds": (
        "小区编号",
        {"户数": "number", "纳入范围": "bool", "本月分类收运次数": "number"},
        {},
        8,
    ),
    "institutions": (
        "机构编号",
        {"纳入范围": "bool", "容器到位": "bool"},
        {"类型": {"公共机构", "企业"}, "检查结果": {"合格", "不合格"}},
        8,
    ),
    "equipment": ("装备名称", {"标准数量": "number", "在用合格数量": "number"}, {}, 3),
    "assessment_objects": (
        "对象编号",
        {"应考核": "bool", "已评分项数": "number"},
        {"类型": {"成员单位", "区域"}},
        6,
    ),
    "supervision_items": (
        "事项编号",
        {"交办时间": "date", "期限": "date", "验收时间": "date"},
        {"状态": {"办理中", "已落实", "已取消"}},
        8,
    ),
    "construction_waste": (
        "项目编号",
        {"产生量kg": "number", "就地利用量kg": "number"},
        {},
        5,
    ),
    "toilets": (
        "公厕编号",
        {"设施得分": "number", "保洁得分": "number", "一票否决": "bool"},
        {},
        8,
    ),
    "green_survey": ("年度", {"建成区面积km2": "number"}, {}, 8),
    "staffing": ("在编执法人员", {"辅助人员": "number"}, {}, 3),
    "parking": ("配建车位", {"汽车保有量": "number"}, {}, 4),
    "contract_events": (
        "事件编号",
        {"发生日期": "date"},
        {"类型": {"P1", "P2", "P3", "P4", "P5", "B1", "B2"}},
        6,
    ),
    "department_inspections": ("单位编码", {"得分": "number"}, {}, 3),
    "department_adjustments": ("单位编码", {"加减分": "number"}, {}, 4),
    "plan_projects": ("项目编号", {"目标数量": "number", "佐证日期": "date"}, {}, 7),
}


def sheets(data: bytes) -> dict[str, list[list[object]]] | None:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except CalamineError:
        return None
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def rows(lines: list[list[object]]) -> list[Row]:
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[1:]]


def as_date(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return datetime.fromisoformat(str(value)).date()
    except ValueError:
        return None


def is_typed(value: object, kind: str) -> bool:
    if value == "":
        return True
    if kind == "bool":
        return value in ("是", "否")
    return isinstance(value, float) if kind == "number" else as_date(value) is not None


def sweeping_verdicts(
    path: str, data: bytes, day: date, held: dict[str, str]
) -> Iterator[tuple[int | None, str]]:
    book = sheets(data)
    if not book or "作业日报" not in book or SWEEPING - set(book["作业日报"][0]):
        yield None, "C10"
        return
    contractor = path.split("/")[1]
    for number, row in enumerate(rows(book["作业日报"]), start=2):
        numbers = (row["应作业趟次"], row["实际趟次"], row["覆盖率"])
        in_range = all(isinstance(n, float) and n >= 0 for n in numbers) and (
            float(str(row["覆盖率"])) <= 1
        )
        checks = (
            ("C01", held.get(str(row["路段编码"])) != contractor),
            ("C02", not in_range),
            ("C03", as_date(row["日期"]) != day),
            ("C04", row["作业方式"] not in ("机械", "人工")),
        )
        rule = next((rule for rule, is_broken in checks if is_broken), None)
        if rule:
            yield number, rule


def inspection_verdicts(
    data: bytes, contractors: set[str]
) -> Iterator[tuple[str, int, str]]:
    book = sheets(data)
    assert book
    known = set()
    for number, row in enumerate(rows(book["检查表"]), start=2):
        known.add(row["检查表编号"])
        modules = str(row["检查模块"]).split(",")
        if row["合同单位"] not in contractors:
            yield "检查表", number, "C21"
        elif not set(modules) <= set(MODULES):
            yield "检查表", number, "C22"
        assert row["类型"] in ("DAILY", "JOINT")
        assert row["状态"] in ("已确认", "申诉中", "已撤销")
    for number, row in enumerate(rows(book["扣分明细"]), start=2):
        checks = (
            ("C22", row["扣分项"] not in ITEMS),
            ("C23", row["检查表编号"] not in known),
            ("C24", not isinstance(row["数量"], float) or row["数量"] <= 0),
        )
        rule = next((rule for rule, is_broken in checks if is_broken), None)
        if rule:
            yield "扣分明细", number, rule


def register_verdicts(
    register: str, data: bytes, towns: set[str]
) -> Iterator[tuple[int | None, str]]:
    key, typed, enums, width = REGISTERS[register]
    book = sheets(data)
    first = next(iter(book.values())) if book else []
    if not first or len(first[0]) < width:
        yield None, "E10"
        return
    seen: set[object] = set()
    for number, row in enumerate(rows(first), start=2):
        checks = (
            ("E01", row[key] == "" or row[key] in seen),
            ("E02", not all(is_typed(row[c], kind) for c, kind in typed.items())),
            ("E03", any(row[c] not in {"", *words} for c, words in enums.items())),
            ("E04", row.get("乡镇编码", next(iter(towns))) not in towns),
        )
        seen.add(row[key])
        rule = next((rule for rule, is_broken in checks if is_broken), None)
        if rule:
            yield number, rule


def file_day(path: str) -> date:
    return datetime.strptime(path[-13:-5] + "+0800", "%Y%m%d%z").date()


@pytest.mark.parametrize("shape", [ZHUSHAN, invented(Census())], ids=lambda s: s.name)
def test_every_broken_cell_is_a_planted_one(shape: CountyShape, tmp_path: Path) -> None:
    start, end = date(2025, 4, 20), date(2025, 6, 10)
    county = County(CountyParameters(shape=shape, start=start, dirt=0.02, resent=0.2))
    contractors = {c.code for c in shape.contractors}
    towns = {t.code for t in shape.towns}
    found: Counter[tuple[str, str | None, int | None, str]] = Counter()
    before: dict[str, bytes] = {}

    for day in county.days(until=end):
        for path in write_drops(county, tmp_path, day):
            data = (tmp_path / path).read_bytes()
            if not path.endswith(".xlsx") or before.get(path) == data:
                continue
            before[path] = data
            if path.startswith("sanitation/"):
                held = holders_on(county, file_day(path))
                verdicts = sweeping_verdicts(path, data, file_day(path), held)
                found.update((path, None, *verdict) for verdict in verdicts)
            elif path.startswith("inspections/"):
                verdicts_ = inspection_verdicts(data, contractors)
                found.update((path, *verdict) for verdict in verdicts_)
            else:
                register = path.split("/")[1][:-12]
                broken = register_verdicts(register, data, towns)
                found.update((path, None, *verdict) for verdict in broken)

    sources = ("sanitation", "inspections", "registers")
    planted = Counter(
        (p.file, p.sheet if p.source == "inspections" else None, p.line, p.rule)
        for p in county.planted(end)
        if p.source in sources
    )
    assert found == planted
    expected = {*RULES["sweeping"], *RULES["inspections"], *RULES["registers"]}
    assert {key[3] for key in found} == expected | {"C10", "E10"}


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

"""Published fixture: believable published files for the pages, without a pipeline.

The tables and columns are the mart contract's; the county, its towns' figures and its
records are made up, the same ones every time.
"""

import os
import random
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb
import pyarrow as pa
import yaml

from cityledger.release import public_file
from cityledger.snapshot import MARTS
from tests.browser.published_pages import rows_of_pages

CONTRACTS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts"

COUNTY = "420323000000"
TOWNS = {
    "420323100000": "城关镇",
    "420323101000": "溢水镇",
    "420323102000": "麻家渡镇",
    "420323103000": "宝丰镇",
    "420323104000": "擂鼓镇",
    "420323105000": "秦古镇",
    "420323106000": "得胜镇",
    "420323107000": "上庸镇",
    "420323108000": "官渡镇",
    "420323200000": "潘口乡",
    "420323201000": "竹坪乡",
    "420323202000": "大庙乡",
    "420323203000": "双台乡",
    "420323204000": "楼台乡",
    "420323205000": "文峰乡",
    "420323206000": "深河乡",
    "420323207000": "柳林乡",
}
BY_TOWN = {"I02", "I03", "I04", "I05", "I06", "I08", "I10", "I17", "I18", "I19"}
CASE_FAMILY = {"I03", "I04", "I05", "I18"}
GROUPS = ["市容环境整治", "垃圾综合治理", "园林路灯管理", "城管执法建设"]
BINDING, EXPECTED = "约束性", "预期性"
DOCUMENT = "竹山县城市管理“十四五”规划"

LEADERS_TABLES = {
    "indicators": """
        indicator_id varchar, name_zh varchar, name_en varchar, group_zh varchar,
        unit varchar, nature varchar, direction varchar, period_types varchar,
        scope_zh varchar, formula_zh varchar, formula_version varchar,
        source_systems varchar, owner_zh varchar, method_note_zh varchar""",
    "targets": """
        claim_id varchar, indicator_id varchar, value double, op varchar,
        value_high double, unit varchar, year integer, nature varchar,
        status varchar, document varchar, location varchar, quote varchar,
        valid_from date""",
    "indicator_values": """
        indicator_id varchar, period_type varchar, period varchar,
        area_code varchar, numerator double, denominator double, value double,
        null_reason varchar, excluded bigint, n bigint, target double,
        status varchar, note varchar, stage varchar, completeness double,
        formula_version varchar, target_claim_id varchar, as_of date""",
    "indicator_ledger": """
        indicator_id varchar, period varchar, area_code varchar, edition integer,
        stage varchar, numerator double, denominator double, value double,
        target double, formula_version varchar, target_claim_id varchar,
        as_of date, recorded_at timestamp, reason varchar, run_id varchar""",
    "indicator_records": """
        indicator_id varchar, period varchar, area_code varchar, role varchar,
        record_type varchar, record_key varchar, amount double, reason varchar""",
    "source_health": """
        source varchar, business_date date, expected double, received bigint,
        accepted bigint, quarantined bigint, superseded bigint, ignored bigint,
        last_record_at timestamp, loaded_at timestamp, status varchar""",
    "quarantine_summary": """
        source varchar, rule varchar, month varchar, rows_quarantined bigint,
        open bigint, resubmitted bigint""",
    "runs": """
        run_id varchar, as_of date, started_at timestamp, finished_at timestamp,
        outcome varchar, rows_in bigint, rows_accepted bigint,
        rows_quarantined bigint, rows_superseded bigint, rows_ignored bigint,
        code_version varchar,
        checks integer, failures integer, warnings integer""",
}


RELEASE_COLUMNS = (
    "release_id", "version", "period", "published_at", "reason", "manifest_sha256",
)  # fmt: skip
CHANGE_COLUMNS = (
    "release_id", "indicator_id", "period", "area_code", "old_value", "new_value",
    "kind", "reason",
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """An indicator of the made-up county and how it behaves."""

    indicator_id: str
    name: str
    group: str
    target: float | None
    nature: str | None
    level: float
    size: int
    unit: str = "%"
    period_types: str = "MQY"
    op: str = "ge"
    swing: float = 1.5
    last: float | None = None
    null_reason: str | None = None
    completeness: float = 1.0
    note: str | None = None


G1, G2, G3, G4 = GROUPS
PLANS = [
    Plan("I01", "城区主次干道清扫保洁机械化作业率", G1, 100, EXPECTED, 98, 13214),
    Plan("I02", "户外广告规范化设置率", G1, 95, EXPECTED, 94.5, 842, last=95.84),
    Plan("I03", "违法广告发现处置率", G1, 100, BINDING, 99.2, 61,
         null_reason="no_denominator"),
    Plan("I04", "新增违法建设及时查处率", G1, 100, BINDING, 93, 52, last=92.31),
    Plan("I05", "违法占道案件及时查处率", G1, 90, EXPECTED, 90.5, 1204, last=91.45),
    Plan("I06", "“门前三包”责任落实率", G1, 100, EXPECTED, 86, 3127, last=86.22),
    Plan("I07", "城区生活垃圾无害化处理率", G2, 100, BINDING, 99.7, 4880,
         swing=0.3, last=99.996),
    Plan("I08", "居民区生活垃圾分类覆盖率", G2, 80, BINDING, 72, 325, last=76.0),
    Plan("I09", "生活垃圾焚烧处理率", G2, 80, EXPECTED, 80, 7312, last=82.41),
    Plan("I10", "城区公共机构、企业垃圾分类覆盖率", G2, 100, BINDING, 96, 268,
         last=97.39),
    Plan("I11", "生活垃圾回收利用率", G2, 35, BINDING, 27, 8120, last=28.63),
    Plan("I12", "城区建筑垃圾集中消纳和资源化利用率", G2, 100, EXPECTED, 95, 1411,
         null_reason="not_collected"),
    Plan("I13", "建成区绿化覆盖率", G3, 42, EXPECTED, 42.6, 1, period_types="Y",
         last=43.1, note="carried_forward"),
    Plan("I14", "建成区绿地率", G3, 40, EXPECTED, 40.2, 1, period_types="Y",
         last=40.8),
    Plan("I15", "城市人均公园绿地面积", G3, 15, EXPECTED, 14, 1, unit="m²/人",
         period_types="Y", last=14.21),
    Plan("I16", "路灯装灯率", G3, 100, EXPECTED, 99.9, 211, swing=0.2, last=100.0),
    Plan("I17", "亮灯率", G3, 98, EXPECTED, 98.4, 386610, swing=0.6, last=97.42,
         completeness=0.912),
    Plan("I18", "城区城市管理类市民投诉件办结率", G4, 98, EXPECTED, 98.3, 512,
         swing=0.8, last=98.63),
    Plan("I19", "城区城市管理类市民投诉办结满意率", G4, 99, EXPECTED, 98.6, 448,
         swing=0.7, last=99.11),
    Plan("I20", "城管执法装备配置达标率", G4, 98, EXPECTED, 98.1, 1060, swing=0.4,
         last=98.21),
    Plan("I21", "城市综合管理检查考核覆盖率", G4, 100, EXPECTED, 99.5, 44,
         null_reason="not_due"),
    Plan("X01", "城市综合管理重大事项协调督办落实率", G4, 100, None, 96, 25,
         last=96.0),
    Plan("X02", "城管执法人员配备比例", G4, 5, None, 5.2, 1, unit="‱",
         period_types="Y", null_reason="not_due"),
    Plan("X03", "协管人员与在编执法人员配比", G4, 1, None, 1.08, 1, unit="比",
         period_types="Y", op="between", swing=0.1, last=1.1, note="超上限"),
    Plan("I11b", "生活垃圾回收利用率（简化口径）", G2, None, None, 36, 6210,
         last=37.34),
    Plan("I17b", "亮灯率（剔除未知）", G3, None, None, 99, 381220,
         swing=0.3, last=99.21),
    Plan("X04a", "721 服务手段解决占比", G4, None, None, 68, 2914),
    Plan("X04b", "721 管理手段解决占比", G4, None, None, 22, 2914),
    Plan("X04c", "721 执法手段解决占比", G4, None, None, 10, 2914),
    Plan("X06a", "问题总数", G4, None, None, 3210, 3210, unit="件",
         swing=180),
    Plan("X10", "新增违法建设数", G4, None, None, 14, 14, unit="件", swing=5),
]  # fmt: skip


def _yesterday() -> date:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date() - timedelta(days=1)


@dataclass
class County:
    """One published night of the made-up county."""

    as_of: date = field(default_factory=_yesterday)
    months: int = 14
    name_suffix: str = ""
    all_null: bool = False
    run_id: str = "night"

    def __post_init__(self) -> None:
        """Seed the one source of chance, so that two counties alike are equal."""
        self.chance = random.Random(20250630)  # noqa: S311

    def month_list(self) -> list[date]:
        """List the months up to the running one."""
        first = self.as_of.replace(day=1)
        months = [first]
        while len(months) < self.months:
            first = (first - timedelta(days=1)).replace(day=1)
            months.append(first)
        return months[::-1]

    def periods(self, types: str) -> list[tuple[str, str]]:
        """List the periods of the given types, oldest first."""
        months = self.month_list()
        named = {
            "M": [f"{m:%Y-%m}" for m in months],
            "Q": [f"{m.year}Q{(m.month + 2) // 3}" for m in months],
            "Y": [str(m.year) for m in months],
        }
        return [(t, p) for t in types for p in dict.fromkeys(named[t])]


def publish_leaders(data_dir: Path, county: County, version: str = "v1") -> Path:
    """Publish a night the way the pipeline does: a new version, then the pointer."""
    built = _new_file(data_dir, version, "leaders.duckdb")
    build_leaders(built, county)
    _point(data_dir, version, "leaders.duckdb")
    return built


def publish_public(data_dir: Path, county: County | None, version: str = "v1") -> Path:
    """Publish the public file; without a county nothing has been released."""
    built = _new_file(data_dir, version, "public.duckdb")
    build_public(built, county)
    _point(data_dir, version, "public.duckdb")
    return built


def build_leaders(path: Path, county: County | None) -> None:
    """Write leaders.duckdb; without a county its tables are empty."""
    with duckdb.connect(str(path)) as marts:
        _create(marts, contracts())
        if county is None:
            return
        values = _values(county)
        _fill(marts, "indicators", _indicators(county))
        _fill(marts, "targets", _targets())
        _fill(marts, "indicator_values", values)
        _fill(marts, "indicator_ledger", _ledger(county, values))
        _fill(marts, "indicator_records", _records(county, values))
        _fill(marts, "source_health", _source_health(county))
        _fill(marts, "quarantine_summary", _quarantine(county))
        _fill(marts, "runs", _runs(county))
        _name_areas(marts)
        marts.execute(
            "update indicator_records set period_start = cast(period || '-01' as date)"
        )
        pages = rows_of_pages(
            county.as_of,
            county.month_list(),
            county.name_suffix,
            unknown=county.all_null,
        )
        for name, rows in pages.items():
            marts.register("filled", pa.Table.from_pylist(rows))
            marts.execute(f"insert into {name} by name select * from filled")  # noqa: S608
            marts.unregister("filled")


def contracts() -> dict[str, str]:
    """Read every published mart's columns and types from its contract."""
    models = [
        model
        for path in sorted(CONTRACTS.glob("*.yml"))
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", [])
    ]
    return {
        model["name"]: ", ".join(
            f'"{column["name"]}" {column["data_type"]}' for column in model["columns"]
        )
        for model in models
        if model["name"] in MARTS
    }


def build_public(path: Path, county: County | None) -> None:
    """Write public.duckdb with two released months, one of them corrected."""
    public_file.write_empty(path)
    if county is None:
        return
    periods = [period for _, period in county.periods("M")][-3:-1]
    values = [v for v in _values(county) if v[3] == COUNTY and v[0][0] == "I"]
    releases, released = [], []
    for number, period in enumerate(periods, start=1):
        at = datetime.combine(county.as_of - timedelta(days=62 - 30 * number), time(9))
        releases.append((f"R{number}", 1, period, at, "月度公开", "0" * 64))
        released += [(f"R{number}", *v) for v in values if v[2] == period]
    changed = ("R2", "I05", periods[0], COUNTY, 90.12, 90.31, "更正", "补录案件 3 件")
    with duckdb.connect(str(path)) as marts:
        _fill(marts, "indicators", _indicators(county))
        _fill(marts, "targets", _targets())
        _fill(marts, "releases", releases, RELEASE_COLUMNS)
        _fill(
            marts,
            "indicator_values",
            released,
            ["release_id", *_columns("indicator_values")],
        )
        _fill(marts, "changes", [changed], CHANGE_COLUMNS)


def _new_file(data_dir: Path, version: str, name: str) -> Path:
    folder = data_dir / "published" / "versions" / version
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).unlink(missing_ok=True)
    return folder / name


def _point(data_dir: Path, version: str, name: str) -> None:
    published = data_dir / "published"
    before = published / "current"
    if before.exists():
        for kept in before.resolve().iterdir():
            if not (published / "versions" / version / kept.name).exists():
                shutil.copy(kept, published / "versions" / version)
    staged = published / ".current"
    staged.symlink_to(Path("versions") / version)
    os.replace(staged, before)  # noqa: PTH105  (the pipeline's own call)
    if not (published / name).is_symlink():
        (published / name).symlink_to(Path("current") / name)


def _create(marts: duckdb.DuckDBPyConnection, tables: dict[str, str]) -> None:
    for name, columns in tables.items():
        marts.execute(f"create table {name} ({columns})")


def _fill(
    marts: duckdb.DuckDBPyConnection,
    name: str,
    rows: list[tuple],
    columns: Sequence[str] | None = None,
) -> None:
    if rows:
        names = list(columns or _columns(name))
        filled = pa.table(list(map(pa.array, zip(*rows, strict=True))), names)
        marts.register("filled", filled)
        marts.execute(f"insert into {name} by name select * from filled")  # noqa: S608
        marts.unregister("filled")


def _columns(name: str) -> list[str]:
    return [column.split()[0] for column in LEADERS_TABLES[name].split(",")]


def _name_areas(marts: duckdb.DuckDBPyConnection) -> None:
    for code, name in ({COUNTY: "竹山县"} | TOWNS).items():
        marts.execute(
            "update indicator_values set area_name = ? where area_code = ?",
            [name, code],
        )


def _indicators(county: County) -> list[tuple]:
    return [
        (
            plan.indicator_id,
            plan.name + county.name_suffix,
            plan.indicator_id,
            plan.group,
            plan.unit,
            plan.nature,
            "higher",
            plan.period_types,
            "县城区（城关镇等 5 个社区）" if plan.target else "全县",
            "本期应办案件中按期办结的件数 ÷ 本期应办案件数 × 100%",
            "1.0",
            "案件平台",
            "县城市管理执法局",
            "规划未写明口径，采用本系统默认口径；县里可以替换。",
        )
        for plan in PLANS
    ]


def _targets() -> list[tuple]:
    rows = [
        (
            f"{plan.indicator_id}-T1", plan.indicator_id, plan.target, plan.op,
            plan.target if plan.op == "between" else None, plan.unit, 2025,
            plan.nature, "effective", DOCUMENT, "第二章 三（二）表1",
            f"{plan.name}（%） {plan.target:g} {plan.nature or ''}".strip(),
            date(2021, 1, 1),
        )
        for plan in PLANS
        if plan.target is not None
    ]  # fmt: skip
    recorded = (
        "I08-C3", "I08", 70.0, "ge", None, "%", 2025, BINDING, "recorded",
        DOCUMENT, "第三章 五", "居民区垃圾分类覆盖率达到70%", date(2021, 1, 1),
    )  # fmt: skip
    return [*rows, recorded]


def _values(county: County) -> list[tuple]:
    rows = []
    for plan in PLANS:
        for kind, period in county.periods(plan.period_types):
            is_last = period == county.periods(kind)[-1][1]
            rows.append(_value(county, plan, kind, period, COUNTY, is_last))
            if plan.indicator_id in BY_TOWN and kind == "M":
                rows += [
                    _value(county, plan, kind, period, town, is_last) for town in TOWNS
                ]
    return rows


def _value(
    county: County, plan: Plan, kind: str, period: str, area: str, is_last: bool
) -> tuple:
    chance = county.chance
    reason = plan.null_reason if is_last else None
    if county.all_null:
        reason = reason or "source_late"
    is_town = area != COUNTY
    if is_town and chance.random() < 0.12:
        reason = "below_min_sample" if plan.indicator_id == "I19" else "no_denominator"
    value = plan.level + chance.uniform(-plan.swing, plan.swing)
    if is_last and plan.last is not None and not is_town:
        value = plan.last
    if is_town:
        value += chance.uniform(-4, 3)
    if plan.unit == "%":
        value = min(value, 100.0)
    n = max(plan.size // 17, 3) if is_town else plan.size
    completeness = plan.completeness if is_last else 1.0
    value = None if reason else value
    is_count = plan.unit == "件"
    return (
        plan.indicator_id, kind, period, area,
        None if value is None else value if is_count else value * n / 100,
        None if value is None or is_count else float(n),
        round(value) if is_count and value is not None else value,
        reason,
        0 if reason else 3, 0 if reason else n, plan.target,
        _status(plan, value, completeness),
        plan.note,
        "初报" if is_last else "终报",
        completeness, "1.0",
        None if plan.target is None else f"{plan.indicator_id}-T1",
        county.as_of,
    )  # fmt: skip


def _status(plan: Plan, value: float | None, completeness: float) -> str:
    if value is None:
        return "无数据"
    if completeness < 0.95:
        return "数据不完整"
    if plan.target is None:
        return "描述性"
    if plan.indicator_id == "I08" and 70 <= value < 80:
        return "口径冲突区间"
    met = value == plan.target if plan.op == "between" else value >= plan.target
    return "达标" if met else "未达标"


LEDGER_REASONS = {
    "初报": "数据更新",
    "终报": "冻结期满，终报",
    "修订": "冻结后数据更正：分子 1100 → 1102，分母 1204 → 1204",
}


def _ledger(county: County, values: list[tuple]) -> list[tuple]:
    rows = []
    for row in values:
        kind, period, area, stage = row[1], row[2], row[3], row[13]
        if kind != "M" or area != COUNTY or row[6] is None:
            continue
        stages = ["初报"] * 9 if stage == "初报" else ["初报", "终报"]
        if row[0] == "I05" and stage == "终报":
            stages.append("修订")
        for edition, said in enumerate(stages, start=1):
            known = county.as_of - timedelta(days=len(stages) - edition)
            at = datetime.combine(known + timedelta(days=1), time(2, 41))
            rows.append((
                row[0], period, area, edition, said, row[4], row[5], row[6],
                row[10], "1.0", row[16], known, at,
                LEDGER_REASONS[said] if edition > 1 else "首次报告", county.run_id,
            ))  # fmt: skip
    return rows


def _records(county: County, values: list[tuple]) -> list[tuple]:
    last = county.periods("M")[-1][1]
    rows = []
    for row in values:
        if row[0] not in CASE_FAMILY or row[2] != last or row[6] is None:
            continue
        n, done = row[9], round(row[9] * row[6] / 100)
        keys = [f"AJ{row[3][6:9]}{number:06d}" for number in range(n)]
        head = (row[0], last, row[3])
        rows += [(*head, "denominator", "case", key, 1.0, None) for key in keys]
        rows += [(*head, "numerator", "case", key, 1.0, None) for key in keys[:done]]
        rows += [
            (*head, "excluded", "case", f"AJX{number}", None, reason)
            for number, reason in enumerate(["作废", "重复", "挂账"])
        ]
    return rows


MONTHLY = {"registers", "reference", "inspections"}


def _source_health(county: County) -> list[tuple]:
    volumes = {
        "cases": 118, "case_events": 702, "callbacks": 61, "weighbridge": 214,
        "sanitation": 388, "inspections": 9, "lighting": 386610, "registers": 15210,
        "reference": 1340,
    }  # fmt: skip
    late = {
        ("weighbridge", 0): "部分",
        ("lighting", 0): "迟到",
        ("sanitation", 5): "缺失",
    }
    rows = []
    for source, volume in volumes.items():
        for back in range(62):
            when = county.as_of - timedelta(days=back)
            if source in MONTHLY and when.day != 1:
                continue
            status = late.get((source, back), "正常")
            received = 0 if status == "缺失" else volume - back % 7
            bad = received // 190
            old = received // 60
            rows.append((
                source, when, volume, received, received - bad - old - 1, bad, old, 1,
                datetime.combine(when, time(23, 50)),
                datetime.combine(when + timedelta(days=1), time(2, 35)), status,
            ))  # fmt: skip
    return rows


def _quarantine(county: County) -> list[tuple]:
    this, before = (f"{month:%Y-%m}" for month in county.month_list()[:-3:-1])
    return [
        ("weighbridge", "B03", this, 14, 9, 5),
        ("cases", "A06", this, 6, 6, 0),
        ("registers", "E02", this, 3, 1, 2),
        ("sanitation", "C10", this, 1, 1, 0),
        ("weighbridge", "B07", before, 22, 0, 22),
        ("lighting", "D03", before, 4, 0, 4),
    ]


OUTCOMES = {3: "published_incomplete", 6: "refused"}


def _runs(county: County) -> list[tuple]:
    rows = []
    for back in range(20):
        when = county.as_of - timedelta(days=back)
        start = datetime.combine(when + timedelta(days=1), time(2, 30))
        outcome = OUTCOMES.get(back, "published")
        rows.append((
            f"{when:%Y%m%d}-{county.run_id}", when, start,
            start + timedelta(minutes=11, seconds=7 * back), outcome,
            404_120 - 31 * back, 397_880 - 31 * back, 2_140, 4_080, 20, "0.1.0",
            *((61, int(outcome == "refused"), 1) if back < 15 else (None,) * 3),
        ))  # fmt: skip
    return rows

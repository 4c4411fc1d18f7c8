"""A published night without dbt: a leaders' file by hand, described by the real yml.

Four towns, a few months; what differs between two nights is given to `night`.
"""

import json
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import yaml

from cityledger import transform, versions
from cityledger.release import draft, journal, proof, signers, workflow
from cityledger.release.shelf import Release
from cityledger.release.signers import Signer
from cityledger.release.workflow import Decision
from cityledger.settings import DataDir, Settings
from cityledger.versions import LEADERS, PUBLIC, Version

ROOT = Path(__file__).parents[2]
COUNTY = "420323000000"
TOWNS = {
    f"4203231{n:02d}000": name
    for n, name in enumerate(("甲镇", "乙镇", "丙乡", "丁乡"))
}
NOW = datetime(2025, 7, 10, 9, 0)  # noqa: DTZ001 - as the county writes it
DRAFTER, CHECKER, SIGNER = "bianzhi", "hedui", "juzhang"
PEOPLE = {DRAFTER: "编制员", CHECKER: "核对员", SIGNER: "局长"}

_SHAPE = """
create table indicators (
    indicator_id varchar, plan_order integer, name_zh varchar, name_en varchar,
    group_zh varchar, unit varchar, nature varchar, direction varchar,
    period_types varchar, scope_zh varchar, formula_zh varchar,
    formula_version varchar, source_systems varchar, owner_zh varchar,
    method_note_zh varchar, inner_note varchar
);
create table targets (
    claim_id varchar, indicator_id varchar, value double, op varchar,
    value_high double, unit varchar, year integer, nature varchar, status varchar,
    document varchar, location varchar, quote varchar, valid_from date
);
create table indicator_values (
    indicator_id varchar, period_type varchar, period varchar, area_code varchar,
    area_name varchar, numerator double, denominator double, value double,
    null_reason varchar, excluded bigint, n bigint, target double, status varchar,
    note varchar, stage varchar, completeness double, formula_version varchar,
    target_claim_id varchar, as_of date
);
create table indicator_ledger (
    indicator_id varchar, period_type varchar, period varchar, area_code varchar,
    edition integer, stage varchar, numerator double, denominator double, value double,
    null_reason varchar, target double, formula_version varchar,
    target_claim_id varchar, as_of date, recorded_at timestamp, reason varchar,
    run_id varchar
);
create table indicator_events (indicator_id varchar, record_type varchar);
create table source_health (
    source varchar, business_date date, received bigint, quarantined bigint,
    status varchar
);
create table reconciliation (
    check_id varchar, month varchar, compared bigint, agreeing bigint
);
create table case_counts (
    month varchar, town_code varchar, town_name varchar, case_class varchar,
    class_name varchar, cases bigint, complaints bigint
);
create table waste_daily (
    "date" date, facility_id varchar, direction varchar, waste_class varchar,
    is_secondary boolean, origin_type varchar, tickets bigint, net_kg double
);
create table lamp_nights (
    night_date date, town_code varchar, road_class varchar, lit bigint, unlit bigint,
    "unknown" bigint, planned bigint, no_plan bigint
);
create table toilet_stars (
    month varchar, toilet_id varchar, toilet_name varchar, town_code varchar,
    toilet_class varchar, score double, stars integer, vetoed boolean
);
create table advert_counts (
    month varchar, town_code varchar, town_name varchar, advert_type varchar,
    standing bigint, licensed bigint, as_planned bigint, passed bigint
);
create table construction_waste_months (
    month varchar, projects bigint, generated_kg double, reused_on_site_kg double
);
create table parking_spaces (
    month varchar, attached_spaces bigint, off_street_spaces bigint,
    on_street_spaces bigint, vehicles bigint
);
create table contractor_scores (
    contractor_code varchar, contractor_name varchar, month varchar, score double,
    grade varchar, stage varchar, fee_yuan double
);
create table department_scores (
    dept_name varchar, month varchar, ranking_group varchar, score_shown decimal(9, 2),
    ranked boolean, rank integer, stage varchar
);
"""
Counts = dict[tuple[str, str], tuple[int, int]]


@dataclass
class Night:
    """What a night says; cases as (done, due) by town and month."""

    cases: Counts = field(default_factory=dict)
    toilet_name: str = "中心公厕"
    target: float = 90.0
    formula_version: str = "1.0"
    completeness: float = 1.0
    quarantined: int = 0
    reason: str = "冻结期满，终报"
    as_of: date = date(2025, 7, 9)
    edition: int = 1


def usual_cases() -> Counts:
    """Return two months in which one town has too few cases to be shown."""
    due = {"甲镇": (40, 52), "乙镇": (20, 31), "丙乡": (12, 3), "丁乡": (15, 18)}
    return {
        (name, month): (count - 1, count)
        for name, counts in due.items()
        for month, count in zip(("2025-05", "2025-06"), counts, strict=True)
    }


def settings_in(folder: Path) -> Settings:
    """Return settings of an empty data folder, with the marts' real descriptions."""
    settings = Settings(data_dir=folder / "data")  # type: ignore[call-arg]
    path = transform.manifest_file(settings.folders)
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"nodes": described_marts()}), encoding="utf-8")
    for account, name in PEOPLE.items():
        signers.add(settings.folders, Signer(account, name, signers.DUTIES, NOW))
    return settings


def described_marts() -> dict[str, dict[str, object]]:
    """Return the marts of the project's yml as dbt describes them."""
    nodes = {}
    for path in sorted((ROOT / "dbt_project" / "models" / "marts").glob("*.yml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        for model in document.get("models", []):
            nodes[model["name"]] = {
                "resource_type": "model",
                "database": "marts",
                "name": model["name"],
                "columns": {c["name"]: c for c in model.get("columns", [])},
            }
    return nodes


def publish(settings: Settings, night: Night) -> None:
    """Show a night to the leaders."""
    folders = settings.folders
    shown = versions.current(folders)
    name = f"{night.as_of:%Y%m%d}-{len(versions.every(folders)):06d}"
    building = versions.begin(folders, name)
    with duckdb.connect(str(building / LEADERS)) as leaders:
        leaders.execute(_SHAPE)
        _fill(leaders, replace(night, cases=night.cases or usual_cases()))
    if shown:
        versions.carry(folders, PUBLIC, building)
    version = Version(name, night.as_of, f"run-{name}", NOW)
    versions.finish(folders, building, version)
    versions.show(folders, version)


def write_names(folders: DataDir, *names: str) -> None:
    """Leave reporters' names in the restricted schema of the warehouse."""
    with duckdb.connect(str(folders.warehouse)) as warehouse:
        warehouse.execute("create schema restricted")
        warehouse.execute("create table restricted.landed_cases (raw varchar)")
        for name in names:
            raw = json.dumps({"reporter_name": name}, ensure_ascii=False)
            warehouse.execute("insert into restricted.landed_cases values (?)", [raw])


def drafted(settings: Settings, reason: str = "公开", **more: object) -> Release:
    """Draft a release."""
    order = draft.Order(DRAFTER, reason, **more)  # type: ignore[arg-type]
    return draft.draft(settings, order, NOW)


def cleared(settings: Settings, release: Release) -> Release:
    """Take a draft through every review."""
    workflow.sign_warnings(settings, release, Decision(SIGNER, comment="已知"), NOW)
    for step, who in (
        ("数据核对", CHECKER),
        ("个人信息审查", CHECKER),
        ("保密审查", SIGNER),
        ("签发", SIGNER),
    ):
        again = Release(release.folder)
        workflow.review(settings, again, step, Decision(who), NOW)  # type: ignore[arg-type]
    return Release(release.folder)


def released(
    settings: Settings, reason: str = "公开", at: datetime | None = None
) -> Release:
    """Draft, clear and publish."""
    release = cleared(settings, drafted(settings, reason))
    return workflow.publish(settings, release, SIGNER, at, NOW)


def verified(settings: Settings, release: Release) -> list[str]:
    """Return what is wrong with a release, read anew."""
    register = journal.read(settings.folders.signers)
    return proof.of_release(Release(release.folder), register)


def _fill(leaders: duckdb.DuckDBPyConnection, night: Night) -> None:
    months = sorted({month for _, month in night.cases})
    leaders.execute(
        "insert into indicators values ('I05', 5, '占道及时查处率', 'Handled in time', "
        "'市容环境整治', '%', '预期性', 'ge', 'MQ', '全县', '按时件数÷到期件数', ?, "
        "'案件平台', '市容中队', null, '内部说明')",
        [night.formula_version],
    )
    leaders.execute(
        "insert into targets values ('I05-T1', 'I05', ?, 'ge', null, '%', 2025, "
        "'预期性', 'effective', '规划', '表1', '及时查处率 90', '2021-01-01')",
        [night.target],
    )
    leaders.execute("insert into indicator_events values ('I05', 'case')")
    for month in months:
        _fill_month(leaders, night, month)
    _figure_rows(leaders, night, "Q", "2025Q2", months)


def _fill_month(leaders: duckdb.DuckDBPyConnection, night: Night, month: str) -> None:
    _figure_rows(leaders, night, "M", month, [month])
    first = f"{month}-01"
    leaders.execute(
        "insert into source_health select unnest(['cases', 'case_events']), ?, 100, ?, "
        "'正常'", [first, night.quarantined],
    )  # fmt: skip
    for code, name in TOWNS.items():
        due = night.cases[name, month][1]
        for kind, count in (("事件01", due - due // 3), ("事件02", due // 3)):
            leaders.execute(
                "insert into case_counts values (?, ?, ?, ?, ?, ?, ?)",
                [month, code, name, kind, f"大类{kind}", count, count],
            )
    leaders.execute(
        "insert into waste_daily values "
        "(?, 'F1', '进', '其他垃圾', false, '城区环卫', 3, 9000)",
        [first],
    )
    leaders.execute("insert into lamp_nights values (?, ?, '主干道', 90, 5, 3, 1, 1)",
                    [first, next(iter(TOWNS))])  # fmt: skip
    leaders.execute(
        "insert into toilet_stars values (?, 'GC1', ?, ?, '二类', 91.5, 4, false)",
        [month, night.toilet_name, next(iter(TOWNS))],
    )
    leaders.execute(
        "insert into advert_counts values (?, ?, '甲镇', '墙体', 9, 7, 8, 6)",
        [month, next(iter(TOWNS))],
    )
    leaders.execute("insert into construction_waste_months values (?, 3, 8e5, 1e5)",
                    [month])  # fmt: skip
    leaders.execute("insert into parking_spaces values (?, 9000, 800, 700, 15000)",
                    [month])  # fmt: skip
    leaders.execute(
        "insert into contractor_scores values ('HW1', '清环卫公司', ?, 93.2, '良好', "
        "'终报', 640000)", [month],
    )  # fmt: skip
    leaders.execute(
        "insert into department_scores values "
        "('市容中队', ?, '职能部门', 91.25, true, 1, '终报')", [month],
    )  # fmt: skip


def _figure_rows(
    leaders: duckdb.DuckDBPyConnection,
    night: Night,
    kind: str,
    period: str,
    months: list[str],
) -> None:
    areas = {code: [name] for code, name in TOWNS.items()}
    for code, names in {COUNTY: list(TOWNS.values()), **areas}.items():
        done = sum(night.cases[name, m][0] for name in names for m in months)
        due = sum(night.cases[name, m][1] for name in names for m in months)
        value = done / due * 100 if due else None
        status = "无数据"
        if value is not None:
            status = "达标" if value >= night.target else "未达标"
        reason = None if due else "no_denominator"
        leaders.execute(
            "insert into indicator_values values ('I05', ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, "
            "?, ?, null, '终报', ?, ?, 'I05-T1', ?)",
            [
                kind, period, code, TOWNS.get(code, "全县"), done, due, value, reason,
                due, night.target, status, night.completeness, night.formula_version,
                night.as_of,
            ],
        )  # fmt: skip
        leaders.execute(
            "insert into indicator_ledger values ('I05', ?, ?, ?, ?, '终报', ?, ?, ?, "
            "?, ?, ?, 'I05-T1', ?, ?, ?, 'run')",
            [
                kind, period, code, night.edition, done, due, value, reason,
                night.target, night.formula_version, night.as_of,
                NOW, night.reason,
            ],
        )  # fmt: skip

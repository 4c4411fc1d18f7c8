"""The gate lets an honest county through and stops a number nobody could defend."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

import cityledger.audit as gate
import expectations
from cityledger.audit import AuditError, AuditResult, audit
from cityledger.settings import DataDir, Settings
from expectations.conservation import LANDED_TABLES

# Six months of a small county: a count rate, masses, lamps, a count, and a survey.
COUNTY = """
create schema ops;
create table ops.parameters as
select date '2025-06-20' as as_of_date, timestamp '2025-06-21' as as_of, 'r2' as run_id;

create table marts.indicators as
from (values
    ('I03', '%', 'ge', 'MQY', '数字城管案件平台'),
    ('I07', '%', 'ge', 'MQY', '转运站及处理设施磅单'),
    ('I09', '%', 'ge', 'MQY', '转运站及处理设施磅单'),
    ('I13', '%', 'ge', 'Y', '绿地年度调查'),
    ('I14', '%', 'ge', 'Y', '绿地年度调查'),
    ('I17', '%', 'ge', 'MQY', '路灯单灯控制系统'),
    ('X10', '件', null, 'MQY', '数字城管案件平台')
) as i (indicator_id, unit, direction, period_types, source_systems);

create table marts.indicator_values as
with periods as (
    from (values
        ('M', '2025-05'), ('M', '2025-06'), ('Q', '2025Q2'), ('Y', '2025')
    ) as p (period_type, period)
),
numbers as (
    from (values
        ('I03', 57.0, 60.0, 60), ('I07', 101000.0, 100000.0, 80),
        ('I09', 80000.0, 100000.0, 80), ('I13', 4.2, 10.0, 1), ('I14', 4.0, 10.0, 1),
        ('I17', 290.0, 300.0, 300), ('X10', 12.0, null, 12)
    ) as n (indicator_id, numerator, denominator, n)
),
county as (
    select
        indicator_id, period_type, period, '420323000000' as area_code,
        cast(numerator as double) as numerator,
        cast(denominator as double) as denominator,
        cast(
            case
                when denominator is null then numerator
                else numerator / denominator * 100
            end as double
        ) as value,
        cast(null as varchar) as null_reason,
        cast(n as bigint) as n,
        case when indicator_id = 'X10' then null else 95.0 end as target
    from numbers
    inner join marts.indicators using (indicator_id)
    inner join periods on contains(period_types, period_type)
),
town as (
    select * replace (
        '420323101000' as area_code, 0 as numerator, 0 as denominator, null as value,
        'no_denominator' as null_reason, 0 as n
    )
    from county
    where indicator_id = 'I03'
),
rows_ as (select * from county union all select * from town)
select
    *,
    case
        when value is null then '无数据'
        when target is null then '描述性'
        when value >= target then '达标'
        else '未达标'
    end as status,
    1.0 as completeness,
    date '2025-06-20' as as_of
from rows_;

create table marts.waste_daily as
select
    cast(day as date) as date, 'F1' as facility_id, '进' as direction,
    '其他垃圾' as waste_class, false as is_secondary, '城区环卫' as origin_type,
    80 as tickets, 100000.0 as net_kg
from (values ('2025-05-03'), ('2025-06-03')) as d (day);
create table marts.waste_balance as
select '2025-05' as month, 'F1' as facility_id, cast(2 as double) as gap_pct;
create table marts.lamp_nights as
select
    cast(day as date) as night_date, '420323101000' as town_code,
    '主干道' as road_class, 290 as lit, 7 as unlit, 3 as unknown, 0 as planned,
    0 as no_plan
from (values ('2025-05-03'), ('2025-06-03')) as d (day);

create table marts.source_health as
select
    source, cast(day as date) as business_date, 100 as expected, 100 as received,
    90 as accepted, 4 as quarantined, 6 as superseded, 0 as ignored, '正常' as status
from generate_series(date '2025-05-01', date '2025-06-20', interval 1 day) as d (day)
cross join (values ('cases'), ('weighbridge')) as s (source);
create table marts.runs as
select
    'r2' as run_id, date '2025-06-20' as as_of, sum(received) as rows_in,
    sum(accepted) as rows_accepted, sum(quarantined) as rows_quarantined,
    sum(superseded) as rows_superseded, sum(ignored) as rows_ignored
from marts.source_health;
create table marts.source_summary as
select
    source, '正常' as status, 0 as silent_days, 0.04 as refused_share,
    0 as unread_files
from (values ('cases'), ('weighbridge')) as s (source);

create table marts.case_metrics as
select
    'closing_rate' as metric_id, '2025-05' as period, 'county' as dimension,
    '420323000000' as member, 1.0 as numerator, 2.0 as denominator;
create table marts.department_scores as
from (values ('0101', '2025-05', 95e0, 1e0, 12), ('0102', '2025-05', 60e0, 0e0, 3))
as d (dept_code, month, score, adjust_points, due_cases);

create schema intermediate;
create table intermediate.int_records_without_period (
    feed varchar, month_start date, reason varchar, records bigint
);

create schema restricted;
create table ops.loads as
select 'cases' as source, 'ok' as outcome, 100 as "rows";
create table restricted.checked_files as
select 'v' || n as load_id, 'f' as file, 'accepted' as verdict from range(3) as _ (n);
create table restricted.checked_tickets as
select
    'FS' || plant as facility_id, cast(day as date) as business_date,
    cast(day as date) as file_date, cast(day as date) as load_date,
    'v' || plant as load_id, 'f' as file, 'accepted' as verdict,
    null::varchar as rule, '有效' as ticket_status, 5e3 + nth * 10 as net_kg,
    nth
from range(3) as plants (plant), range(5) as tickets (nth),
generate_series(date '2025-06-01', date '2025-06-20', interval 1 day) as d (day);
create table restricted.checked_cases as
select
    'c' || n as case_id, date '2025-06-19' as business_date,
    date '2025-06-19' as load_date, null::varchar as warning
from range(3) as _ (n);
create schema staging;
create table staging.stg_registers__toilets as
select date '2025-06-01' as register_month, 90.0 as facility_score,
    80.0 as cleaning_score, 40.0 as service_score;
create table restricted.landed_cases as select 'x' as row_id from range(100);
create table restricted.telemetry_files as
select null::varchar as path, null::date as day limit 0;
create table restricted.checked_lamp_telemetry_counts as
select null::date as business_date, null::bigint as received limit 0;

create table marts.indicator_ledger as
select
    indicator_id, period_type, period, area_code, 1 as edition, '初报' as stage,
    numerator, denominator, value, null_reason, target, '1.0' as formula_version,
    indicator_id || '-T1' as target_claim_id, date '2025-06-19' as as_of,
    timestamp '2025-06-20 02:40' as recorded_at, '首次报告' as reason, 'r1' as run_id
from marts.indicator_values;
"""


def opened(folders: DataDir) -> duckdb.DuckDBPyConnection:
    """Open the warehouse with its marts."""
    warehouse = duckdb.connect(str(folders.warehouse))
    warehouse.execute(f"attach '{folders.marts}' as marts")
    return warehouse


@pytest.fixture(scope="session")
def honest_county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folders = DataDir(tmp_path_factory.mktemp("county"))
    with opened(folders) as warehouse:
        warehouse.execute(COUNTY)
        folders.ledger.mkdir()
        warehouse.execute(
            "copy marts.indicator_ledger to "
            f"'{folders.ledger}/2025-06-19-r1.parquet' (format parquet)"
        )
        for tables in LANDED_TABLES.values():
            for table in tables:
                warehouse.execute(
                    f"create table if not exists restricted.{table} (row_id varchar)"
                )
        version = folders.versions / "v1"
        version.mkdir(parents=True)
        warehouse.execute(f"attach '{version}/leaders.duckdb' as shown")
        warehouse.execute(
            "create table shown.indicator_ledger as from marts.indicator_ledger"
        )
    folders.current.symlink_to("versions/v1")
    return folders.root


@pytest.fixture
def county(honest_county: Path, tmp_path: Path) -> Settings:
    """A copy of the honest county, to be spoilt."""
    root = tmp_path / "data"
    shutil.copytree(honest_county, root, symlinks=True)
    return Settings(DATA_DIR=root)


def spoil(county: Settings, statement: str) -> AuditResult:
    with opened(county.folders) as warehouse:
        warehouse.execute(statement)
    return audit(county)


def test_an_honest_county_passes_without_a_word(county: Settings) -> None:
    result = audit(county)

    assert [str(f) for f in result.failures] == []
    assert [str(w) for w in result.warnings] == []
    assert result.passed
    assert result.run_id == "r2"


def test_a_name_typed_into_a_place_is_told_by_its_record_and_not_in_words(
    county: Settings,
) -> None:
    result = spoil(
        county,
        "create table marts.toilet_stars as select '2025-06' as month, 'GC1' as "
        "toilet_id, '城关公厕（13812345678）' as toilet_name",
    )

    (told,) = [str(w) for w in result.warnings]
    assert "【toilet_stars toilet_name 2025-06 GC1 …（类别 电话号码）】" in told
    assert "138" not in told
    assert result.passed, "the night goes on"


def of(indicator: str, period: str) -> str:
    return f" where indicator_id = '{indicator}' and period = '{period}' and n > 0"


VALUES = "update marts.indicator_values set "
DELETE_VALUE = "delete from marts.indicator_values"
ONE = of("I03", "2025-06")

# Each group is one spoilt county: its statements touch different rows, and each has its
# own sentence among the findings.
INDEFENSIBLE = {
    "values": {
        VALUES + "value = 142" + of("I03", "2025-06"): "比率超出 0–100",
        VALUES + "completeness = 1.2" + of("I07", "2025-05"): "完整度超出",
        VALUES + "completeness = null" + of("I07", "2025-06"): "没有算出完整度",
        VALUES + "value = null, status = '无数据'" + of("I17", "2025-05"): (
            "没有说明原因"
        ),
        VALUES + "null_reason = 'not_due'" + of("I17", "2025-06"): (
            "既有数值又写着无数据"
        ),
        VALUES + "null_reason = 'because', value = null" + of("I09", "2025-05"): (
            "不在约定的六种"
        ),
        VALUES + "denominator = 0" + of("I09", "2025Q2"): "分母为 0 却有数值",
        VALUES + "status = '达标', target = 96" + of("I03", "2025"): "数值低于目标",
        VALUES + "status = '很好'" + of("I07", "2025"): "状态不在约定",
        VALUES + "value = 43" + of("I14", "2025"): "绿地率（I14）大于绿化覆盖率",
    },
    "a negative share": {VALUES + "value = -1" + ONE: "比率超出 0–100"},
    "a missing county row": {
        DELETE_VALUE + ONE: "缺少全县数值",
        VALUES + "as_of = date '2025-06-19'" + of("I07", "2025"): "不是这一晚算出来的",
    },
    "a missing month": {
        "delete from marts.indicator_values where period = '2025-06'": "缺少全县数值",
    },
    "no value at all": {"delete from marts.indicator_values": "一个指标数值都没有"},
    "rows": {
        "delete from marts.waste_daily where date = date '2025-06-03'": (
            "清运量与指标 I09 的分母不相等"
        ),
        "update marts.lamp_nights set lit = lit - 2": "亮灯盏夜与指标 I17 不相等",
        "update marts.source_health set accepted = 89 "
        "where source = 'cases' and business_date = date '2025-06-20'": (
            "有记录下落不明"
        ),
        "update marts.source_health set superseded = null "
        "where source = 'cases' and business_date = date '2025-06-19'": "有一项是空的",
        "update marts.runs set rows_in = rows_in + 1": "与各来源合计不符",
        "update ops.loads set rows = 101": "有落地文件丢失",
        "insert into restricted.checked_lamp_telemetry_counts "
        "values (date '2025-06-03', 30)": "路灯遥测行数与参加计算的行数不相等",
    },
    "the ledger": {
        "delete from marts.indicator_ledger where indicator_id = 'I03'": (
            "在本次结果里不见了或被改动"
        ),
        "insert into marts.indicator_ledger "
        "select * replace ('r0' as run_id, 2 as edition) "
        "from marts.indicator_ledger where indicator_id = 'I07'": (
            "台账文件中不存在的旧版次"
        ),
        "insert into marts.indicator_ledger "
        "select * replace ('r2' as run_id, 3 as edition) "
        "from marts.indicator_ledger where indicator_id = 'I09'": "版次号不连续或重复",
    },
    "an edition": {"update marts.indicator_ledger set value = 0": "被改动"},
    "the departments": {
        "update marts.department_scores set score = 101.5 where dept_code = '0101'": (
            "加减分之前）不在0–100之间"
        ),
        "update marts.department_scores set due_cases = 0 where dept_code = '0102'": (
            "没有到期案件的单位得了分"
        ),
        "update marts.case_metrics set metric_id = 'satisfaction_rate'; "
        "insert into marts.indicator_values select * replace ('I19' as indicator_id) "
        "from marts.indicator_values where indicator_id = 'I03' "
        "and period = '2025-05' and n > 0": "两处算出了两个数",
    },
    "no answer": {
        "drop table marts.lamp_nights": "检验没有做成，不能算通过",
        "alter table marts.indicator_values drop status": "检验没有做成",
        "delete from marts.runs": "运行记录里没有这一晚",
    },
}


@pytest.mark.parametrize("what", INDEFENSIBLE)
def test_what_nobody_could_defend_stops_the_night(county: Settings, what: str) -> None:
    result = spoil(county, "; ".join(INDEFENSIBLE[what]))

    found = "\n".join(str(failure) for failure in result.failures)
    assert not result.passed
    assert [words for words in INDEFENSIBLE[what].values() if words not in found] == []


ODD = {
    "insert into intermediate.int_records_without_period "
    "values ('weighbridge', date '2025-04-01', '日期早于该来源的第一天', 7)": (
        "有已接受的记录不在任何已开始的月份里"
    ),
    VALUES + "value = 60, numerator = 36, status = '未达标'" + ONE: (
        "比上月变动超过 20 个百分点"
    ),
    VALUES + "value = 120" + of("I07", "2025-06"): "超过应有量的 105%",
    VALUES + "value = -1, status = '未达标'" + of("I09", "2025Q2"): "数值小于 0",
    "update marts.waste_balance set gap_pct = -30": "进场量与出场、处理量之差",
    "update marts.source_health set status = '缺失' "
    "where source = 'cases' and business_date = date '2025-06-20'": "没有到齐",
    "update marts.source_health set received = 10, accepted = 0 "
    "where source = 'cases' and business_date = date '2025-06-20'": "中位数相差悬殊",
    "update marts.source_health set quarantined = 54, accepted = 40 "
    "where source = 'weighbridge' and business_date = date '2025-06-20'": (
        "超过 10% 的行不合格"
    ),
    "update marts.source_summary set status = '从未到数' where source = 'cases'": (
        "从未给过一条数据"
    ),
    "update marts.source_summary set status = '静默' where source = 'weighbridge'": (
        "已多日没有一条新记录"
    ),
    "update marts.source_summary set unread_files = 2 where source = 'weighbridge'": (
        "有文件没有取用"
    ),
    "update restricted.checked_tickets set rule = 'B03' "
    "where facility_id = 'FS1' and business_date = date '2025-06-19' and nth < 2": (
        "FS1 2025-06-19 B03（占当日磅单 0.4）"
    ),
    "update restricted.checked_tickets set net_kg = net_kg / 1000 "
    "where facility_id = 'FS2' and business_date = date '2025-06-18'": (
        "FS2 2025-06-18（为此前的倍数 0.001）"
    ),
    "update restricted.checked_cases set warning = 'AW1 编码不在参照表：dept_code=D99' "
    "where case_id = 'c1'": "AW1 编码不在参照表：dept_code=D99（案卷数 1）",
    "update staging.stg_registers__toilets set facility_score = 40, "
    "cleaning_score = 39": "疑似按 40/40/20 的得分填报",
    "update marts.runs set rows_in = rows_in - 90, "
    "rows_accepted = rows_accepted - 140, rows_quarantined = rows_quarantined + 50": "",
    "insert into marts.indicator_ledger "
    "select * replace ('r2' as run_id, 2 as edition, '修订' as stage) "
    "from marts.indicator_ledger where indicator_id = 'I03'": "台账新增“修订”版次",
}


def test_what_is_only_odd_is_told_and_lets_the_night_pass(county: Settings) -> None:
    result = spoil(county, "; ".join(ODD))

    told = "\n".join(str(warning) for warning in result.warnings)
    assert [str(f) for f in result.failures] == []
    assert result.passed
    assert [words for words in ODD.values() if words not in told] == []


def test_a_finding_says_which_row_is_meant(county: Settings) -> None:
    result = spoil(county, VALUES + "value = 142" + ONE)

    (failure,) = [f for f in result.failures if "比率超出" in f.notes]
    assert failure.rows == ("I03 2025-06 420323000000（数值 142）",)
    assert "cityledger explain" in str(failure)


def test_a_published_edition_cannot_vanish_from_the_ledger(county: Settings) -> None:
    (county.folders.ledger / "2025-06-19-r1.parquet").unlink()

    result = audit(county)

    assert not result.passed
    assert any("从备份恢复" in str(failure) for failure in result.failures)


def test_the_first_night_has_nothing_published_to_compare_with(
    county: Settings,
) -> None:
    county.folders.current.unlink()

    result = audit(county)

    assert result.passed


def test_no_number_goes_out_when_the_canary_passes(
    county: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    harmless = replace(
        expectations.CANARY[0],
        rows=expectations.CANARY[0].rows.replace("142.0", "42.0"),
    )
    monkeypatch.setattr(expectations, "CANARY", (harmless, *expectations.CANARY[1:]))

    with pytest.raises(AuditError, match="内部错误：质量闸门放过了金丝雀"):
        audit(county)


def test_a_warehouse_without_a_build_is_no_pass(county: Settings) -> None:
    with pytest.raises(AuditError, match="没有一次完整的计算"):
        spoil(county, "delete from ops.parameters")


def test_audits_are_kept_for_the_pages_and_only_the_last_few(
    county: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "KEEP_AUDITS", 2)
    for run in ("'r2'", "'r3'", "'r4'"):
        spoil(county, f"update ops.parameters set run_id = {run}")  # noqa: S608

    kept = sorted((county.folders.state / "audits").iterdir())

    assert [path.stem for path in kept] == ["r3", "r4"]
    newest = json.loads(kept[-1].read_text(encoding="utf-8"))
    assert newest["as_of"] == "2025-06-20"
    assert gate.last(county.folders) == newest
    assert gate.last(county.folders, "r3")["run_id"] == "r3"
    assert gate.last(county.folders, "r1") is None


def test_every_expectation_says_what_is_wrong_and_what_to_do() -> None:
    suites = [check.suite for check in expectations.CHECKS]

    assert len({suite.name for suite in suites}) == len(suites)
    for suite in suites:
        for expectation in suite.expectations:
            assert expectation.notes, (suite.name, expectation.expectation_type)
            assert expectation.severity.value in ("critical", "warning")
            assert any(word in expectation.notes for word in ("请", "用 cityledger")), (
                expectation.notes
            )

"""Assessed marts: published versions with a few assessment marts, written by hand."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb

from cityledger import versions
from cityledger.settings import Settings
from cityledger.versions import LEADERS, PUBLIC, Version

_ATTENTION = (
    "item_id varchar, kind varchar, position integer, kind_name varchar, "
    "subject_code varchar, subject_name varchar, owner varchar, severity varchar, "
    "quantity bigint, unit varchar, first_day date, age_days bigint, detail varchar, "
    "as_of date"
)
_PROJECTIONS = (
    "indicator_id varchar, plan_order integer, name_zh varchar, unit varchar, "
    "nature varchar, projected double, target double, verdict varchar"
)
OVERDUE = (
    "overdue_cases/0101", "overdue_cases", 3, "超期未处置案件", "0101", "市容中队",
    "市容中队", "黄", 2, "件", "2025-06-10", 5, "最早的 c1", "2025-06-15",
)  # fmt: skip
DARK = (
    "dark_lamps/T1", "dark_lamps", 5, "路灯连续不亮", "T1", "城关镇", "路灯管理所",
    "黄", 4, "盏", "2025-06-13", 2, "最久的 L2 已 3 夜", "2025-06-15",
)  # fmt: skip
FAILING = (
    "failing_indicator/I03", "failing_indicator", 1, "约束性指标未达标", "I03",
    "违法广告发现处置率", "执法大队", "红", 1, "项", "2025-05-01", 45,
    "I03 本年 99.99%，目标 100", "2025-06-15",
)  # fmt: skip


def publish_attention(settings: Settings, day: date, *items: tuple) -> None:
    """Publish a version whose attention list holds some items."""
    with begin(settings, day) as marts:
        marts.execute(f"create table attention ({_ATTENTION})")
        for item in items:
            marts.execute(
                f"insert into attention values ({', '.join('?' * len(item))})",  # noqa: S608
                list(item),
            )
        marts.execute(f"create table projections ({_PROJECTIONS})")
        marts.execute(
            "insert into projections values "
            "('I03', 1, '违法广告发现处置率', '%', '约束性', 98.996, 100, "
            "'已无法达到'),"
            "('I05', 2, '违法占道案件及时查处率', '%', '预期性', 70, 90, '预计不达标')"
        )
    show(settings, day)


def publish_departments(settings: Settings, day: date) -> None:
    """Publish two departments of one month, one of them without a case."""
    with begin(settings, day) as marts:
        marts.execute(_CARDS)
        marts.execute(_PARTS)
        marts.execute(_RECORDS)
    show(settings, day)


def begin(settings: Settings, day: date) -> duckdb.DuckDBPyConnection:
    """Open the leaders' file of a new version."""
    folder = versions.begin(settings.folders, _name(day))
    duckdb.connect(str(folder / PUBLIC)).close()
    return duckdb.connect(str(folder / LEADERS))


def show(settings: Settings, day: date) -> None:
    """Put the version of a day in force."""
    folders = settings.folders
    published_at = datetime.combine(day, time(2)) + timedelta(days=1)
    version = Version(_name(day), day, f"run-{day}", published_at)
    building: Path = folders.versions / f".building-{_name(day)}"
    versions.finish(folders, building, version)
    versions.show(folders, version)


def _name(day: date) -> str:
    return f"{day:%Y%m%d}-by-hand"


_CARDS = """
create table department_scores as
select
    '0101' as dept_code, '市容中队' as dept_name, '2025-05' as month,
    '职能部门' as ranking_group, 40.0 as case_points, 22.5 as inspection_points,
    cast(null as double) as complaint_points,
    cast(null as double) as supervision_points, 1.0 as adjust_points,
    (40 + 22.5) / 75 * 100 + 1 as score, cast(84.33 as decimal(9, 2)) as score_shown,
    10 as due_cases, 11 as case_count, 75.0 as points_with_data,
    80.0 as on_time_rate, 49.016 as on_time_rate_low, 94.33 as on_time_rate_high,
    60.5 as score_low, 91.2 as score_high, true as ranked, 1 as rank,
    1 as rank_best, 2 as rank_worst, true as rank_may_change, '终报' as stage,
    date '2025-06-15' as as_of
union all by name
select
    '0102' as dept_code, '环卫股' as dept_name, '2025-05' as month,
    '职能部门' as ranking_group, 0 as due_cases, 0 as case_count, false as ranked,
    '终报' as stage, date '2025-06-15' as as_of
"""
_PARTS = """
create table department_parts as
select * from (values
    ('0101', '2025-05', 'case', 'on_time_disposal_rate', '按期处置率', 1, 8.0, 10.0,
        false, 0.8, 10, 1, 20.0, 50.0, 40.0),
    ('0101', '2025-05', 'case', 'rework_rate', '返工率', 3, null, null,
        true, null, 0, 2, 10.0, 50.0, null),
    ('0101', '2025-05', 'inspection', 'inspection', '实地检查', 5, 90.0, 100.0,
        false, 0.9, 1, 0, 25.0, 25.0, 22.5),
    ('0101', '2025-05', 'adjustment', 'adjustment', '加减分', 9, 1.0, null,
        false, null, 1, 0, 0.0, 0.0, 1.0)
) as parts(dept_code, month, component, part_id, part_name, position, numerator,
    denominator, is_inverted, share, n, excluded, weight, component_points, points)
"""
_RECORDS = """
create table department_records as
select * from (values
    ('0101', '2025-05', 'case', 'on_time_disposal_rate', '按期处置率', 'case', 'c1',
        1, 1, null, null),
    ('0101', '2025-05', 'case', 'on_time_disposal_rate', '按期处置率', 'case', 'c2',
        null, null, '作废', null),
    ('0101', '2025-05', 'adjustment', 'adjustment', '加减分', 'register_row', 'r1',
        1, null, null, '县级表彰')
) as records(dept_code, month, component, part_id, part_name, record_type,
    record_key, numerator, denominator, excluded_reason, note)
"""

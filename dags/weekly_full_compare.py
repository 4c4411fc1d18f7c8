"""Every Saturday evening: ask each source for everything, and land what was missed.

A night asks only for what has changed lately. What a source changed without saying so,
or brought later than its contract allows, is found here; the night after counts it.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from airflow.sdk import CronDataIntervalTimetable, dag, task

FOR_OPERATORS = """
**每周六 22:00：向每个来源重新取一遍全部数据，补采平时漏掉的。**

- 每晚只问最近有变化的记录；来源不声不响改过的、超过期限才补传的，在这里找回，
  由下一晚计入。
- 已经采过的不会再采一次；来源已删除的记录在账上保留，采集结果写明“源库已删”多少行。
- 手工运行：`cityledger land 数据源 --full`。
- 任一来源失败不影响其他来源，也不影响当晚。
"""

COUNTY_TIME = ZoneInfo("Asia/Shanghai")
SOURCES = [
    "cases",
    "case_events",
    "callbacks",
    "weighbridge",
    "sanitation",
    "inspections",
    "lighting",
    "registers",
    "reference",
]


@task.bash(retries=2, retry_delay=timedelta(minutes=10))
def compare(source: str) -> str:
    return f"cityledger land {source} --full"


@dag(
    schedule=CronDataIntervalTimetable("0 22 * * 6", timezone=str(COUNTY_TIME)),
    start_date=datetime(2025, 1, 1, tzinfo=COUNTY_TIME),
    catchup=False,
    max_active_runs=1,
    # It must not be in the way of the night, which begins at 02:30.
    dagrun_timeout=timedelta(hours=4),
    default_args={"execution_timeout": timedelta(hours=2)},
    doc_md=FOR_OPERATORS,
    tags=["城账"],
)
def weekly_full_compare():
    for source in SOURCES:
        compare.override(task_id=source)(source)


weekly_full_compare()

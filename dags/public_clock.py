"""The clock of disclosure: opens what is due, and reminds of what is not out yet.

Deciding is for people; this only keeps the times they have set.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from airflow.sdk import dag, task

COUNTY_TIME = ZoneInfo("Asia/Shanghai")
COMMON = {
    "start_date": datetime(2025, 1, 1, tzinfo=COUNTY_TIME),
    "catchup": False,
    "max_active_runs": 1,
    "tags": ["城账"],
}


@task.bash(pool="duckdb_writer")
def export() -> str:
    return "cityledger release export --if-due"


@task.bash
def remind() -> str:
    return "cityledger release remind --send"


@dag(
    schedule="*/10 * * * *",
    doc_md="到了定好的公开时间就放行，其余时候什么也不做。",
    **COMMON,
)
def public_clock():
    export()


@dag(schedule="0 9 * * *", doc_md="签发后 10、15 个工作日和逾期时提醒。", **COMMON)
def public_reminders():
    remind()


public_clock()
public_reminders()

"""Every night: land the county day that ended, build, audit, publish.

Each task is one `cityledger` command, so any of them can be run by hand with the same
words. A source that fails fails alone; a refused night leaves what is shown as it is.
"""

import subprocess
import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from airflow.sdk import (
    Asset,
    Context,
    CronDataIntervalTimetable,
    Variable,
    chain,
    dag,
    task,
    task_group,
)
from airflow.sdk.types import DagRunProtocol, RuntimeTaskInstanceProtocol

FOR_OPERATORS = """
**每晚 02:30：采集刚结束的一天，计算，过闸门，发布。**

每个任务就是一条 `cityledger` 命令，可以用同样的话在命令行手工运行。

- **业务日期**：计划运行处理前一天（北京时间）。手工触发时，逻辑日期填哪一天就跑哪一天；
  不填，或那一天还没有过完，就跑昨天。
- **turn**：一晚接一晚。更早的一晚还在运行，或另一晚正在进行时等待。
- **catch_up**：按顺序补跑漏掉的夜晚；失败不影响今晚。
- **land**：各数据源分头采集，失败的自动重试，最终失败也不拖累其他来源。
- **build、audit、publish**：资源池 `duckdb_writer` 只有 1 个槽位，同时只有一个
  任务写仓库。
  闸门不通过时 `audit` 变红，已发布的数据保持不变；处理后清除 `build` 及其下游即可重跑。
- **outcome**：绿色为全部到齐并发布；粉色（跳过）为已发布，但数据源没有到齐。
- 整晚失败时自动通知值班人员（`CITYLEDGER_NOTIFY_URLS`）。

补算一段日期（结束时间只写日期会漏掉最后一天）：

    airflow backfill create --dag-id nightly_load --reprocess-behavior completed \\
        --from-date 2025-06-01T00:00+08:00 --to-date 2025-06-03T23:59+08:00
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
PUBLISHED = Asset(name="published_leaders", uri="cityledger://published/leaders")
WRITER = "duckdb_writer"
DAY = "{{ county_day(dag_run) }}"

# Neither a late catch-up nor a missing source holds up a night, but without its turn,
# the one upstream task that then succeeded, no night begins.
WHATEVER_CAME = "all_done_min_one_success"


def county_day(run: DagRunProtocol) -> date:
    """Return the county day a run is for: the day of its logical date, if it is over.

    Airflow's own `ds` is a UTC date: at this hour it names the right day only by luck.
    A run triggered by hand has the moment of the trigger as its logical date, or none.
    """
    asked = (run.logical_date or run.run_after).astimezone(COUNTY_TIME).date()
    today = run.run_after.astimezone(COUNTY_TIME).date()
    return min(asked, today - timedelta(days=1))


def tell_failure(context: Context) -> None:
    day = county_day(context["dag_run"])
    subprocess.run(  # noqa: S603 - a date, and words of our own
        ["cityledger", "notify", "--failed", "--date", str(day)],  # noqa: S607
        check=False,
    )


# The scheduler may take a task that asks again for a failed one when it is busy, hence
# the long interval and the retries.
@task.sensor(mode="reschedule", poke_interval=60, timeout=16 * 3600, retries=5)
def turn(ti: RuntimeTaskInstanceProtocol, dag_run: DagRunProtocol) -> bool:
    # A backfill has its own limit of runs at a time, so the DAG's does not keep nights
    # apart. Whoever still finds its own name here a moment after writing it has the
    # turn, and keeps it for as long as its run is running.
    if ti.get_previous_dagrun(state="running"):
        return False
    holder = Variable.get("nightly_load_turn", default="")
    others = [holder] if holder != dag_run.run_id else []
    if others and ti.get_dr_count(ti.dag_id, run_ids=others, states=["running"]):
        return False
    Variable.set("nightly_load_turn", dag_run.run_id)
    time.sleep(2)
    return bool(Variable.get("nightly_load_turn") == dag_run.run_id)


@task.bash(pool=WRITER, execution_timeout=timedelta(hours=12))
def catch_up() -> str:
    return f"cityledger catch-up --date {DAY} || [ $? -eq 5 ]"


@task.bash(
    trigger_rule=WHATEVER_CAME,
    retries=2,
    retry_exponential_backoff=2,
    max_retry_delay=timedelta(minutes=30),
    execution_timeout=timedelta(minutes=45),
)
def land_source(source: str) -> str:
    return f"cityledger land {source} --date {DAY}"


@task_group
def land() -> None:
    for source in SOURCES:
        land_source.override(task_id=source)(source)


@task.bash(pool=WRITER, trigger_rule=WHATEVER_CAME, retries=1)
def build() -> str:
    return f"cityledger build --date {DAY}"


@task.bash(pool=WRITER)
def audit() -> str:
    return f"cityledger audit --date {DAY}"


@task.bash(pool=WRITER, retries=1, outlets=[PUBLISHED])
def publish() -> str:
    # Exit code 5 is a publication too; `outcome` shows the difference.
    return f"cityledger publish --date {DAY} || [ $? -eq 5 ]"


@task.bash(skip_on_exit_code=5)
def outcome() -> str:
    return f"cityledger notify --date {DAY}"


@dag(
    schedule=CronDataIntervalTimetable("30 2 * * *", timezone=str(COUNTY_TIME)),
    start_date=datetime(2025, 1, 1, tzinfo=COUNTY_TIME),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=20),
    default_args={"execution_timeout": timedelta(hours=2)},
    user_defined_macros={"county_day": county_day},
    on_failure_callback=tell_failure,
    doc_md=FOR_OPERATORS,
    tags=["城账"],
)
def nightly_load():
    my_turn, landed, built = turn(), land(), build()
    chain(my_turn, catch_up(), landed, built, audit(), publish(), outcome())
    chain(my_turn, [landed, built])


nightly_load()

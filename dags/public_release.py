"""A public release: drafted and checked by itself, then in the hands of people.

Every task is one `cityledger release` command; a decision waits in Airflow's "Required
Actions" until somebody takes it, and is recorded under that person's account.
"""

import json
import os
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from airflow.providers.standard.operators.bash import BashOperator
from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.sdk import Param, chain, dag, task

FOR_OPERATORS = """
**公开发布：编制 → 检查 → 数据核对 → 个人信息审查 → 保密审查 → 签发 → 发布。**

每月 16 日 09:00 自动编制（没有变化就跳过），也可以手工触发。夜间任务从不发布。

- **Required Actions** 中逐步办理：*Approve* 为同意，*Reject* 为不同意。
  意见写在 `comment`；结论写在 `outcome`：同意公开、区分处理后公开（Approve），
  不予公开、送审（Reject）。不予公开要写 `article`（条款）。
- 办理人就是登录的账号，须先登记：`cityledger release signer add 账号 --name 姓名`。
  编制人不能办理保密审查和签发；数据核对人不能签发；
  违反时该任务变红，清除（Clear）对应的审查任务，由另一人重新办理。
- 检查不通过（`check` 变红）：按日志在源头改正，等夜间任务重算后重新触发，
  `replace` 选 true。一次只办一个：还在等人办理的，先 *Reject* 再触发。
- `at`：公开时间，例如 2025-07-10T09:00；到时由 `public_clock` 放行。
"""

COUNTY_TIME = ZoneInfo("Asia/Shanghai")
WRITER = "duckdb_writer"
STEPS = {
    "verify_data": "数据核对",
    "review_personal": "个人信息审查",
    "review_secrecy": "保密审查",
    "sign_off": "签发",
}
# Who may take which decision: {"sign_off": ["account"]}; without, whoever may respond.
REVIEWERS = json.loads(os.environ.get("CITYLEDGER_REVIEWERS", "{}"))

RELEASE = "{{ (ti.xcom_pull(task_ids='draft') or '-').split()[-1] }}"
DRAFTER = "{{ dag_run.triggering_user_name or '系统' }}"
NOTHING_NEW, NOT_AGREED = 4, 99


def answer(step: str) -> dict[str, str]:
    """Return what was answered, as environment: no word of it meets the shell."""
    given = f"(ti.xcom_pull(task_ids='{step}') or {{}})"
    asked = f"{given}.get('params_input', {{}})"
    chosen = f"{given}.get('chosen_options', [''])[0]"
    agreed, refused = "['同意公开', '区分处理后公开']", "['送审', '不予公开']"
    # The button decides; a word that contradicts it gives way to the usual one.
    allowed = f"({agreed} if {chosen} == 'Approve' else {refused})"
    said = f"{asked}.get('outcome')"
    return {
        "RELEASE": RELEASE,
        "CHOSEN": f"{{{{ {chosen} }}}}",
        "BY": f"{{{{ {given}.get('responded_by_user', {{}}).get('name', '') }}}}",
        "OUTCOME": f"{{{{ {said} if {said} in {allowed} else {allowed}[0] }}}}",
        "COMMENT": f"{{{{ {asked}.get('comment') or '' }}}}",
        "ARTICLE": f"{{{{ {asked}.get('article') or '' }}}}",
    }


def decision(step: str, name: str) -> HITLOperator:
    # Not ApprovalOperator: what was said with a rejection would be lost there.
    return HITLOperator(
        task_id=step,
        subject=f"{name}：{RELEASE}",
        options=["Approve", "Reject"],
        body="{{ ti.xcom_pull(task_ids='check') }}\n\n"
        f"详情：cityledger release check {RELEASE}；cityledger release diff {RELEASE}",
        params={
            "outcome": Param("", type="string", title="结论（空为同意公开或送审）"),
            "comment": Param("", type="string", title="意见"),
            "article": Param("", type="string", title="条款"),
        },
        assigned_users=[{"id": one, "name": one} for one in REVIEWERS.get(step, [])]
        or None,
        response_timeout=timedelta(days=60),
        # A response within the first seconds can fail the task: then it asks again.
        retries=2,
        retry_delay=timedelta(seconds=5),
    )


def sign_warnings(step: str) -> str:
    """Whoever signs a release off signs the checklist's warnings with it."""
    if step != "sign_off":
        return ""
    return (
        'if [ "$CHOSEN" = Approve ]; then cityledger release sign "$RELEASE" '
        '--by "$BY" --comment "${COMMENT:-签发时一并签认}" || exit $?; fi; '
    )


def record(step: str, name: str) -> BashOperator:
    """Write a decision into the release's journal, a refusal too."""
    return BashOperator(
        task_id=f"record_{step}",
        bash_command=(
            f"{sign_warnings(step)}"
            f'cityledger release approve "$RELEASE" --step {name} --by "$BY" '
            '--outcome "$OUTCOME" --comment "$COMMENT" --article "$ARTICLE" '
            f'&& {{ [ "$CHOSEN" = Approve ] || exit {NOT_AGREED}; }}'
        ),
        env=answer(step),
        append_env=True,
        skip_on_exit_code=NOT_AGREED,
        pool=WRITER,
    )


@task.bash(
    pool=WRITER,
    skip_on_exit_code=NOTHING_NEW,
    env={
        "BY": DRAFTER,
        "REASON": "{{ params.reason }}",
        "PERIOD": "{{ params.period }}",
        "REPLACE": "{{ '--replace' if params.replace else '' }}",
    },
    append_env=True,
)
def draft() -> str:
    return (
        'cityledger release draft --by "$BY" --reason "$REASON" '
        '--period "$PERIOD" $REPLACE'
    )


@task.bash
def check() -> str:
    return f"cityledger release check {RELEASE}"


@task.bash(
    pool=WRITER,
    env={"BY": answer("sign_off")["BY"], "AT": "{{ params.at }}"},
    append_env=True,
)
def publish() -> str:
    return f'cityledger release publish {RELEASE} --by "$BY" ${{AT:+--at "$AT"}}'


@dag(
    schedule="0 9 16 * *",
    start_date=datetime(2025, 1, 1, tzinfo=COUNTY_TIME),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 0},
    params={
        "period": Param("", type="string", description="默认最新的终报月份"),
        "reason": Param("月度公开", type="string", description="发布原因"),
        "at": Param("", type="string", description="公开时间，空为立即"),
        "replace": Param(default=False, type="boolean", description="作废在办的草案"),
    },
    doc_md=FOR_OPERATORS,
    tags=["城账"],
)
def public_release():
    chain(
        draft(),
        check(),
        *(
            made
            for step, name in STEPS.items()
            for made in (decision(step, name), record(step, name))
        ),
        publish(),
    )


public_release()

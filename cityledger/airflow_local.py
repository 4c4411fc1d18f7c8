"""Local Airflow: a private scheduler on this machine, for the demo and the tests.

SQLite, one process per component, on loopback and a free port, with a password made up
at the first start. A county that runs Airflow already does not need it: it points
`dags_folder` at `dags/` and creates the pool, as the runbook says.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock_time
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import httpx
import psutil  # type: ignore[import-untyped]  # comes with Airflow, without types

from cityledger.calendar import COUNTY_TIME
from cityledger.errors import OperatorError
from cityledger.files import PRIVATE

DAGS: Final = Path(__file__).parents[1] / "dags"
WRITER_POOL: Final = "duckdb_writer"
USER: Final = "admin"
# The schedule's own moment, so that a night asked for and one scheduled are the same.
NIGHT_BEGINS: Final = clock_time(2, 30)

# The scheduler's log server would listen beyond loopback, and nobody needs it: all
# components read one folder.
_COMPONENTS: Final = {
    "api-server": (),
    "scheduler": ("--skip-serve-logs",),
    "dag-processor": (),
}
_READY_S: Final = 240.0
_STOP_S: Final = 20.0
_REQUEST_S: Final = 30.0
# Until the scheduler has taken note that a task has gone to wait for a person.
_SETTLED_S: Final = 7.0


class AirflowError(OperatorError):
    """Airflow could not be started, or does not answer."""


@dataclass(frozen=True)
class TaskState:
    """One task of a run and how it stands."""

    task_id: str
    map_index: int
    label: str | None
    state: str | None
    tries: int


class LocalAirflow:
    """A private Airflow with the DAGs of this repository.

    `environment` is what the tasks' `cityledger` commands read their settings from.
    Without a schedule only runs that are asked for take place.
    """

    def __init__(
        self,
        home: Path,
        environment: Mapping[str, str],
        *,
        has_schedule: bool = True,
        retry_delay_s: float = 300,
        dags: Path = DAGS,
        reviewers: tuple[str, ...] = (),
    ) -> None:
        self.home = home.absolute()
        self.password = _kept_secret(self.home / "password")
        self._environment = dict(environment)
        self._has_schedule = has_schedule
        self._retry_delay_s = retry_delay_s
        self._dags = dags
        self._reviewers = reviewers
        self._port = 0
        self._children: list[subprocess.Popen[bytes]] = []
        self._client: httpx.Client | None = None

    @property
    def url(self) -> str:
        """Where the operator finds the pages of Airflow."""
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        """Start it."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()

    def start(self, ready_s: float = _READY_S) -> None:
        """Start every component and wait until it can run the night."""
        self._end_leftovers()
        self._port = _free_port()
        self._write_accounts()
        try:
            self._migrate()
            self._children = [self._spawn(component) for component in _COMPONENTS]
            self._note_children()
            self._wait_until_healthy(time.monotonic() + ready_s)
            self._create_pool()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End every process that was started here, with its own children."""
        if self._client:
            self._client.close()
            self._client = None
        _end([psutil.Process(c.pid) for c in self._children if c.poll() is None])
        for child in self._children:
            child.wait()
        self._children = []
        self._pids.unlink(missing_ok=True)

    def trigger(self, dag_id: str, day: date) -> str:
        """Ask for the night of a day and return its run id.

        A night that Airflow knows already is cleared instead and runs once more.
        """
        moment = datetime.combine(day, NIGHT_BEGINS, COUNTY_TIME)
        self.unpause(dag_id)
        answer = self._request(
            "POST",
            f"dags/{dag_id}/dagRuns",
            json={"logical_date": moment.isoformat()},
            accept=(httpx.codes.CONFLICT,),
        )
        if answer.status_code != httpx.codes.CONFLICT:
            return str(answer.json()["dag_run_id"])
        run_id = self._run_of(dag_id, moment)
        self.clear(dag_id, run_id)
        return run_id

    def ask_for(self, dag_id: str, conf: Mapping[str, Any]) -> str:
        """Ask for a run with parameters, now, and return its id."""
        self.unpause(dag_id)
        answer = self._request(
            "POST",
            f"dags/{dag_id}/dagRuns",
            json={"logical_date": None, "conf": dict(conf)},
        )
        return str(answer.json()["dag_run_id"])

    def respond(
        self,
        where: tuple[str, str, str],
        user: str,
        option: str = "Approve",
        params: Mapping[str, str] | None = None,
    ) -> None:
        """Take a decision that a run waits for, as somebody; wait until it waits.

        `where` is the DAG, the run and the task. One sent before the task has settled
        can be lost, so it must be seen waiting first.
        """
        dag_id, run_id, task_id = where
        until = time.monotonic() + _READY_S
        while (state := self._state_of(*where)) != "awaiting_input":
            has_ended = self.state(dag_id, run_id) in ("success", "failed")
            if has_ended or time.monotonic() > until:
                raise AirflowError(f"{task_id} 没有等待决定（{state}）")
            time.sleep(1)
        time.sleep(_SETTLED_S)
        with self._signed_in(user) as client:
            answer = client.patch(
                f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}/-1/hitlDetails",
                json={"chosen_options": [option], "params_input": dict(params or {})},
            )
        if answer.is_error:
            raise AirflowError(f"{user} 的决定没有被接受：{answer.text[:200]}")

    def _state_of(self, dag_id: str, run_id: str, task_id: str) -> str | None:
        states = {one.task_id: one.state for one in self.tasks(dag_id, run_id)}
        return states.get(task_id)

    def unpause(self, dag_id: str) -> None:
        """Let a DAG run."""
        self._request("PATCH", f"dags/{dag_id}", json={"is_paused": False})

    def clear(
        self, dag_id: str, run_id: str, task_ids: tuple[str, ...] | None = None
    ) -> None:
        """Clear a run, or some tasks of it with what follows them."""
        if task_ids is None:
            self._request(
                "POST",
                f"dags/{dag_id}/dagRuns/{run_id}/clear",
                json={"dry_run": False},
            )
            return
        self._request(
            "POST",
            f"dags/{dag_id}/clearTaskInstances",
            json={
                "dry_run": False,
                "dag_run_id": run_id,
                "task_ids": list(task_ids),
                "include_downstream": True,
                "only_failed": False,
                "reset_dag_runs": True,
            },
        )

    def backfill(self, dag_id: str, first: date, last: date) -> int:
        """Ask Airflow to backfill the nights of a span, its last day included."""
        self.unpause(dag_id)
        begin = datetime.combine(first, datetime.min.time(), COUNTY_TIME)
        end = datetime.combine(last, datetime.max.time(), COUNTY_TIME)
        answer = self._request(
            "POST",
            "backfills",
            json={
                "dag_id": dag_id,
                "from_date": begin.isoformat(),
                "to_date": end.isoformat(),
                "reprocess_behavior": "completed",
                "max_active_runs": 1,
            },
        )
        return int(answer.json()["id"])

    def runs(self, dag_id: str) -> list[dict[str, Any]]:
        """Return a DAG's runs, oldest first."""
        answer = self._request(
            "GET", f"dags/{dag_id}/dagRuns", params={"order_by": "id", "limit": 100}
        )
        found: list[dict[str, Any]] = answer.json()["dag_runs"]
        return found

    def state(self, dag_id: str, run_id: str) -> str:
        """Return how a run stands: queued, running, success or failed."""
        answer = self._request("GET", f"dags/{dag_id}/dagRuns/{run_id}")
        return str(answer.json()["state"])

    def wait(self, dag_id: str, run_id: str, limit_s: float = 1800) -> str:
        """Wait until a run has ended and return how."""
        until = time.monotonic() + limit_s
        while (state := self.state(dag_id, run_id)) not in ("success", "failed"):
            self._complain_about_the_dead()
            if time.monotonic() > until:
                raise AirflowError(f"{run_id} 在 {limit_s:.0f} 秒内没有结束（{state}）")
            time.sleep(1)
        return state

    def tasks(self, dag_id: str, run_id: str) -> list[TaskState]:
        """Return how each task of a run stands."""
        answer = self._request(
            "GET",
            f"dags/{dag_id}/dagRuns/{run_id}/taskInstances",
            params={"limit": 100},
        )
        return [
            TaskState(
                task_id=one["task_id"],
                map_index=one["map_index"],
                label=one["rendered_map_index"],
                state=one["state"],
                tries=one["try_number"],
            )
            for one in answer.json()["task_instances"]
        ]

    def log(self, dag_id: str, run_id: str, task_id: str, map_index: int = -1) -> str:
        """Return what a task said in its last try."""
        path = f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}"
        found = self._request(
            "GET", path if map_index < 0 else f"{path}/{map_index}"
        ).json()
        answer = self._request(
            "GET",
            f"{path}/logs/{found['try_number']}",
            params={"map_index": map_index, "full_content": True},
        )
        lines = [
            one if isinstance(one, str) else str(one.get("event", ""))
            for one in answer.json()["content"]
        ]
        return "\n".join(lines)

    def output(self, dag_id: str, run_id: str, task_id: str) -> str | None:
        """Return the last line a task printed, as Airflow keeps it."""
        answer = self._request(
            "GET",
            f"dags/{dag_id}/dagRuns/{run_id}/taskInstances/{task_id}"
            "/xcomEntries/return_value",
            accept=(httpx.codes.NOT_FOUND,),
        )
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        return str(answer.json()["value"])

    def asset_events(self, uri: str) -> list[dict[str, Any]]:
        """Return the events of an asset, oldest first."""
        answer = self._request(
            "GET", "assets/events", params={"order_by": "timestamp", "limit": 100}
        )
        events: list[dict[str, Any]] = answer.json()["asset_events"]
        return [event for event in events if event["uri"] == uri]

    def memory_mib(self) -> float:
        """Return the memory that all its processes hold, shared pages counted once."""
        total = 0
        for child in self._children:
            with suppress(psutil.NoSuchProcess):
                for process in _family(psutil.Process(child.pid)):
                    with suppress(psutil.NoSuchProcess):
                        total += process.memory_full_info().pss
        return total / 2**20

    def variables(self) -> dict[str, str]:
        """Return the whole environment, for `airflow` commands by hand."""
        return {
            **os.environ,
            **self._environment,
            "PATH": f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}",
            "AIRFLOW_HOME": str(self.home),
            "AIRFLOW__CORE__AUTH_MANAGER": (
                "airflow.api_fastapi.auth.managers.simple."
                "simple_auth_manager.SimpleAuthManager"
            ),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": ",".join(
                [f"{USER}:admin", *(f"{name}:op" for name in self._reviewers)]
            ),
            "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(self._accounts),
            "AIRFLOW__CORE__DAGS_FOLDER": str(self._dags),
            "AIRFLOW__CORE__DEFAULT_TIMEZONE": str(COUNTY_TIME),
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__PARALLELISM": "8",
            "AIRFLOW__CORE__DEFAULT_TASK_RETRY_DELAY": f"{self._retry_delay_s:.0f}",
            "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"{self.url}/execution/",
            "AIRFLOW__CORE__FERNET_KEY": "",
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{self.home}/airflow.db",
            "AIRFLOW__API__HOST": "127.0.0.1",
            "AIRFLOW__API__PORT": str(self._port),
            "AIRFLOW__API__BASE_URL": self.url,
            "AIRFLOW__API__WORKERS": "1",
            "AIRFLOW__API__SECRET_KEY": _kept_secret(self.home / "secret_key"),
            "AIRFLOW__API_AUTH__JWT_SECRET": _kept_secret(self.home / "jwt_secret"),
            "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "60",
            "AIRFLOW__SCHEDULER__ENABLE_HEALTH_CHECK": "False",
            "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": str(self._has_schedule),
            "AIRFLOW__SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "1",
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
            "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
            "SCARF_ANALYTICS": "false",
            "DO_NOT_TRACK": "1",
        }

    @property
    def _accounts(self) -> Path:
        return self.home / "accounts.json"

    @property
    def _pids(self) -> Path:
        return self.home / "processes.json"

    def _write_accounts(self) -> None:
        names = (USER, *self._reviewers)
        _write_private(self._accounts, json.dumps(dict.fromkeys(names, self.password)))

    def _migrate(self) -> None:
        done = subprocess.run(  # noqa: S603 - our own words
            [_airflow(), "db", "migrate"],
            env=self.variables(),
            capture_output=True,
            text=True,
            check=False,
            umask=PRIVATE,
        )
        if done.returncode:
            raise AirflowError(f"Airflow 建库失败：{done.stderr.strip()[-500:]}")

    def _spawn(self, component: str) -> subprocess.Popen[bytes]:
        logs = self.home / "logs"
        logs.mkdir(exist_ok=True)
        with (logs / f"{component}.log").open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own words
                [_airflow(), component, *_COMPONENTS[component]],
                env=self.variables(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches whoever supervises, not the children behind its back.
                start_new_session=True,
                umask=PRIVATE,
            )

    def _wait_until_healthy(self, until: float) -> None:
        waiting_for = "接口"
        while time.monotonic() < until:
            self._complain_about_the_dead()
            with suppress(httpx.HTTPError, KeyError):
                waiting_for = self._not_ready_yet()
                if not waiting_for:
                    return
            time.sleep(0.5)
        raise AirflowError(
            f"Airflow 没有就绪（还在等{waiting_for}）；日志在 {self.home / 'logs'}"
        )

    def _not_ready_yet(self) -> str:
        """Return what is still missing, or nothing."""
        health = httpx.get(f"{self.url}/api/v2/monitor/health", timeout=5).json()
        if health["scheduler"]["status"] != "healthy":
            return "调度器"
        # Asked once, or the first task waits for it to load.
        httpx.get(f"{self.url}/execution/health", timeout=_REQUEST_S)
        if not self._client:
            self._client = self._signed_in()
        errors = self._request("GET", "importErrors").json()["import_errors"]
        if errors:
            raise AirflowError(f"DAG 无法载入：{errors[0]['stack_trace'][-500:]}")
        dags = self._request("GET", "dags").json()["dags"]
        return "" if dags else "夜间任务的 DAG"

    def _signed_in(self, user: str = USER) -> httpx.Client:
        answer = httpx.post(
            f"{self.url}/auth/token",
            json={"username": user, "password": self.password},
            timeout=_REQUEST_S,
        )
        answer.raise_for_status()
        return httpx.Client(
            base_url=f"{self.url}/api/v2/",
            headers={"Authorization": f"Bearer {answer.json()['access_token']}"},
            timeout=_REQUEST_S,
        )

    def _request(
        self,
        method: str,
        path: str,
        *,
        json: dict[str, Any] | None = None,
        params: Mapping[str, str | int | bool] | None = None,
        accept: tuple[int, ...] = (),
    ) -> httpx.Response:
        if not self._client:
            raise AirflowError("Airflow 还没有启动")
        answer = self._client.request(method, path, json=json, params=params)
        if answer.is_error and answer.status_code not in accept:
            raise AirflowError(
                f"Airflow 没有接受 {method} {path}："
                f"{answer.status_code} {answer.text[:300]}"
            )
        return answer

    def _run_of(self, dag_id: str, moment: datetime) -> str:
        for run in self.runs(dag_id):
            logical = run["logical_date"]
            if logical and datetime.fromisoformat(logical) == moment:
                return str(run["dag_run_id"])
        raise AirflowError(f"找不到 {moment:%Y-%m-%d} 的运行")

    def _create_pool(self) -> None:
        self._request(
            "POST",
            "pools",
            json={
                "name": WRITER_POOL,
                "slots": 1,
                "description": "DuckDB 仓库一次只能由一个进程写入",
                "include_deferred": False,
            },
            accept=(httpx.codes.CONFLICT,),
        )

    def _complain_about_the_dead(self) -> None:
        for component, child in zip(_COMPONENTS, self._children, strict=False):
            if child.poll() is not None:
                raise AirflowError(
                    f"Airflow 的 {component} 已退出（{child.returncode}）；"
                    f"日志：{self.home / 'logs' / component}.log"
                )

    def _note_children(self) -> None:
        """Write down who was started, so that a later start can end what is left."""
        noted = [
            {"pid": child.pid, "created": psutil.Process(child.pid).create_time()}
            for child in self._children
        ]
        _write_private(self._pids, json.dumps(noted))

    def _end_leftovers(self) -> None:
        """End what a killed supervisor left running here; no other process."""
        if not self._pids.exists():
            return
        left = []
        for noted in json.loads(self._pids.read_text(encoding="utf-8")):
            with suppress(psutil.NoSuchProcess):
                process = psutil.Process(noted["pid"])
                if process.create_time() == noted["created"]:
                    left.append(process)
        _end(left)
        self._pids.unlink()


def _airflow() -> str:
    beside = Path(sys.executable).with_name("airflow")
    found = str(beside) if beside.exists() else shutil.which("airflow")
    if not found:
        raise AirflowError("没有安装 Airflow；请先运行 make setup")
    return found


def _family(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return [process, *process.children(recursive=True)]
    return []


def _end(processes: list[psutil.Process]) -> None:
    """Ask processes and their children to end, and insist after a while."""
    families = [member for process in processes for member in _family(process)]
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGTERM)
    _, alive = psutil.wait_procs(processes, timeout=_STOP_S)
    # What a component leaves behind, tasks included, ends with it.
    orphans = [member for member in families if member.is_running()]
    for process in {*alive, *orphans}:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, stubborn = psutil.wait_procs([*alive, *orphans], timeout=5)
    for process in stubborn:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(stubborn, timeout=5)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _kept_secret(path: Path) -> str:
    """Return a secret that only this folder's owner can read, made at first use."""
    if path.exists():
        return path.read_text(encoding="utf-8")
    _write_private(path, secrets.token_urlsafe(24))
    return path.read_text(encoding="utf-8")


def _write_private(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")

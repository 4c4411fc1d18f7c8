"""Transform: run the dbt project in this process and say in Chinese what failed."""

import hashlib
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cityledger.errors import REFUSED, OperatorError
from cityledger.progress import Teller
from cityledger.settings import DataDir

PROJECT: Final = Path(__file__).parents[1] / "dbt_project"

_LOG_BYTES: Final = 5_000_000
_KINDS: Final = {"model": "模型", "test": "检验", "seed": "种子表", "snapshot": "快照"}
# Seeds, and the views of every layer but the marts, whose file begins anew each night.
_STANDING: Final = (
    "resource_type:seed",
    *(
        f"config.materialized:view,path:models/{layer}"
        for layer in ("checked", "staging", "intermediate", "indicators", "assessment")
    ),
)
_BAD: Final = ("error", "fail", "runtime error")


@dataclass(frozen=True)
class Failure:
    """One node of the dbt project that did not succeed."""

    kind: str
    name: str
    message: str

    def __str__(self) -> str:
        return f"{_KINDS.get(self.kind, self.kind)} {self.name}：{self.message}"


@dataclass(frozen=True)
class Transformed:
    """What dbt did."""

    succeeded: int
    warnings: tuple[Failure, ...]


class TransformError(OperatorError):
    """Models failed, or tests that must hold did not."""

    def __init__(self, failures: tuple[Failure, ...], skipped: int, log: Path) -> None:
        lines = [f"计算没有完成：{len(failures)} 处失败，{skipped} 处因此没有计算。"]
        lines += [f"  · {failure}" for failure in failures[:20]]
        lines += [f"已发布的数据没有改动。详细日志：{log}"]
        super().__init__("\n".join(lines))
        self.failures = failures
        only_tests = failures and all(f.kind == "test" for f in failures)
        self.exit_code = REFUSED if only_tests else self.exit_code


def transform(
    folders: DataDir, full_refresh: bool, views_stand: bool, tell: Teller
) -> Transformed:
    """Build every seed, model and data test of the project.

    Views and seeds say the same every night until the project changes: where they
    stand, making them again would be half of a small county's night.
    """
    from dbt.cli.main import dbtRunner  # noqa: PLC0415 - takes seconds to import

    if not PROJECT.exists():
        raise OperatorError(f"找不到 {PROJECT}；请从源代码目录安装（pip install -e .）")
    _prepare_environment(folders)
    result = dbtRunner(callbacks=[_announcer(tell)]).invoke(
        _arguments(folders, full_refresh, views_stand)
    )
    _close_connections()
    log = log_file(folders)
    if result.exception:
        failure = Failure("dbt", "项目", _short(str(result.exception)))
        raise TransformError((failure,), 0, log)
    nodes: list[Any] = list(getattr(result.result, "results", []))
    failures = tuple(_failure(node) for node in nodes if _status(node) in _BAD)
    if failures or not result.success:
        skipped = sum(_status(node) == "skipped" for node in nodes)
        raise TransformError(failures, skipped, log)
    warnings = tuple(_failure(node) for node in nodes if _status(node) == "warn")
    return Transformed(len(nodes), warnings)


def log_file(folders: DataDir) -> Path:
    """Return where dbt writes its own log."""
    return folders.state / "dbt" / "logs" / "dbt.log"


def manifest_file(folders: DataDir) -> Path:
    """Return dbt's description of every model of the last build."""
    return folders.state / "dbt" / "target" / "manifest.json"


def project_hash() -> str:
    """Return a fingerprint of the whole project."""
    return _fingerprint(_sources())


def incremental_hash() -> str:
    """Return a fingerprint of everything that decides what incremental models hold.

    Any SQL may stand behind them; descriptions and tests do not.
    """
    return _fingerprint(path for path in _sources() if path.suffix != ".yml")


def _sources() -> list[Path]:
    return [
        path
        for path in sorted(PROJECT.rglob("*"))
        if path.suffix in (".sql", ".yml", ".csv")
        and path.relative_to(PROJECT).parts[0] not in ("target", "logs", "dbt_packages")
    ]


def _fingerprint(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.relative_to(PROJECT).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _prepare_environment(folders: DataDir) -> None:
    os.environ["DATA_DIR"] = str(folders.root)
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"


def _arguments(folders: DataDir, full_refresh: bool, views_stand: bool) -> list[str]:
    state = folders.state / "dbt"
    arguments = [
        "--log-level", "none",
        "--log-level-file", "info",
        "--log-path", str(state / "logs"),
        "--log-file-max-bytes", str(_LOG_BYTES),
        "build",
        "--project-dir", str(PROJECT),
        "--profiles-dir", str(PROJECT),
        "--target-path", str(state / "target"),
        "--exclude-resource-type", "unit_test",
        "--no-use-colors",
        "--no-version-check",
    ]  # fmt: skip
    if full_refresh:
        return [*arguments, "--full-refresh"]
    if views_stand:
        # Empty: leaving a view out must not leave out the tests that read it.
        arguments += ["--indirect-selection", "empty"]
        arguments += ["--exclude", *_STANDING]
    return arguments


def _announcer(tell: Teller) -> Callable[[Any], None]:
    """Tell which node is being computed."""

    def announce(event: Any) -> None:  # noqa: ANN401 - dbt's events have no types
        if event.info.name == "LogStartLine":
            data = event.data
            name = data.description.split(".")[-1]
            tell.doing(f"计算 {data.index}/{data.total} {name}")

    return announce


def _close_connections() -> None:
    """Let go of the warehouse: dbt-duckdb keeps its connection for the process."""
    from dbt.adapters.duckdb.connections import (  # noqa: PLC0415
        DuckDBConnectionManager,
    )

    DuckDBConnectionManager.close_all_connections()  # type: ignore[no-untyped-call]


def _failure(node: Any) -> Failure:  # noqa: ANN401 - dbt's results have no types
    kind = str(node.node.resource_type)
    if _status(node) in ("fail", "warn"):
        message = f"{node.failures} 行不符合"
        description = node.node.description
        return Failure(kind, node.node.name, _short(description or message))
    return Failure(kind, node.node.name, _short(node.message or ""))


def _status(node: Any) -> str:  # noqa: ANN401 - dbt's results have no types
    return str(node.status)


def _short(text: str) -> str:
    """Keep the first lines: the rest is for the log."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return " ".join(lines)[:300]

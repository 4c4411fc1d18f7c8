"""Night: land, build, audit, publish for one county day."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import date

from cityledger import locks, runs
from cityledger.build import build
from cityledger.errors import REFUSED, OperatorError
from cityledger.land import SOURCES, land
from cityledger.load_log import Load
from cityledger.progress import SILENT, Teller
from cityledger.publish import Published, publish
from cityledger.runs import Run
from cityledger.settings import DataDir, Settings


class RefusedError(OperatorError):
    """The gate refused the night."""

    exit_code = REFUSED


def run(
    day: date,
    settings: Settings,
    reason: str | None = None,
    tell: Teller = SILENT,
    wait_s: float = locks.WAIT_S,
) -> int:
    """Run one night and return its exit code; a failure is told and recorded."""
    try:
        return night(day, settings, reason, tell, wait_s).exit_code
    except OperatorError as error:
        tell.note(str(error))
        return error.exit_code


def night(
    day: date,
    settings: Settings,
    reason: str | None = None,
    tell: Teller = SILENT,
    wait_s: float = locks.WAIT_S,
) -> Published:
    """Run one night; what cannot be published is raised."""
    folders = settings.folders
    with locks.night(folders, tell, wait_s):
        opened = runs.start(day, folders, reason)
        with recorded(opened, folders):
            land_all(day, settings, tell)
            with locks.writer(folders, tell, wait_s):
                built = build(day, settings, reason, opened.run_id, tell)
                tell.note(
                    f"计算完成：{built.transformed.succeeded} 个模型和检验，"
                    f"新并入 {built.appended.rows:,} 行"
                )
                gate(settings, tell)
                published = publish(settings, tell=tell)
    tell.note(_summary(published))
    return published


def land_all(day: date, settings: Settings, tell: Teller = SILENT) -> list[Load]:
    """Land every source at once; one that fails does not hold up the others."""
    with ThreadPoolExecutor(max_workers=len(SOURCES)) as pool:
        waiting = [pool.submit(land, source, day, settings) for source in SOURCES]
        tell.doing(f"采集 {len(SOURCES)} 个数据源")
        loads = []
        for done in as_completed(waiting):
            loads.append(done.result())
            tell.note(load_line(loads[-1]))
    return loads


def load_line(load: Load) -> str:
    """Say in a line what landing a source did."""
    if load.outcome == "ok":
        return f"采集 {load.source}：新增 {load.rows:,} 行，{load.duration_s:.1f} 秒"
    return f"采集 {load.source} 失败：{load.message}"


def gate(settings: Settings, tell: Teller = SILENT) -> None:
    """Ask the audit; a refusal leaves what is shown as it is."""
    from cityledger.audit import audit  # noqa: PLC0415 - takes seconds to import

    tell.doing("质量闸门检查")
    result = audit(settings)
    for warning in result.warnings:
        tell.note(f"提醒：{warning}")
    if not result.passed:
        lines = ["质量闸门没有通过，已发布的数据保持不变："]
        lines += [f"  · {failure}" for failure in result.failures]
        lines += ["处理后重新运行同一晚即可；详见运行手册“闸门拒绝”。"]
        raise RefusedError("\n".join(lines))


@contextmanager
def recorded(run: Run, folders: DataDir) -> Iterator[None]:
    """Write down how a run ended when it does not end well."""
    try:
        yield
    except OperatorError as error:
        outcome = "refused" if error.exit_code == REFUSED else "failed"
        _close(run, outcome, folders, str(error))
        raise
    except BaseException as error:
        _close(run, "failed", folders, f"意外错误：{type(error).__name__}")
        raise


def _close(run: Run, outcome: str, folders: DataDir, message: str) -> None:
    current = runs.find(run.run_id, folders) or run
    if current.finished_at is None:
        runs.finish(
            current, "refused" if outcome == "refused" else "failed", folders, message
        )


def _summary(published: Published) -> str:
    night_day = published.run.as_of
    if published.incomplete:
        missing = "、".join(published.incomplete)
        return f"{night_day} 已发布，但有数据源缺失或迟到：{missing}"
    return f"{night_day} 已发布，台账新增 {published.new_editions} 条"

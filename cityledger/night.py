"""Night: land, build, audit, publish for one county day."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import replace
from datetime import date

from cityledger import locks, runs, versions, warehouse
from cityledger.build import BuildResult, build
from cityledger.errors import REFUSED, OperatorError, UsageError
from cityledger.landed import SOURCES
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
    with locks.night(settings.folders, tell, wait_s):
        opened = _open(day, settings.folders, reason)
        with recorded(opened, settings.folders):
            land_all(day, settings, tell)
            return _compute(opened, settings, tell, wait_s)


def recompute(
    day: date, settings: Settings, reason: str, tell: Teller = SILENT
) -> Published:
    """Run one night again from what has landed already."""
    with locks.night(settings.folders, tell):
        opened = _open(day, settings.folders, reason)
        with recorded(opened, settings.folders):
            return _compute(opened, settings, tell, locks.WAIT_S)


def build_alone(
    day: date, settings: Settings, reason: str | None = None, tell: Teller = SILENT
) -> BuildResult:
    """Build as a step of its own; `audit` and `publish` go on with the same run."""
    folders = settings.folders
    with locks.night(folders, tell):
        opened = _open(day, folders, reason)
        with recorded(opened, folders):
            built = build(day, settings, reason, opened.run_id, tell)
        runs.pause(built_run(settings), folders, "built")
        return built


def audit_alone(settings: Settings, day: date | None, tell: Teller = SILENT) -> Run:
    """Audit the last build as a step of its own."""
    with locks.writer(settings.folders, tell):
        found = built_run(settings, day)
        resumed = runs.resume(found, settings.folders, "audit")
        with recorded(resumed, settings.folders):
            return runs.pause(gate(settings, tell), settings.folders, "audited")


def publish_alone(
    settings: Settings, day: date | None, force: bool, tell: Teller = SILENT
) -> Published:
    """Publish the last audited build as a step of its own."""
    with locks.writer(settings.folders, tell):
        built_run(settings, day)
        published = publish(settings, force, tell)
    tell.note(summary(published))
    return published


def land_all(
    day: date,
    settings: Settings,
    tell: Teller = SILENT,
    sources: tuple[str, ...] = SOURCES,
    *,
    whole: bool = False,
) -> list[Load]:
    """Land every source at once; one that fails does not hold up the others."""
    from cityledger.land import land  # noqa: PLC0415 - brings every source's driver

    pool = ThreadPoolExecutor(max_workers=len(sources))
    waiting = [
        pool.submit(land, source, day, settings, whole=whole) for source in sources
    ]
    loads: list[Load] = []
    try:
        for done in as_completed(waiting):
            loads.append(done.result())
            tell.note(load_line(loads[-1]))
            tell.doing(f"采集：{len(loads)}/{len(sources)} 个数据源已完成")
    finally:
        # Ctrl-C does not wait for a source that keeps silent.
        pool.shutdown(wait=False, cancel_futures=True)
    return loads


def load_line(load: Load) -> str:
    """Say in a line what landing a source did."""
    if load.outcome == "ok":
        said = f"采集 {load.source}：新增 {load.rows:,} 行，{load.duration_s:.1f} 秒"
        if load.files.refused or any(file.is_new for file in load.not_taken):
            said += f"；{load.message}"
        return said
    return f"采集 {load.source} 失败：{load.message}"


def gate(settings: Settings, tell: Teller = SILENT) -> Run:
    """Ask the audit about the last build; a refusal leaves what is shown as it is."""
    from cityledger.audit import audit  # noqa: PLC0415 - takes seconds to import

    tell.doing("质量闸门检查")
    found = built_run(settings)
    result = audit(settings)
    for warning in result.warnings:
        tell.note(f"提醒：{warning}")
    judged = runs.save(replace(found, audit_passed=result.passed), settings.folders)
    if not result.passed:
        raise RefusedError(_refusal([str(failure) for failure in result.failures]))
    tell.note("质量闸门通过")
    return judged


def built_run(settings: Settings, day: date | None = None) -> Run:
    """Return the run whose results the warehouse holds, which must be of the day."""
    with warehouse.read(settings.folders) as connection:
        found = runs.built(connection, settings.folders)
    if day and found.as_of != day:
        raise UsageError(
            f"仓库里是 {found.as_of} 的结果，不是 {day} 的；"
            f"请先运行 cityledger build --date {day}"
        )
    return found


@contextmanager
def recorded(opened: Run, folders: DataDir) -> Iterator[None]:
    """Write down how a run ended when it does not end well."""
    try:
        yield
    except OperatorError as error:
        _close(opened, error.exit_code == REFUSED, folders, str(error))
        raise
    except KeyboardInterrupt:
        _close(opened, False, folders, "被操作员中断")
        raise
    except BaseException as error:
        _close(opened, False, folders, f"意外错误：{type(error).__name__}")
        raise


def summary(published: Published) -> str:
    """Say in a line what a publication did."""
    day = published.run.as_of
    if not published.was_shown:
        return (
            f"{day} 已记入台账，新增 {published.new_editions} 条；显示的仍是更新的数据"
        )
    if published.incomplete:
        return f"{day} 已发布，但数据源没有到齐：{'、'.join(published.incomplete)}"
    return f"{day} 已发布，台账新增 {published.new_editions} 条"


def _open(day: date, folders: DataDir, reason: str | None) -> Run:
    runs.settle(folders, {v.run_id: v.is_incomplete for v in versions.every(folders)})
    return runs.start(day, folders, reason)


def _compute(opened: Run, settings: Settings, tell: Teller, wait_s: float) -> Published:
    with locks.writer(settings.folders, tell, wait_s):
        built = build(opened.as_of, settings, opened.reason, opened.run_id, tell)
        tell.note(
            f"计算完成：新并入 {built.appended.rows:,} 行，"
            f"{built.transformed.succeeded} 个模型和检验"
        )
        gate(settings, tell)
        tell.doing("发布")
        published = publish(settings, tell=tell)
    tell.note(summary(published))
    return published


def _close(opened: Run, is_refusal: bool, folders: DataDir, message: str) -> None:
    found = runs.find(opened.run_id, folders) or opened
    if found.finished_at is None:
        runs.finish(found, "refused" if is_refusal else "failed", folders, message)


def _refusal(failures: list[str]) -> str:
    lines = ["质量闸门拦下了这一晚，已发布的数据保持不变："]
    lines += [f"  · {failure}" for failure in failures]
    lines += ["处理后重新运行同一晚即可；步骤见运行手册。"]
    return "\n".join(lines)

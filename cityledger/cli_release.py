"""Command line of the public release: the steps of disclosure, one verb each."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final, cast

import typer
from typer import Exit

from cityledger import chinese
from cityledger.calendar import COUNTY_TIME
from cityledger.county import COUNTY
from cityledger.errors import REFUSED, UsageError
from cityledger.locks import writer
from cityledger.output import as_json, say
from cityledger.settings import Settings, read_settings

if TYPE_CHECKING:
    from cityledger.release.shelf import Release

app = chinese.group("公开发布：编制、核对、审查、签发、发布、更正、撤回。")
verb = partial(app.command, cls=chinese.Command, options_metavar="[选项]")
correction = chinese.group("更正登记：已知错误的数，以及源头改正后的提醒。")
app.add_typer(correction, name="correction")
correction_verb = partial(
    correction.command, cls=chinese.Command, options_metavar="[选项]"
)

signer = chinese.group("签认人登记簿：谁可以办理哪些步骤，一人一个账号。")
app.add_typer(signer, name="signer")
signer_verb = partial(signer.command, cls=chinese.Command, options_metavar="[选项]")

_MOMENTS: Final = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%d"]

Id = Annotated[str, typer.Argument(metavar="发布版", help="例如 2025-06-v1.0.0")]
MaybeId = Annotated[
    str, typer.Argument(metavar="[发布版]", help="默认：在办的草案，或现行的发布版")
]
By = Annotated[str, typer.Option("--by", metavar="账号", help="办理人登记的账号")]
Comment = Annotated[str, typer.Option("--comment", metavar="文字", help="意见")]
Article = Annotated[
    str, typer.Option("--article", metavar="条款", help="依据的条款，例如 条例第十五条")
]
Json = Annotated[bool, typer.Option("--json", help="输出 JSON")]


@verb(
    "draft", help="编制：用终报数做一个新版本的草案，对外不可见；没有变化时退出码为 4。"
)
def draft(  # noqa: PLR0913 - one option for each particular of a draft
    *,
    by: By,
    reason: Annotated[str, typer.Option("--reason", metavar="文字", help="发布原因")],
    period: Annotated[
        str, typer.Option("--period", metavar="周期", help="默认最新的终报月份")
    ] = "",
    withhold: Annotated[
        list[str] | None,
        typer.Option("--withhold", metavar="编号", help="区分处理：不公开的"),
    ] = None,
    article: Article = "",
    replaces: Annotated[
        bool, typer.Option("--replace", help="作废在办的草案，重新编制")
    ] = False,
    as_program: Json = False,
) -> None:
    """Draft a release."""
    from cityledger.release import draft as drafting  # noqa: PLC0415 - heavy

    order = drafting.Order(by, reason, period, tuple(withhold or ()), article, replaces)
    settings = read_settings()
    with writer(settings.folders):
        made = drafting.draft(settings, order, _now())
    if as_program:
        as_json(made.contents)
        return
    counted = "，".join(f"{k} {n} 项" for k, n in made.contents["changes"].items())
    say(f"已编制 {made.release_id}：{counted or '指标数值无变化'}")
    for slug, why in made.contents["left_out"].items():
        say(f"  没有编入 {slug}：{why}")
    say(f"下一步：cityledger release check {made.release_id}")


@verb("check", help="检查清单：错误阻止发布，提醒要签认；有错误时退出码为 3。")
def check(release_id: MaybeId = "", as_program: Json = False) -> None:
    """Judge a draft."""
    from cityledger.release import checklist  # noqa: PLC0415 - heavy

    settings = read_settings()
    release = _draft(settings, release_id)
    report = checklist.check(settings, release, _now())
    if as_program:
        as_json(
            {
                "release_id": report.release_id,
                "errors": [vars(f) for f in report.errors],
                "unsigned": [vars(f) for f in report.unsigned],
                "findings": [vars(f) for f in report.findings],
            }
        )
    else:
        say(checklist.lines(report))
    raise Exit(REFUSED if report.errors else 0)


@verb("sign", help="签认检查清单中的全部提醒。")
def sign(*, release_id: MaybeId = "", by: By, comment: Comment) -> None:
    """Sign the warnings."""
    from cityledger.release import workflow  # noqa: PLC0415 - heavy

    settings = read_settings()
    decision = workflow.Decision(by, comment=comment)
    with writer(settings.folders):
        signed = workflow.sign_warnings(
            settings, _draft(settings, release_id), decision, _now()
        )
    say([f"已签认 {line}" for line in signed] or ["没有要签认的提醒"])


@verb("diff", help="与上一版相比的变更清单：首发、修订、更正、撤回。")
def diff(
    release_id: MaybeId = "",
    every: Annotated[bool, typer.Option("--all", help="也列出首发")] = False,
    as_program: Json = False,
) -> None:
    """Show what a release changes."""
    from cityledger.release import public_file, wording  # noqa: PLC0415 - heavy

    release = _any(read_settings(), release_id)
    found = [c for c in public_file.changes_of(release) if every or c["kind"] != "首发"]
    if as_program:
        as_json(found)
        return
    say(f"{release.release_id} 与 {release.contents['previous'] or '（无）'} 相比")
    say(f"  {kind} {count} 项" for kind, count in release.contents["changes"].items())
    say(
        f"{c['kind']}  {c['indicator_id']}  {c['period']}  {c['area_code']}  "
        f"{wording.number(c['old_value'], '', c['old_target'])} → "
        f"{wording.number(c['new_value'], '', c['new_target'])}  "
        f"{c['reason'] or ''}"
        for c in found
    )
    if release.contents["dataset_changes"]:
        say(
            f"其他数据集变更 {release.contents['dataset_changes']} 处，"
            "见 dataset_changes.csv"
        )


@verb("approve", help="办理一步审查：数据核对、个人信息审查、保密审查、签发。")
def approve(
    *,
    release_id: MaybeId = "",
    step: Annotated[
        list[str],
        typer.Option("--step", metavar="步骤", help="可以写多次，按次序办理"),
    ],
    by: By,
    outcome: Annotated[
        str,
        typer.Option(
            "--outcome", metavar="结论", help="同意公开、区分处理后公开、不予公开、送审"
        ),
    ] = "同意公开",
    comment: Comment = "",
    article: Article = "",
) -> None:
    """Record one or more reviews."""
    from cityledger.release import workflow  # noqa: PLC0415 - heavy
    from cityledger.release.journal import Outcome, Step  # noqa: PLC0415

    settings = read_settings()
    for one in step:
        decision = workflow.Decision(by, cast("Outcome", outcome), comment, article)
        # The time is asked for when nobody else can write: steps keep their order.
        with writer(settings.folders):
            release = _draft(settings, release_id)
            entry = workflow.review(
                settings, release, cast("Step", one), decision, _now()
            )
        say(f"{release.release_id} {entry.step}：{entry.outcome}（{entry.by}）")


@verb("publish", help="发布已签发的版本，立即或在指定时间。")
def publish(
    release_id: MaybeId = "",
    by: By = "系统",
    at: Annotated[
        datetime | None,
        typer.Option(
            "--at",
            formats=_MOMENTS,
            metavar="时间",
            help="到时才公开，例如 2025-07-10T09:00",
        ),
    ] = None,
) -> None:
    """Publish what two people have cleared."""
    from cityledger.release import (  # noqa: PLC0415 - heavy
        export,
        proof,
        shelf,
        workflow,
    )

    settings = read_settings()
    with writer(settings.folders):
        now = _now()
        known = shelf.decided(settings.folders)
        # Killed after it was decided: what is left is to show it.
        decided = {r.release_id: r for r in known if not r.withdrawal}
        published = decided.get(release_id) or workflow.publish(
            settings, _draft(settings, release_id), by, at, now
        )
    moment = published.published_at or now
    if moment > now:
        say(f"{published.release_id} 定于 {moment:%Y-%m-%d %H:%M} 公开，在此之前不可见")
        say("到时运行 cityledger release export（或由 Airflow 运行）")
        return
    with writer(settings.folders):
        made = export.export(settings, _now())
    say(f"已发布 {published.release_id}；网站 {made.pages} 页：{made.site}")
    say(f"请抄存到数据目录以外：{proof.witness(settings.folders)}")


@verb("withdraw", help="撤回一个已发布的版本；原地址保留说明。")
def withdraw(
    *,
    release_id: Id,
    by: By,
    reason: Annotated[str, typer.Option("--reason", metavar="文字", help="撤回原因")],
    article: Article = "",
    erase: Annotated[
        bool, typer.Option("--erase", help="内容也不再显示（例如涉及个人信息）")
    ] = False,
) -> None:
    """Withdraw a release."""
    from cityledger.release import export, shelf, workflow  # noqa: PLC0415 - heavy

    settings = read_settings()
    release = shelf.find(settings.folders, release_id)
    decision = workflow.Decision(by, "", reason, article)
    with writer(settings.folders):
        workflow.withdraw(settings, release, decision, _now(), erase=erase)
        export.export(settings, _now())
    say(f"已撤回 {release_id}；原地址保留撤回说明")


@verb("export", help="按现在可以公开的版本重做公众文件、网站和数据文件。")
def export(
    if_due: Annotated[
        bool, typer.Option("--if-due", help="没有到时或新撤回的版本就什么也不做")
    ] = False,
) -> None:
    """Make the public exits anew."""
    from cityledger.release import export, shelf  # noqa: PLC0415 - heavy

    settings, now = read_settings(), _now()
    if if_due and not export.is_due(settings.folders, now):
        say("没有到时要公开或撤回的版本")
        return
    with writer(settings.folders):
        now = _now()
        made = export.export(settings, now)
    waiting = len(shelf.waiting(settings.folders, now))
    say(f"公开 {made.releases} 个版本，网站 {made.pages} 页：{made.site}")
    if waiting:
        say(f"另有 {waiting} 个版本未到公开时间")


@verb("list", help="列出发布版、草案、状态和公开期限。")
def list_releases(as_program: Json = False) -> None:
    """List every release."""
    from cityledger.release import shelf, workflow  # noqa: PLC0415 - heavy

    folders, now = read_settings().folders, _now()
    opened = shelf.draft(folders)
    known = shelf.decided(folders) + ([opened] if opened else [])
    if as_program:
        as_json(
            [
                {
                    "release_id": r.release_id,
                    "version": str(r.version),
                    "period": r.contents["period"],
                    "state": r.state(now),
                    "published_at": r.published_at,
                    "changes": r.contents["changes"],
                    "due_on": d.due_on if (d := workflow.deadline(r)) else None,
                }
                for r in known
            ]
        )
        return
    for release in known:
        when = release.published_at
        due = workflow.deadline(release)
        say(
            f"{release.release_id}  {release.state(now)}"
            + (f"  {when:%Y-%m-%d %H:%M} 公开" if when else "")
            + (f"  公开期限 {due.due_on}" if due and not when else "")
            + f"  {release.contents['reason']}"
        )
    if not known:
        say("还没有发布版；用 cityledger release draft 编制")


@verb("show", help="一个发布版的流程：谁、何时、结论、意见。")
def show(release_id: MaybeId = "", as_program: Json = False) -> None:
    """Show the journal of a release."""
    from cityledger.release import signers  # noqa: PLC0415 - verbs import late

    settings = read_settings()
    release = _any(settings, release_id)
    if as_program:
        as_json(release.entries)
        return
    known = signers.register(settings.folders)
    say(f"{release.release_id}  {release.state(_now())}")
    for entry in release.entries:
        words = " ".join(filter(None, (entry.outcome, entry.article, entry.comment)))
        who = known.get(entry.by, entry.by)
        say(f"  {entry.at:%Y-%m-%d %H:%M}  {entry.step}  {who}  {words}")


@verb(
    "verify",
    help="核对文件、校验值、流程记录、网站和公众文件；不写发布版就核对全部。",
)
def verify(release_id: MaybeId = "") -> None:
    """Verify that releases, journals and exits bear each other out."""
    from cityledger.release import (  # noqa: PLC0415 - heavy
        export,
        journal,
        proof,
        shelf,
    )

    folders, now = read_settings().folders, _now()
    opened = shelf.draft(folders)
    every = shelf.decided(folders) + ([opened] if opened else [])
    chosen = [shelf.find(folders, release_id)] if release_id else every
    register = journal.read(folders.signers)
    found = {r.release_id: proof.of_release(r, register) for r in chosen}
    found["公众出口"] = proof.of_county(folders, now)
    if not any(found.values()) and export.is_due(folders, now):
        found["公众出口"].append(
            "有到时公开或撤回的版本还没有反映到网站：核实后运行 "
            "cityledger release export"
        )
    for name, wrong in found.items():
        say(f"{name}  {'✗ 不相符' if wrong else '彼此相符'}")
        say(f"  {line}" for line in wrong)
    say([f"{proof.LIMITS}：", f"  {proof.witness(folders)}"])
    raise Exit(REFUSED if any(found.values()) else 0)


@verb("as-of", help="一个数当时公布的是多少、现在公布的是多少，各自的口径和目标。")
def as_of(
    *,
    indicator: Annotated[str, typer.Argument(metavar="指标", help="例如 I05")],
    period: Annotated[str, typer.Option("--period", metavar="周期")],
    area: Annotated[str, typer.Option("--area", metavar="区域")] = COUNTY,
    at: Annotated[
        datetime | None,
        typer.Option("--at", formats=_MOMENTS, metavar="时间", help="默认现在"),
    ] = None,
    history: Annotated[bool, typer.Option("--history", help="列出历次公布")] = False,
    as_program: Json = False,
) -> None:
    """Answer what was published when."""
    from cityledger.release import as_of as asked  # noqa: PLC0415 - heavy

    now = _now()
    question = asked.Question(indicator, period, area)
    found = asked.answer(read_settings().folders, question, at or now, now)
    if as_program:
        as_json(asked.as_program(found))
    else:
        say(asked.lines(found, with_history=history))


@verb("remind", help="公开期限的提醒：签发后 10、15 个工作日和逾期。")
def remind(
    day: Annotated[
        datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], metavar="日期")
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="发送通知")] = False,
) -> None:
    """Say what is due."""
    from cityledger import notify  # noqa: PLC0415 - only for this verb
    from cityledger.release import shelf, workflow  # noqa: PLC0415 - heavy

    settings = read_settings()
    on = (day or _now()).date()
    opened = shelf.draft(settings.folders)
    waiting = [r for r in shelf.decided(settings.folders) if not r.withdrawal]
    known = ([opened] if opened else []) + waiting
    deadlines = [workflow.deadline(release) for release in known]
    said = [words for d in deadlines if d and (words := d.says(on))]
    say(said or ["没有临近期限的发布版"])
    if send and said:
        notify.notify(settings, "城账 公开期限提醒", "\n".join(said))


@correction_verb("add", help="登记一个更正。")
def add_correction(  # noqa: PLR0913 - an entry has that many particulars
    *,
    indicator: Annotated[str, typer.Option("--indicator", metavar="指标")],
    period: Annotated[str, typer.Option("--period", metavar="周期")],
    expect: Annotated[
        float | None,
        typer.Option("--expect", metavar="数值", help="台账中现在的错误值"),
    ] = None,
    value: Annotated[
        float | None, typer.Option("--value", metavar="数值", help="正确的值")
    ] = None,
    action: Annotated[
        str, typer.Option("--action", metavar="方式", help="override、drop 或 flag")
    ] = "override",
    area: Annotated[str, typer.Option("--area", metavar="区域")] = COUNTY,
    reason: Annotated[str, typer.Option("--reason", metavar="文字")],
    by: By,
) -> None:
    """Register a known error."""
    from cityledger.release import corrections  # noqa: PLC0415 - verbs import late

    entry = corrections.Correction(
        "", indicator, period, area, cast("corrections.Action", action), expect, value,
        reason, by, _now(),
    )  # fmt: skip
    kept = corrections.register(read_settings().folders, entry)
    say(f"已登记 {kept.correction_id}；下一个草案起生效")


@correction_verb("list", help="列出更正登记。")
def list_corrections(as_program: Json = False) -> None:
    """List the register."""
    from cityledger.release import corrections  # noqa: PLC0415 - verbs import late

    found = corrections.read(read_settings().folders)
    if as_program:
        as_json(found)
        return
    for c in found:
        word = "未关闭" if c.status == "open" else "已关闭"
        say(
            f"{c.correction_id}  {word}  {c.indicator_id} {c.period} {c.area_code}  "
            f"{c.action_zh}  {c.expect} → {c.value}  {c.reason}（{c.registered_by}）"
        )
    if not found:
        say("没有更正")


@correction_verb("close", help="关闭一个更正，例如源头已经改正。")
def close_correction(
    *,
    correction_id: Annotated[str, typer.Argument(metavar="编号")],
    by: By,
    note: Annotated[str, typer.Option("--note", metavar="文字")] = "源头已改正",
) -> None:
    """Close an entry."""
    from cityledger.release import corrections  # noqa: PLC0415 - verbs import late

    closed = corrections.close(read_settings().folders, correction_id, by, note, _now())
    say(f"已关闭 {closed.correction_id}")


@signer_verb("add", help="登记一个签认人；姓名只用于显示。")
def add_signer(
    *,
    account: Annotated[
        str, typer.Argument(metavar="账号", help="小写字母、数字、.、_、-")
    ],
    name: Annotated[str, typer.Option("--name", metavar="姓名")],
    step: Annotated[
        list[str] | None,
        typer.Option("--step", metavar="步骤", help="可以写多次；默认全部步骤"),
    ] = None,
    another_person: Annotated[
        bool,
        typer.Option("--another-person", help="读音相同的确是另一个人"),
    ] = False,
) -> None:
    """Let somebody sign."""
    from cityledger.release import signers  # noqa: PLC0415 - verbs import late

    folders = read_settings().folders
    with writer(folders):
        wanted = signers.Signer(account, name, tuple(step or signers.DUTIES), _now())
        added = signers.add(folders, wanted, is_another_person=another_person)
    say(f"已登记 {added}，可办理：{'、'.join(added.duties)}")


@signer_verb("remove", help="停用一个账号；已经签过的仍然有效。")
def remove_signer(
    *,
    account: Annotated[str, typer.Argument(metavar="账号")],
    reason: Annotated[str, typer.Option("--reason", metavar="文字")],
) -> None:
    """Let somebody sign no more."""
    from cityledger.release import signers  # noqa: PLC0415 - verbs import late

    folders = read_settings().folders
    with writer(folders):
        removed = signers.remove(folders, account, reason, _now())
    say(f"已停用 {removed}")


@signer_verb("list", help="列出登记的签认人。")
def list_signers(as_program: Json = False) -> None:
    """List the register."""
    from cityledger.release import signers  # noqa: PLC0415 - verbs import late

    known = list(signers.register(read_settings().folders).values())
    if as_program:
        as_json(known)
        return
    say(
        f"{one}  {'在用' if one.is_active else '已停用'}  {'、'.join(one.duties)}"
        for one in known
    )
    if not known:
        say("还没有登记签认人；用 cityledger release signer add 账号 --name 姓名 登记")


def _draft(settings: Settings, release_id: str) -> "Release":
    """Return the open draft, which is the one asked for."""
    from cityledger.release import shelf  # noqa: PLC0415 - verbs import late

    opened = shelf.draft(settings.folders)
    if release_id and (not opened or opened.release_id != release_id):
        shelf.find(settings.folders, release_id)
        raise UsageError(f"{release_id} 不是在办的草案")
    if not opened:
        raise UsageError("没有在办的草案；用 cityledger release draft 编制")
    return opened


def _any(settings: Settings, release_id: str) -> "Release":
    """Return the release asked for, else the draft, else the newest."""
    from cityledger.release import shelf  # noqa: PLC0415 - verbs import late

    if release_id:
        return shelf.find(settings.folders, release_id)
    found = shelf.draft(settings.folders) or shelf.latest(
        shelf.decided(settings.folders)
    )
    if not found:
        raise UsageError("还没有发布版；用 cityledger release draft 编制")
    return found


def _now() -> datetime:
    """Return the time on the county's clocks."""
    return datetime.now(COUNTY_TIME).replace(tzinfo=None)

"""Command line of the quarantine: list, export, waive."""

from functools import partial
from typing import Annotated, Final

import typer

from cityledger import chinese
from cityledger.output import as_json, say
from cityledger.settings import read_settings

app = chinese.group("隔离区：没有通过规则的记录，退回数据提供单位改正。")
verb = partial(app.command, cls=chinese.Command, options_metavar="[选项]")

_SHOWN: Final = 50

Source = Annotated[str, typer.Option("--source", help="只看一个数据源")]
Rule = Annotated[str, typer.Option("--rule", help="只看一条规则，例如 B03")]
Status = Annotated[
    str, typer.Option("--status", help="open、resubmitted、waived 或 all")
]
Owner = Annotated[str, typer.Option("--owner", help="只看一个数据提供单位")]
Ids = Annotated[list[str], typer.Argument(help="隔离编号，可以只写开头几位")]


@verb("list", help="列出隔离的记录；不显示原始内容。")
def list_units(
    source: Source = "",
    rule: Rule = "",
    status: Status = "open",
    owner: Owner = "",
    as_program: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """List quarantined units."""
    from cityledger import quarantine  # noqa: PLC0415 - verbs import what they need

    wanted = quarantine.Filter(source, rule, _status(status), owner)
    found = quarantine.units(read_settings(), wanted)
    if as_program:
        as_json(
            [
                {
                    name: getattr(unit, name)
                    for name in quarantine.Unit.__dataclass_fields__
                    if name != "raw"
                }
                for unit in found
            ]
        )
        return
    say(f"共 {len(found)} 条")
    say(
        f"  {unit_owner}  {unit_source}  {unit_rule}：{count} 条"
        for unit_owner, unit_source, unit_rule, count in quarantine.summary(found)
    )
    for unit in found[:_SHOWN]:
        place = " ".join(filter(None, (unit.file, unit.sheet, unit.line_or_key)))
        word = quarantine.STATUSES.get(unit.status, unit.status)
        say(f"{unit.short_id}  {word}  {unit.rule}  {place}  {unit.message}")
    if len(found) > _SHOWN:
        say(f"……只显示前 {_SHOWN} 条；用 quarantine export 导出全部")


@verb("faults", help="按毛病归并：每种毛病有多少条、例子在哪里；一行的几处毛病都算。")
def faults(
    source: Source = "",
    rule: Rule = "",
    as_program: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """List what is wrong, grouped."""
    from cityledger import quarantine  # noqa: PLC0415 - verbs import what they need

    found = quarantine.faults(read_settings(), source, rule)
    if as_program:
        as_json(found)
        return
    say(f"共 {len(found)} 种毛病")
    for fault in found[:_SHOWN]:
        place = " ".join(filter(None, (fault.example_file, fault.example_line_or_key)))
        say(
            f"{fault.source}  {fault.rule}  {fault.rows_quarantined} 条"
            f"（待处理 {fault.open}）  {fault.fault}  例：{place}"
        )
    if len(found) > _SHOWN:
        say(f"……只显示前 {_SHOWN} 种；用 --json 看全部")


@verb("export", help="按数据提供单位导出 XLSX，含原始记录（可能有个人信息）。")
def export(
    source: Source = "", rule: Rule = "", status: Status = "open", owner: Owner = ""
) -> None:
    """Write one workbook per owner."""
    from cityledger import quarantine  # noqa: PLC0415 - verbs import what they need

    wanted = quarantine.Filter(source, rule, _status(status), owner)
    paths = quarantine.export(read_settings(), wanted)
    say(str(path) for path in paths)
    say(
        "注意：文件含原始记录，可能有个人信息，只交给数据提供单位，用毕删除。"
        if paths
        else "没有要导出的记录"
    )


@verb("waive", help="豁免：记录不再要求改正，下一次计算起生效。")
def waive(
    ids: Ids,
    reason: Annotated[str, typer.Option("--reason", help="豁免原因")],
    by: Annotated[str, typer.Option("--by", help="批准人")],
) -> None:
    """Let broken units rest."""
    from cityledger import quarantine  # noqa: PLC0415 - verbs import what they need

    for waiver in quarantine.waive(read_settings(), ids, reason, by):
        say(f"已豁免 {waiver.quarantine_id}（{waiver.waived_by}：{waiver.reason}）")


@verb("unwaive", help="撤销豁免，下一次计算起生效。")
def unwaive(ids: Ids) -> None:
    """Take waivers back."""
    from cityledger import quarantine  # noqa: PLC0415 - verbs import what they need

    say(
        f"已撤销豁免 {quarantine_id}"
        for quarantine_id in quarantine.unwaive(read_settings(), ids)
    )


def _status(word: str) -> str:
    return "" if word == "all" else word

"""Command line of the assessment scheme: which is in force, may this file be used."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from cityledger import chinese
from cityledger.output import as_json, say
from cityledger.settings import read_settings

app = chinese.group("考核方案：承包单位怎样计分和付款。")
verb = partial(app.command, cls=chinese.Command, options_metavar="[选项]")


@verb("list", help="列出已知的方案版本和各自生效的月份。")
def list_versions(
    as_program: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
) -> None:
    """List the versions that are in force at some time."""
    from cityledger import scheme  # noqa: PLC0415 - verbs import what they need

    known = scheme.known(read_settings().folders)
    names = scheme.versions(known)
    if as_program:
        as_json(
            [
                {
                    "scheme_version": names[one.key],
                    "valid_from": f"{one.valid_from:%Y-%m}",
                    "title": one.title,
                    "status": one.status,
                    "scheme_key": one.key,
                }
                for one in known
            ]
        )
        return
    say(
        f"{one.valid_from:%Y-%m} 起  {names[one.key]}  {one.title}  {one.status}"
        for one in known
    )


@verb("check", help="核对一份方案文件能不能用，不改变任何数据。")
def check(
    path: Annotated[Path, typer.Argument(metavar="文件", help="YAML 文件")],
) -> None:
    """Read a scheme and say what is wrong with it."""
    from cityledger import scheme  # noqa: PLC0415 - verbs import what they need

    one = scheme.read(path)
    say(
        [
            f"可以使用：{one.title}（{one.scheme_id}），"
            f"从 {one.valid_from:%Y-%m} 起生效",
            f"  {len(one.components)} 个分项，{len(one.modules)} 个模块，"
            f"{len(one.items)} 个扣分项，{len(one.payment.bands)} 个付款分档",
            f"放到 {read_settings().folders.schemes}/ 下，下一次夜间任务起生效",
        ]
    )

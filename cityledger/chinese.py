"""Chinese: the command line's own words, which Typer writes in English."""

import re
from typing import Any, Final

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

_HELP: Final = "显示帮助后退出"

_TITLES: Final = {
    "DEFAULT_STRING": "[默认：{}]",
    "ENVVAR_STRING": "[环境变量：{}]",
    "REQUIRED_LONG_STRING": "[必填]",
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "ERRORS_PANEL_TITLE": "错误",
    "ABORTED_TEXT": "已中止。",
}

# Usage errors as Typer words them, and as we say them.
_ERRORS: Final = (
    (r"No such command '(.+?)'\..*", r"没有命令 \1"),
    (r"No such option: (\S+).*", r"没有选项 \1"),
    (r"Missing option (.+?)\.?$", r"缺少选项 \1"),
    (r"Missing argument (.+?)\.?$", r"缺少参数 \1"),
    (r"Missing command\.?", "缺少命令"),
    (r"Got unexpected extra argument\(s\) \((.+)\)", r"多余的参数：\1"),
    (r"Option '(.+?)' requires an argument\.?", r"选项 \1 后面要有值"),
    (r"Option '(.+?)' does not take a value\.?", r"选项 \1 后面不能有值"),
    (
        r"Invalid value for (.+?): .*?'([^']*)' does not match the formats? .+",
        r"\1 的值 \2 不是日期，应写成 2025-06-30 的样子",
    ),
    (r"Invalid value for (.+?): (.+)", r"\1 的值不对：\2"),
)


class Command(TyperCommand):
    """A command whose help speaks Chinese."""

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401 - Typer's own context
        """Return the usage line."""
        return _usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own types
        """Return the help option."""
        return _help_option(super().get_help_option(ctx))


class Group(TyperGroup):
    """A group of commands whose help speaks Chinese."""

    def get_usage(self, ctx: Any) -> str:  # noqa: ANN401 - Typer's own context
        """Return the usage line."""
        return _usage(super().get_usage(ctx))

    def get_help_option(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own types
        """Return the help option."""
        return _help_option(super().get_help_option(ctx))


def group(text: str) -> typer.Typer:
    """Return a group of verbs."""
    for name, title in _TITLES.items():
        setattr(rich_utils, name, title)
    return typer.Typer(
        help=text,
        cls=Group,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        options_metavar="[选项]",
        subcommand_metavar="命令 [参数]...",
    )


def error_text(message: str) -> str:
    """Return a usage error in Chinese; one without a translation stays as it is."""
    for pattern, words in _ERRORS:
        if re.fullmatch(pattern, message, flags=re.DOTALL):
            return re.sub(pattern, words, message, flags=re.DOTALL)
    return message


def _usage(text: str) -> str:
    return text.replace("Usage:", "用法：").replace("[OPTIONS]", "[选项]")


def _help_option(option: Any) -> Any:  # noqa: ANN401 - Typer's own types
    if option:
        option.help = _HELP
    return option

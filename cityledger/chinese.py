"""Chinese: the command line's own words, which Typer writes in English."""

import re
from typing import Any, Final

import typer
from typer import rich_utils
from typer.core import TyperCommand, TyperGroup

from cityledger.errors import UsageError
from cityledger.text import clean

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
    """A command whose help speaks Chinese, and that is given clean text alone."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - Typer's own context
        """Clean every word before the verb sees it: no verb can forget to."""
        for name, value in ctx.params.items():
            try:
                ctx.params[name] = _cleaned(value)
            except UsageError as error:
                raise UsageError(f"{self._named(name)}：{error}") from None
        return super().invoke(ctx)

    def _named(self, name: str) -> str:
        """Return how a person writes a parameter."""
        given = next((p for p in self.params if p.name == name), None)
        return given.opts[0] if given else name

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


def _cleaned(value: Any) -> Any:  # noqa: ANN401 - a parameter of any type
    if isinstance(value, list | tuple):
        return type(value)(_cleaned(one) for one in value)
    return clean(value) if isinstance(value, str) else value


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

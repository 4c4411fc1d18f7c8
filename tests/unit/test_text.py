"""What people type is cleaned where it enters; no exit obeys what came in before."""

import csv
import io
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from released_county import (
    NOW,
    SIGNER,
    Night,
    publish,
    released,
    settings_in,
)
from rich.console import Console

from cityledger import chinese, cli, files, scheme
from cityledger.errors import UsageError
from cityledger.release import export, journal, workflow
from cityledger.release.shelf import Release
from cityledger.release.workflow import Decision
from cityledger.screen import Screen
from cityledger.settings import SettingsError, read_settings
from cityledger.spreadsheet import inert
from cityledger.text import clean, escaped, is_unseen, printable
from dashboards.leaders.exports import as_csv

UNSEEN = [
    "\x00", "\x07", "\x08", "\x0b", "\x0c", "\x1b", "\x7f", "\x85", "\x9b", "\u00ad",
    "\u034f", "\u061c", "\u115f", "\u180e", "\u200b", "\u200d", "\u200f", "\u2028",
    "\u2029", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069", "\u3164", "\ufe0f",
    "\ufeff", "\uffa0", "\ufff9", "\uffff", "\ud800", "\udfff", "\U000e0041",
    "\U000e0101",
]  # fmt: skip
SPREADSHEET = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\u3000=1",
               "＝1+1", "＋1", "－1", "＠x", " ＝1", "\u200b=1", "\ufeff=1", "\n=1",
               "−1", "﹦1"]  # fmt: skip


@pytest.mark.parametrize("unseen", UNSEEN, ids=lambda c: f"U+{ord(c):04X}")
def test_what_cannot_be_seen_is_refused_by_its_number(unseen: str) -> None:
    with pytest.raises(UsageError, match=f"第 3 个字符 U\\+{ord(unseen):04X} 看不见"):
        clean(f"数据{unseen}有误")

    assert unseen not in printable(f"数据{unseen}有误")
    assert json.loads(escaped(json.dumps(unseen, ensure_ascii=False))) == unseen


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  数据源有误 \n", "数据源有误"),
        ("第一行\r\n第二行\t完", "第一行 第二行 完"),
        ("cafe\u0301", "caf\u00e9"),
        ("欧阳·小明（科长）—— 5%、3.2 m³", "欧阳·小明（科长）—— 5%、3.2 m³"),
        ("𠮷野家", "𠮷野家"),
        ("", ""),
    ],
)
def test_what_can_be_read_stays_as_it_is_read(typed: str, kept: str) -> None:
    assert clean(typed) == kept
    assert clean(clean(typed)) == kept


@given(st.text(max_size=40))
def test_whatever_is_typed_comes_out_readable_or_not_at_all(typed: str) -> None:
    try:
        kept = clean(typed)
    except UsageError:
        return
    assert not any(is_unseen(one) for one in kept)
    assert kept == unicodedata.normalize("NFC", kept)
    assert clean(kept) == kept


@given(st.text(alphabet=st.characters(), max_size=40))
def test_no_text_makes_xml_invalid(text: str) -> None:
    element = Xml.Element("summary")
    element.text = printable(text)

    Xml.fromstring(Xml.tostring(element, encoding="utf-8"))  # noqa: S314 - our own


def commands() -> Iterator[tuple[str, Any]]:
    def walk(group: Any, path: str) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
        for name, one in group.commands.items():
            if hasattr(one, "commands"):
                yield from walk(one, f"{path}{name} ")
            else:
                yield f"{path}{name}", one

    yield from walk(typer.main.get_command(cli.app), "")


VERBS = dict(commands())


@pytest.mark.parametrize("verb", VERBS)
def test_no_verb_is_given_text_that_cannot_be_seen(verb: str) -> None:
    command = VERBS[verb]
    assert isinstance(command, chinese.Command)
    for parameter in command.params:
        if parameter.name == "help":
            continue
        context = command.context_class(command)
        for planted in ("a\x0bb", ["a", "b\u202e"]):
            context.params = {parameter.name: planted}
            with pytest.raises(UsageError, match="看不见"):
                command.invoke(context)


def test_a_person_is_told_which_word_it_was(tmp_path: Path) -> None:
    words = ("2025-06-v1.0.0", "--by", "x", "--reason", "a\x0b")
    done = run(tmp_path, "release", "withdraw", *words)

    assert done.returncode == 2
    assert "--reason：文字第 2 个字符 U+000B 看不见" in done.stderr


def test_a_setting_or_a_scheme_with_what_cannot_be_seen_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.setenv("CITYLEDGER_PUBLIC_CONTACT", "县城管局\u202e")
    with pytest.raises(SettingsError, match="CITYLEDGER_PUBLIC_CONTACT"):
        read_settings()

    (default,) = scheme.DEFAULTS.glob("*.yaml")
    text = default.read_text(encoding="utf-8")
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    planted = tmp_path / "planted.yaml"
    planted.write_text(text.replace(title, 'title: "办\\u200b法"'), encoding="utf-8")
    with pytest.raises(scheme.SchemeError, match=r"planted\.yaml.*\n.*看不见"):
        scheme.read(planted)


def test_no_step_is_written_with_what_cannot_be_seen(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    publish(settings, Night())
    release = released(settings)

    for reason in ("有误\x0b", "有误\x1b[31m", "有\u202e误"):
        with pytest.raises(UsageError, match="看不见"):
            workflow.withdraw(settings, release, Decision(SIGNER, "", reason), NOW)

    assert Release(release.folder).withdrawal is None


def test_a_feed_and_a_page_survive_a_journal_that_holds_it_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_in(tmp_path)
    publish(settings, Night(toilet_name="中心\x0b公厕"))
    release = released(settings)
    with monkeypatch.context() as of_old:
        of_old.setattr(journal, "clean", lambda text: text)
        decision = Decision(SIGNER, "", "数据\x0b有误\u202e <b>")
        workflow.withdraw(settings, release, decision, NOW)

    export.export(settings, NOW + timedelta(hours=1))

    site = settings.folders.site / "current"
    for name in ("feed.xml", "feed-en.xml", "sitemap.xml"):
        Xml.parse(site / name)  # noqa: S314 - our own
    for path in site.rglob("*"):
        if path.suffix in (".html", ".xml", ".json", ".csv"):
            assert not {"\x0b", "\u202e"} & set(path.read_text("utf-8")), path


def test_a_terminal_obeys_nothing_that_a_name_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    planted = "清\x1b[31m环[bold]\u202e\x9b2J"
    from cityledger.output import as_json, complain, say  # noqa: PLC0415 - after capsys

    say(planted)
    complain(planted)
    as_json({"name": planted})

    told = capsys.readouterr()
    for text in (told.out, told.err):
        assert not {"\x1b", "\x9b", "\u202e"} & set(text)
        assert "[bold]" in text, "a name is not markup"
    assert json.loads(told.out.split("\n", 1)[1])["name"] == planted

    shown = io.StringIO()
    with Screen(Console(file=shown, force_terminal=True, width=80)) as screen:
        screen.doing(planted)
        screen.note(planted)
    assert "[31m环" not in shown.getvalue().replace("\ufffd[31m环", "")


@pytest.mark.parametrize("cell", SPREADSHEET)
def test_no_spreadsheet_computes_what_a_source_wrote(cell: str) -> None:
    assert inert(cell) == f"'{cell}"

    text = as_csv([cell], [[cell, 1]]).decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert row[0] == f"'{cell}"


@pytest.mark.parametrize("cell", ["甲镇", "a=b", "3-1", "", "（-）", 5, -5.5, None])
def test_other_cells_stay_as_they_are(cell: object) -> None:
    assert inert(cell) == cell


def test_two_owners_never_share_a_file() -> None:
    long = "长" * 300
    owners = [
        *("甲:乙", "甲?乙", "甲_乙", "甲/乙", "甲 乙", "FS01", "FS:01", "FS01\n"),
        *(long, f"{long}长", "e\u0301", "\u00e9", "甲_乙-" + "0" * 8),
    ]
    owners.append(files.name_for("甲:乙"))
    names = [files.name_for(owner) for owner in owners]

    assert len(set(names)) == len(owners)
    assert names == [files.name_for(owner) for owner in owners], "night after night"
    assert files.name_for("案卷平台") == "案卷平台"
    assert all(len(f"2025-06-30-{one}.xlsx".encode()) < 255 for one in names)
    assert not any({"/", "\\", ":", "?", "\n"} & set(one) for one in names)


def run(data_dir: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = "from cityledger.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        env=os.environ | {"DATA_DIR": str(data_dir)},
        capture_output=True,
        text=True,
        check=False,
    )

"""The command line speaks Chinese, keeps secrets, and ends with the right code."""

import errno
import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from marts_by_hand import built_night, settings_in

from cityledger import cli, logs
from cityledger.publish import publish
from cityledger.settings import Settings

D = date(2025, 6, 30)
VERBS = (
    "nightly",
    "land",
    "build",
    "audit",
    "publish",
    "backfill",
    "status",
    "doctor",
    "explain",
    "quarantine",
    "serve",
    "simulate",
)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = settings_in(tmp_path)
    for name in ("CASES_API_URL", "CASES_API_TOKEN", "LANDING_DIR", "LIGHTING_DSN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    return settings


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["cityledger", *words])
    with pytest.raises(SystemExit) as ending:
        cli.main()
    assert isinstance(ending.value.code, int)
    return ending.value.code


def test_every_verb_has_help_in_chinese(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--help") == 0
    text = capsys.readouterr().out

    assert "用法：" in text
    for english in ("Usage", "Options", "Commands", "Show this message"):
        assert english not in text
    for verb in VERBS:
        assert verb in text


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb != "simulate"])
def test_a_verbs_help_is_in_chinese(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, verb, "--help") == 0
    text = capsys.readouterr().out

    assert "显示帮助后退出" in text
    for english in ("Usage", "Options", "Arguments", "required", "default"):
        assert english not in text


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (["nope"], "没有命令 nope"),
        (["land"], "缺少参数"),
        (["land", "rubbish"], "没有数据源 rubbish；可选：cases、"),
        (["nightly", "--date", "30.6.2025"], "应写成 2025-06-30 的样子"),
        (["nightly", "--fast"], "没有选项 --fast"),
        (["backfill", "--from", "2025-06-01"], "缺少选项"),
        (["publish", "v1"], "版本只和 --rollback 一起使用"),
        (["explain", "I03"], "缺少选项"),
    ],
)
def test_a_wrong_word_is_a_usage_error(
    words: list[str],
    answer: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, *words) == 2
    assert answer in capsys.readouterr().err


def test_without_a_data_dir_the_variable_is_named(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.delenv("DATA_DIR", raising=False)
    monkeypatch.chdir(tmp_path)

    assert run(monkeypatch, "status") == 1
    assert "DATA_DIR" in capsys.readouterr().err


def test_what_is_known_can_be_read_by_a_program(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    built_night(settings, D)
    publish(settings)

    assert run(monkeypatch, "explain", "I03", "--period", "2025-05", "--json") == 0
    explained = json.loads(capsys.readouterr().out)
    assert run(monkeypatch, "status", "--json") == 0
    stood = json.loads(capsys.readouterr().out)
    assert run(monkeypatch, "publish", "--list", "--json") == 0
    (version,) = json.loads(capsys.readouterr().out)

    assert explained["value"]["value"] == 75.0
    assert stood["shown"]["as_of"] == "2025-06-30"
    assert version["as_of"] == "2025-06-30"


def test_an_unexpected_error_shows_no_traceback_and_logs_no_secret(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    dsn = "postgresql://reader:pass-word@db/lighting"
    monkeypatch.setenv("CASES_API_TOKEN", "sesame-sesame")
    monkeypatch.setenv("LIGHTING_DSN", dsn)

    def fail(*_: object) -> None:
        raise ZeroDivisionError(f"token sesame-sesame, {dsn}")

    monkeypatch.setattr("cityledger.status.status", fail)

    assert run(monkeypatch, "status") == 1

    shown = capsys.readouterr().err
    logged = logs.log_file(settings).read_text(encoding="utf-8")
    assert "意外错误（ZeroDivisionError）" in shown
    assert "Traceback" not in shown
    assert "Traceback" in logged
    for secret in ("sesame-sesame", "pass-word"):
        assert secret not in shown
        assert secret not in logged
    assert "postgresql://db/lighting" in logged


def test_an_error_before_any_setting_is_read_shows_no_traceback(
    tmp_path: Path,
) -> None:
    fail = (
        "import sys; sys.argv = ['cityledger', 'status']; import cityledger;"
        "sys.modules['cityledger.status'] = None\n"
        "from cityledger.cli import main; main()"
    )

    ended = subprocess.run(
        [sys.executable, "-c", fail],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"DATA_DIR": str(tmp_path)},
    )

    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "Traceback" in (tmp_path / "state/logs/cityledger.log").read_text()


def test_a_full_disk_is_called_a_full_disk(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("cityledger.status.status", fail)

    assert run(monkeypatch, "status") == 1
    assert "磁盘已满" in capsys.readouterr().err


def test_help_does_not_wait_for_heavy_libraries() -> None:
    heavy = "dbt, great_expectations, airflow, streamlit, pandas, duckdb"
    asked = (
        "import sys; sys.argv = ['cityledger', '--help'];"
        "from cityledger import cli\n"
        "try: cli.main()\n"
        "except SystemExit: pass\n"
        f"print([n for n in '{heavy}'.split(', ') if n in sys.modules])"
    )

    answer = subprocess.run(
        [sys.executable, "-c", asked],
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"PYTHONPATH": ""},
    )

    assert answer.stdout.splitlines()[-1] == "[]"

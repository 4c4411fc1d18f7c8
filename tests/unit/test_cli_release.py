"""The verbs of a release, as a person and as a program use them."""

import json
import os
import subprocess
import sys

import pytest
from released_county import CHECKER, DRAFTER, SIGNER, Night, publish, settings_in

from cityledger.settings import Settings

WHOLE_WAY = (
    ("draft", "--by", DRAFTER, "--reason", "首次公开"),
    ("sign", "--by", SIGNER, "--comment", "已知"),
    ("approve", "--by", CHECKER, "--step", "数据核对", "--step", "个人信息审查"),
    ("approve", "--by", SIGNER, "--step", "保密审查", "--step", "签发"),
    ("publish", "--by", SIGNER),
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_in(tmp_path_factory.mktemp("cli"))
    publish(settings, Night())
    return settings


def release(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    program = "from cityledger.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, "release", *words],
        env=os.environ | {"DATA_DIR": str(settings.data_dir)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_release_goes_the_whole_way_by_hand(settings: Settings) -> None:
    said = ""
    for words in WHOLE_WAY:
        done = release(settings, *words)
        assert done.returncode == 0, done.stderr
        said += done.stdout

    assert "已编制 2025-06-v1.0.0" in said
    assert "已发布 2025-06-v1.0.0" in said
    (listed,) = json.loads(release(settings, "list", "--json").stdout)
    assert (listed["version"], listed["state"]) == ("1.0.0", "已发布")
    steps = json.loads(release(settings, "show", "--json").stdout)
    assert [s["step"] for s in steps if s["outcome"]] == [
        "数据核对",
        "个人信息审查",
        "保密审查",
        "签发",
    ]
    assert release(settings, "verify").stdout.startswith("2025-06-v1.0.0  彼此相符\n")
    found = json.loads(
        release(settings, "as-of", "I05", "--period", "2025-05", "--json").stdout
    )
    assert found["as_known_now"]["release_id"] == "2025-06-v1.0.0"
    assert found["as_known_now"]["target"]["quote"] == "及时查处率 90"


def test_what_cannot_be_done_is_said_in_chinese_with_its_exit_code(
    settings: Settings,
) -> None:
    nothing_new = release(settings, "draft", "--by", DRAFTER, "--reason", "再发")
    assert nothing_new.returncode == 4
    assert "没有变化" in nothing_new.stderr

    no_draft = release(settings, "check")
    assert no_draft.returncode == 2
    assert "没有在办的草案" in no_draft.stderr

    outside = release(settings, "withdraw", "../../etc", "--by", "x", "--reason", "y")
    assert outside.returncode == 2
    assert "不是发布版编号" in outside.stderr

    future = release(
        settings, "as-of", "I05", "--period", "2025-05", "--at", "2999-01-01"
    )
    assert future.returncode == 2
    assert "将来" in future.stderr

"""One person signs under one account, and only who was let in signs at all."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from released_county import (
    CHECKER,
    DRAFTER,
    NOW,
    SIGNER,
    Night,
    drafted,
    publish,
    settings_in,
    verified,
)

from cityledger.errors import OperatorError, UsageError
from cityledger.release import corrections, draft, journal, signers, workflow
from cityledger.release.corrections import Correction
from cityledger.release.signers import DUTIES, Signer, SignerError
from cityledger.release.workflow import Decision
from cityledger.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = settings_in(tmp_path)
    publish(settings, Night())
    return settings


@pytest.mark.parametrize("typed", ["zhangsan", " ZhangSan ", "ZHANGSAN\n"])
def test_an_account_has_one_form(typed: str) -> None:
    assert signers.account(typed) == "zhangsan"


@pytest.mark.parametrize(
    "typed",
    [
        "张三",
        "zhang\u200bsan",
        "zhangsan\u202e",
        "zhang san",
        "ｚｈａｎｇｓａｎ",
        "zhangsаn",
        "\u212aim",
        "zhang（局长）",
        "a",
        "-zhang",
        "../zhang",
        "x" * 33,
        "",
        "\x1b[31mzhang",
    ],
)
def test_what_can_be_typed_in_two_ways_is_no_account(typed: str) -> None:
    with pytest.raises(UsageError):
        signers.account(typed)


@pytest.mark.parametrize(
    "again",
    [
        "局\u200b长",
        "局 长",
        "局長",
        "局长（主持工作）",
        "局长·",
        "（代）局长",
        "城管局局长",
        "ＢｉａｎＺｈｉＹｕａｎ",
    ],
)
def test_one_person_is_not_let_in_twice(settings: Settings, again: str) -> None:
    wanted = Signer("another", again, DUTIES, NOW)

    with pytest.raises(OperatorError):
        signers.add(settings.folders, wanted)

    assert "another" not in signers.register(settings.folders)


def test_two_people_of_one_sound_are_told_apart_by_whoever_registers_them(
    settings: Settings,
) -> None:
    signers.add(settings.folders, Signer("wangwei", "王伟", DUTIES, NOW))
    other = Signer("wangwei2", "王维", DUTIES, NOW)
    with pytest.raises(SignerError, match="王伟（wangwei）"):
        signers.add(settings.folders, other)

    signers.add(settings.folders, other, is_another_person=True)

    last = journal.read(settings.folders.signers)[-1]
    assert last.details["is_another_person"] is True


def test_an_account_never_passes_to_somebody_else(settings: Settings) -> None:
    signers.remove(settings.folders, SIGNER, "调离", NOW)
    with pytest.raises(UsageError, match="不能改给别人"):
        signers.add(settings.folders, Signer(SIGNER, "新局长某", DUTIES, NOW))

    signers.add(settings.folders, Signer(SIGNER, "局长", DUTIES, NOW))

    assert signers.register(settings.folders)[SIGNER].is_active


@pytest.mark.parametrize("stranger", ["lisi", "局长", f"{SIGNER}\u200b", "系统"])
def test_nobody_signs_who_was_not_let_in(settings: Settings, stranger: str) -> None:
    release = drafted(settings)
    decision = Decision(stranger, comment="知")
    wrong = Correction(
        "", "I05", "2025-05", "420323000000", "flag", None, None, "错", stranger, NOW
    )

    for step in (
        lambda: workflow.sign_warnings(settings, release, decision, NOW),
        lambda: workflow.review(settings, release, "数据核对", decision, NOW),
        lambda: workflow.withdraw(settings, release, decision, NOW),
        lambda: corrections.register(settings.folders, wrong),
    ):
        with pytest.raises(OperatorError, match=r"登记|账号|看不见"):
            step()

    assert [e.step for e in journal.read(release.steps)] == ["编制"]


def test_somebody_takes_only_the_steps_that_are_his(settings: Settings) -> None:
    signers.add(settings.folders, Signer("xinyi", "新一", ("数据核对",), NOW))
    release = drafted(settings)

    with pytest.raises(SignerError, match="没有登记办理编制"):
        draft.draft(settings, draft.Order("xinyi", "再", replaces=True), NOW)
    workflow.review(settings, release, "数据核对", Decision("XinYi"), NOW)
    with pytest.raises(SignerError, match="没有登记办理个人信息审查"):
        workflow.review(settings, release, "个人信息审查", Decision("xinyi"), NOW)


def test_whoever_has_left_signs_no_more_and_stays_on_what_he_signed(
    settings: Settings,
) -> None:
    release = drafted(settings)
    workflow.review(settings, release, "数据核对", Decision(CHECKER), NOW)
    later = NOW + timedelta(hours=1)
    signers.remove(settings.folders, CHECKER, "调离", later)

    with pytest.raises(SignerError, match="已停用"):
        workflow.review(settings, release, "个人信息审查", Decision(CHECKER), later)

    assert verified(settings, release) == []


def test_the_drafter_is_the_same_person_however_he_types_himself(
    settings: Settings,
) -> None:
    release = drafted(settings)
    for step in ("数据核对", "个人信息审查"):
        workflow.review(settings, release, step, Decision(DRAFTER), NOW)

    for typed in (DRAFTER.upper(), f" {DRAFTER}"):
        with pytest.raises(workflow.WorkflowError, match="编制人不能办理"):
            workflow.review(settings, release, "保密审查", Decision(typed), NOW)


def test_the_register_is_kept_by_hand(settings: Settings) -> None:
    for words, said in (
        (
            ("add", "LiSi", "--name", "李四", "--step", "数据核对"),
            "已登记 李四（lisi）",
        ),
        (("list",), "李四（lisi）  在用  数据核对"),
        (("remove", "lisi", "--reason", "调离"), "已停用 李四（lisi）"),
        (("list",), "李四（lisi）  已停用"),
    ):
        done = run(settings, *words)
        assert done.returncode == 0, done.stderr
        assert said in done.stdout

    for words, said in (
        (("add", "wangwu", "--name", "李四"), "读起来像同一个人"),
        (("add", "wangwu", "--name", "王五", "--step", "盖章"), "没有步骤 盖章"),
    ):
        done = run(settings, *words)
        assert done.returncode in (2, 3)
        assert said in done.stderr


def run(settings: Settings, *words: str) -> subprocess.CompletedProcess[str]:
    program = "from cityledger.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", program, "release", "signer", *words],
        env=os.environ | {"DATA_DIR": str(settings.data_dir)},
        capture_output=True,
        text=True,
        check=False,
    )

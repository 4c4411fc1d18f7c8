"""Personal data is found however it is typed, and figures are not taken for it."""

import pytest

from cityledger.release.personal import Scanner, masked

NAMES = {"欧阳小明", "李明", "王建国", "环卫股", "考核办"}


def kinds(text: str) -> list[tuple[str, str]]:
    return [(f.level, f.kind) for f in Scanner(NAMES).scan(text, "x")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("13812345678", "电话号码"),
        ("电话138-1234-5678转", "电话号码"),
        ("+86 138 1234 5678", "电话号码"),
        ("１３８１２３４５６７８", "电话号码"),
        ("0719-4221234", "固定电话"),
        ("420323199001011234", "身份证号"),
        ("42032319900101123X", "身份证号"),
        ("420323900101123", "身份证号（15 位）"),
        ("鄂C12345", "车牌号"),
        ("鄂C·1A234", "车牌号"),
        ("鄂CD12345", "车牌号"),
        ("someone@example.org", "电子邮箱"),
        ("负责人王建国同志", "受限数据中的姓名"),
        ("李明", "受限数据中的姓名"),
    ],
)
def test_what_is_personal_is_an_error(text: str, kind: str) -> None:
    assert ("error", kind) in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "94.94949494949495",
        "0.138123456789",
        "420323100000",
        "2025-06-30",
        "第 1381 号",
        "环卫股",
        "考核办审核",
        "ZS2025010100003",
        "鄂西北",
    ],
)
def test_figures_codes_and_offices_are_not_personal(text: str) -> None:
    assert kinds(text) == []


def test_a_short_name_inside_a_word_is_for_a_person_to_judge() -> None:
    assert kinds("李明街公厕") == [("warning", "受限数据中的姓名")]


def test_a_finding_never_shows_it_in_full() -> None:
    assert masked("13812345678") == "1*********8"
    assert masked("李明") == "李*"

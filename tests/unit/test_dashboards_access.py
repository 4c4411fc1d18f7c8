"""Access: what the county's list grants, and what it does not."""

import json
import time
from pathlib import Path

import pytest
from streamlit import config
from streamlit.testing.v1 import AppTest

from dashboards import guard
from dashboards.leaders import access
from dashboards.leaders.access import AccessListError, Reader
from tests.browser.published_fixture import County, publish_leaders

APP = Path(__file__).parents[2] / "dashboards" / "leaders" / "app.py"


def listed(tmp_path: Path, text: str) -> dict[str, Reader]:
    path = tmp_path / "access.toml"
    path.write_text(text, encoding="utf-8")
    return access.readers(path)


def test_an_address_is_granted_its_role_whatever_its_case(tmp_path: Path) -> None:
    granted = listed(tmp_path, '[[readers]]\nemail="A@x.cn"\nrole="领导"\n')

    assert granted == {"a@x.cn": Reader("A@x.cn", "领导")}


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ('email="a@x.cn"\nrole="部门"', "部门要写 scope"),
        ('email="a@x.cn"\nrole="承包商"\nscope=""', "不能为空"),
        ('email="a@x.cn"\nrole="部门"\nscope=203', "加引号的文字"),
        ('email="a@x.cn"\nrole="领导"\nscope="0203"', "不能写 scope"),
        ('email="a@x.cn"\nrole="局长"', "role 要是领导、操作员、部门、承包商之一"),
        ('email="a@x.cn"', "role 要是"),
        ('email=""\nrole="领导"', "不能为空"),
        ('role="领导"', "email 要是一个邮箱"),
        ('email="\u212aim@x.cn"\nrole="操作员"', "只用英文字母"),
        ('email="a@x.cn"\nrole="领导"\nrolle="领导"', "不认识的项 rolle"),
        ('email="A@X.cn"\nrole="领导"', "a@x.cn 写了两次"),
        ('email="a@x.cn"\nrole="领导', "不是正确的 TOML"),
    ],
)
def test_a_list_with_one_wrong_entry_grants_nothing_and_says_which_line(
    tmp_path: Path, entry: str, why: str
) -> None:
    text = f'[[readers]]\nemail = "a@x.cn"\nrole = "领导"\n\n[[readers]]\n{entry}\n'
    wrong = text if "A@X" in entry else text.replace('"a@x.cn"', '"b@x.cn"', 1)

    with pytest.raises(AccessListError, match=why) as refused:
        listed(tmp_path, wrong)

    assert "access.toml 第 " in str(refused.value)
    assert ("第 5 行" in str(refused.value)) is ("TOML" not in why)


def test_without_a_list_nobody_is_granted_anything(tmp_path: Path) -> None:
    with pytest.raises(AccessListError, match="没有设置"):
        access.readers(None)
    with pytest.raises(AccessListError, match=r"读不到 missing\.toml"):
        access.readers(tmp_path / "missing.toml")


@pytest.mark.parametrize(
    ("claims", "account"),
    [
        ({"email": "Zhang@County.cn", "email_verified": True}, "zhang@county.cn"),
        ({"email": "zhang@county.cn"}, ""),
        ({"email": "zhang@county.cn", "email_verified": None}, ""),
        ({"email": "zhang@county.cn", "email_verified": False}, ""),
        ({"email": "zhang@county.cn", "email_verified": "true"}, ""),
        ({"email": "zhang@county.cn", "email_verified": 1}, ""),
        ({"email": "\u212aim@county.cn", "email_verified": True}, ""),
        ({"email": "zhang@county.cn ", "email_verified": True}, ""),
        ({"email": "zhang\u200b@county.cn", "email_verified": True}, ""),
        ({"email": ["zhang@county.cn"], "email_verified": True}, ""),
        ({"email_verified": True}, ""),
    ],
)
def test_only_an_ascii_address_that_the_provider_has_verified_is_somebodys(
    claims: dict[str, object], account: str
) -> None:
    assert access.account_of(claims) == account


@pytest.mark.parametrize(
    ("hours", "is_believed"),
    [(0, True), (-11.9, True), (-12.1, False), (0.05, True), (1, False), (9e9, False)],
)
def test_a_login_is_believed_for_twelve_hours(hours: float, is_believed: bool) -> None:
    now = time.time()
    until = access.believed_until({"iat": now + hours * 3600})

    assert (now < until <= now + 12.1 * 3600) is is_believed
    assert bool(until) is is_believed


@pytest.mark.parametrize("iat", [None, "0", True, float("nan"), float("inf"), []])
def test_a_login_that_does_not_say_when_it_was_given_is_not_believed(
    iat: object,
) -> None:
    assert access.believed_until({"iat": iat}) == 0.0
    assert access.believed_until({}) == 0.0


def test_a_reader_keeps_what_was_granted_only_while_the_list_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "access.toml"
    entry = '[[readers]]\nemail="a@x.cn"\nrole="部门"\nscope="0203"\n'
    path.write_text(entry, encoding="utf-8")
    monkeypatch.setenv(access.ACCESS_FILE, str(path))
    monkeypatch.setenv(guard.SIGN_ON, guard.REQUIRED)
    soon = time.time() + 60
    who = Reader("a@x.cn", "部门", "0203", "a@x.cn", soon)

    assert access.still_may(who)
    assert not access.still_may(Reader("a@x.cn", "部门", "0203", "a@x.cn", 1.0))
    assert not access.still_may(Reader("本机", "操作员"))
    for changed in (entry.replace("0203", "0204"), entry.replace("a@", "b@"), "["):
        path.write_text(changed, encoding="utf-8")
        assert not access.still_may(who)
    path.unlink()
    assert not access.still_may(who)


def test_what_an_act_is_of_never_stands_in_for_who_did_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    access.note("查看记录", Reader("张", "部门", "0203"), role="领导", who="县长", at=0)

    (log,) = (tmp_path / "access_log").iterdir()
    line = json.loads(log.read_text(encoding="utf-8"))
    assert (line["who"], line["role"], line["scope"]) == ("张", "部门", "0203")
    assert line["at"] != 0


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ({}, "127.0.0.1"),
        ({guard.SIGN_ON: "loopback"}, "0.0.0.0"),  # noqa: S104 - must be refused
        ({guard.SIGN_ON: "required"}, "127.0.0.1"),
        ({guard.SIGN_ON: "no"}, "127.0.0.1"),
    ],
    ids=["told nothing", "not on loopback", "no sign-on left", "told nonsense"],
)
def test_a_page_that_was_not_told_or_has_no_sign_on_shows_nothing(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    told: dict[str, str],
    address: str,
) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    monkeypatch.delenv(guard.SIGN_ON, raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    config.set_option("server.address", address)
    publish_leaders(tmp_path, County())

    app = AppTest.from_file(APP, default_timeout=60).run()

    drawn = "\n".join(one.value for one in app.html)
    assert "登录没有配置好，页面不开放" in drawn
    assert "城区主次干道" not in drawn
    assert len(app.button) == 0


def test_an_unknown_role_opens_no_page() -> None:
    assert not any(Reader("a", "无").may_open(page) for page in access.EVERY_PAGE)

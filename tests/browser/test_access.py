"""Access in a real browser, against a real provider: who sees what, and who nothing."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Served, settled, signed_on

ACCESS = """
[[readers]]
email = "leader@county.example"
role = "领导"

[[readers]]
email = "operator@county.example"
role = "操作员"

[[readers]]
email = "unsaid@county.example"
role = "操作员"

[[readers]]
email = "stale@county.example"
role = "操作员"

[[readers]]
email = "Baofeng@county.example"
name = "宝丰镇"
role = "部门"
scope = "0203"

[[readers]]
email = "hw02@county.example"
role = "承包商"
scope = "HW02"
"""


@pytest.fixture(scope="module")
def protected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Serve the pages behind a single sign-on."""
    with signed_on(tmp_path_factory.mktemp("protected"), ACCESS) as pages:
        yield pages


def enter(page: Page, pages: Served, email: str) -> None:
    page.goto(pages.leaders)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name=email).click()
    settled(page)


def log(pages: Served) -> list[dict]:
    folder = pages.data_dir / "access_log"
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def test_without_a_login_there_is_nothing_but_the_way_in(
    page: Page, protected: Served
) -> None:
    page.goto(f"{protected.leaders}/contractors")

    expect(page.get_by_text("请先登录")).to_be_visible()
    assert page.get_by_text("堵河清").count() == 0


@pytest.mark.parametrize("email", ["nobody", "unverified", "unsaid", "ｏperator"])
def test_an_address_without_a_role_sees_nothing(
    page: Page, protected: Served, email: str
) -> None:
    enter(page, protected, f"{email}@county.example")

    expect(page.get_by_text("这个账号没有分配角色")).to_be_visible()
    assert page.locator("a.row").count() == 0


def test_a_leader_sees_every_page(page: Page, protected: Served) -> None:
    enter(page, protected, "leader@county.example")

    assert page.locator("a.row").count() >= 21
    expect(page.get_by_text("leader@county.example · 领导")).to_be_visible()


def test_a_contractor_sees_its_own_scores_whatever_the_address_says(
    page: Page, protected: Served
) -> None:
    enter(page, protected, "hw02@county.example")
    page.goto(f"{protected.leaders}/?contractor=HW01")
    settled(page)

    expect(page.get_by_text("堵河清环卫有限公司 当月应付推导")).to_be_visible()
    assert page.get_by_text("竹山洁城").count() == 0
    page.goto(f"{protected.leaders}/departments")
    settled(page)
    expect(page.get_by_text("“部门与乡镇”不向承包商账号开放")).to_be_visible()
    assert page.get_by_text("得分与名次").count() == 0
    assert page.get_by_role("link", name="部门与乡镇").count() == 0
    acts = {(line["act"], line["who"]) for line in log(protected)}
    assert ("拒绝页面", "hw02@county.example") in acts


def test_a_department_sees_its_own_detail_and_no_records(
    page: Page, protected: Served
) -> None:
    enter(page, protected, "baofeng@county.example")
    page.goto(f"{protected.leaders}/departments?dept=0204")
    settled(page)

    expect(page.get_by_text("宝丰镇人民政府 得分构成")).to_be_visible()
    expect(page.get_by_text("宝丰镇人民政府超期未处置案件 1 件")).to_be_visible()
    assert page.get_by_text("擂鼓镇人民政府 得分构成").count() == 0
    page.goto(f"{protected.leaders}/indicator?indicator=I05")
    settled(page)
    expect(page.get_by_text("逐条记录只对领导和操作员开放")).to_be_visible()


def test_records_that_are_seen_and_taken_are_written_down(
    page: Page, protected: Served, tmp_path: Path
) -> None:
    enter(page, protected, "operator@county.example")
    page.goto(f"{protected.leaders}/indicator?indicator=I05")
    settled(page)
    with page.expect_download() as taken:
        page.get_by_role("button", name="导出 CSV").click()
    taken.value.save_as(tmp_path / "taken.csv")

    rows = (tmp_path / "taken.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) > 1000
    acts = {(line["act"], line["who"]) for line in log(protected)}
    assert ("查看记录", "operator@county.example") in acts
    assert ("导出", "operator@county.example") in acts
    assert ("拒绝进入", "nobody@county.example") in acts


def test_a_login_of_yesterday_is_not_believed(page: Page, protected: Served) -> None:
    enter(page, protected, "stale@county.example")

    expect(page.get_by_text("登录已过期，请重新登录")).to_be_visible()
    assert page.locator("a.row").count() == 0


def test_a_login_lasts_half_a_day_in_the_browser_too(
    page: Page, protected: Served
) -> None:
    enter(page, protected, "leader@county.example")

    (cookie,) = [c for c in page.context.cookies() if c["name"] == "_streamlit_user"]
    assert 11.9 * 3600 < cookie["expires"] - time.time() < 12.1 * 3600
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"


def test_a_removed_reader_gets_no_file_and_no_number_from_an_open_page(
    page: Page, protected: Served
) -> None:
    listed = protected.data_dir / "access.toml"
    entry = '[[readers]]\nemail = "removed@county.example"\nrole = "操作员"\n'
    listed.write_text(ACCESS + entry, encoding="utf-8")
    enter(page, protected, "removed@county.example")
    page.goto(f"{protected.leaders}/indicator?indicator=I05")
    settled(page)
    expect(page.get_by_role("button", name="导出 CSV")).to_be_visible()
    files: list[object] = []
    page.on("download", lambda taken: files.append(taken.url))

    listed.write_text(ACCESS, encoding="utf-8")
    page.get_by_role("button", name="导出 CSV").click()

    expect(page.get_by_text("这个账号没有分配角色")).to_be_visible()
    page.wait_for_timeout(3000)
    assert files == []
    assert page.get_by_text("AJ000").count() == 0
    assert [one["act"] for one in log(protected) if one["who"].startswith("removed")][
        -2:
    ] in (["拒绝导出", "拒绝进入"], ["拒绝进入", "拒绝导出"])


def test_an_open_page_that_nobody_touches_ends_with_its_readers_rights(
    page: Page, protected: Served
) -> None:
    listed = protected.data_dir / "access.toml"
    entry = '[[readers]]\nemail = "removed@county.example"\nrole = "领导"\n'
    listed.write_text(ACCESS + entry, encoding="utf-8")
    enter(page, protected, "removed@county.example")
    assert page.locator("a.row").count() >= 21

    listed.write_text(ACCESS, encoding="utf-8")

    expect(page.get_by_text("这个账号没有分配角色")).to_be_visible(timeout=40_000)
    assert page.locator("a.row").count() == 0


def test_a_list_that_is_broken_while_serving_lets_nobody_in_and_says_where(
    page: Page, protected: Served
) -> None:
    listed = protected.data_dir / "access.toml"
    broken = ACCESS + "\n[[readers]]\nrole = 领导"
    listed.write_text(broken, encoding="utf-8")
    line = len(broken.splitlines())
    try:
        enter(page, protected, "operator@county.example")

        expect(page.get_by_text("访问名单不能用，页面不开放")).to_be_visible()
        expect(page.get_by_text(f"access.toml 第 {line} 行不是")).to_be_visible()
    finally:
        listed.write_text(ACCESS, encoding="utf-8")


@pytest.mark.parametrize("left", ["", "[auth", "[other]\nx = 1\n", None])
def test_a_sign_on_that_is_broken_while_serving_makes_nobody_an_operator(
    page: Page, protected: Served, left: str | None
) -> None:
    secrets = protected.data_dir / "oidc.toml"
    kept = secrets.read_text(encoding="utf-8")
    if left is None:
        secrets.unlink()
    else:
        secrets.write_text(left, encoding="utf-8")
    try:
        # Streamlit looks at files of its own for changes every second or so.
        time.sleep(3)
        page.goto(protected.leaders)

        expect(page.get_by_text("请先登录")).to_be_visible()
        assert page.locator("a.row").count() == 0
    finally:
        secrets.write_text(kept, encoding="utf-8")

"""Access in a real browser, against a real provider: who sees what, and who nothing."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import oidc_provider
from tests.browser.conftest import Served, free_port, serving, settled
from tests.browser.published_fixture import County, publish_leaders, publish_public

ACCESS = """
[[readers]]
email = "leader@county.example"
role = "领导"

[[readers]]
email = "operator@county.example"
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
    data_dir = tmp_path_factory.mktemp("protected")
    publish_leaders(data_dir, County())
    publish_public(data_dir, County())
    listed = data_dir / "access.toml"
    listed.write_text(ACCESS, encoding="utf-8")
    pages_port = free_port()
    with oidc_provider.running(free_port()) as issuer:
        secrets = data_dir / "oidc.toml"
        secrets.write_text(
            f"""
[auth]
redirect_uri = "http://127.0.0.1:{pages_port}/oauth2callback"
cookie_secret = "{"x" * 40}"
client_id = "{oidc_provider.CLIENT_ID}"
client_secret = "{oidc_provider.CLIENT_SECRET}"
server_metadata_url = "{issuer}/.well-known/openid-configuration"
""",
            encoding="utf-8",
        )
        with serving(data_dir, pages_port, secrets, listed) as pages:
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


@pytest.mark.parametrize("email", ["nobody", "unverified"])
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

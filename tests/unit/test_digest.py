"""Each day says once what needs attention, and what no longer does."""

import json
from datetime import date
from pathlib import Path

import pytest
from assessed_marts import DARK, FAILING, OVERDUE, publish_attention
from marts_by_hand import settings_in

from cityledger import cli
from cityledger.digest import NothingToDigestError, digest, lines
from cityledger.settings import Settings

YESTERDAY, TODAY = date(2025, 6, 14), date(2025, 6, 15)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


def test_an_item_that_is_no_longer_listed_has_closed_by_itself(
    settings: Settings,
) -> None:
    publish_attention(settings, YESTERDAY, OVERDUE, DARK)
    publish_attention(settings, TODAY, FAILING, OVERDUE)

    found = digest(settings)
    text = "\n".join(lines(found))

    assert found.compared_with == YESTERDAY
    assert [row["item_id"] for row in found.new] == ["failing_indicator/I03"]
    assert [row["item_id"] for row in found.closed] == ["dark_lamps/T1"]
    for part in (
        "每日提要 2025-06-15：需要关注 2 件（比 2025-06-14 新 1 件，消 1 件）",
        "【执法大队】",
        "· 红 违法广告发现处置率 约束性指标未达标 1 项（新），自 2025-05-01 起 45 天",
        "【市容中队】",
        "· 黄 超期未处置案件 2 件，自 2025-06-10 起 5 天；最早的 c1",
        "已消除：城关镇路灯连续不亮",
        "· I03 违法广告发现处置率：已无法达到，年底预计 98.99 %，目标 100",
    ):
        assert part in text
    assert "I05" not in text, "only binding indicators alarm"


def test_the_first_day_calls_nothing_new(settings: Settings) -> None:
    publish_attention(settings, TODAY, OVERDUE)

    found = digest(settings)

    assert found.compared_with is None
    assert found.new == []
    assert lines(found)[0] == "城账 每日提要 2025-06-15：需要关注 1 件"


def test_one_owner_does_not_fill_the_page(settings: Settings) -> None:
    many = [(f"overdue_cases/{n}", *OVERDUE[1:]) for n in range(9)]
    publish_attention(settings, TODAY, *many)

    text = lines(digest(settings))

    assert sum(line.startswith("· 黄") for line in text) == 6
    assert "· 另有 3 件，见关注清单" in text


def test_without_a_published_night_there_is_nothing_to_say(settings: Settings) -> None:
    with pytest.raises(NothingToDigestError, match="还没有发布过"):
        digest(settings)


def test_a_digest_that_nobody_is_to_get_is_only_shown(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    publish_attention(settings, TODAY, OVERDUE)
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setattr("sys.argv", ["cityledger", "digest", "--json"])

    with pytest.raises(SystemExit) as ending:
        cli.main()

    assert ending.value.code == 0
    assert json.loads(capsys.readouterr().out)["open"][0]["owner"] == "市容中队"

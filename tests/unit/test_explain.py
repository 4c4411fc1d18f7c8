"""A published number can be asked where it comes from."""

from datetime import date
from pathlib import Path

import pytest
from marts_by_hand import built_night, settings_in

from cityledger.errors import UsageError
from cityledger.explain import NothingPublishedError, Page, explain, lines
from cityledger.publish import publish
from cityledger.settings import Settings

D = date(2025, 6, 30)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_in(tmp_path_factory.mktemp("county"))
    built_night(settings, D, done=3)
    publish(settings)
    built_night(settings, D, done=4)
    publish(settings)
    return settings


def test_a_number_says_what_it_rests_on(settings: Settings) -> None:
    text = "\n".join(lines(explain(settings, "I03", "2025-05")))

    for part in (
        "I03 违法广告发现处置率  2025-05  420323000000  截至 2025-06-30（终报）",
        "数值：100 %",
        "分子：4",
        "目标：100 %，依据 规划 表1：“违法广告发现处置率 100”",
        "公式：期内已处置件数÷期内处置或到期件数（版本 1.0）",
        "完整度：100 %；分母记录 4 条；剔除 1 条",
        "剔除（重复件）：1 条",
        "第 1 版  终报  75 %",
        "第 2 版  修订  100 %",
        "分母  case  c1  1",
    ):
        assert part in text


def test_an_older_edition_shows_what_was_reported_then(settings: Settings) -> None:
    found = explain(settings, "I03", "2025-05", edition=1)

    assert found.edition
    assert found.edition["value"] == 75.0
    assert "第 1 版（终报）" in lines(found)[0]


def test_records_come_in_pages(settings: Settings) -> None:
    first = explain(settings, "I03", "2025-05", page=Page(1, 4)).records
    second = explain(settings, "I03", "2025-05", page=Page(2, 4)).records
    third = explain(settings, "I03", "2025-05", page=Page(3, 4)).records

    keys = [(row["role"], row["record_key"]) for row in first + second + third]
    assert len(keys) == len(set(keys)) == 9


def test_every_digit_is_shown(settings: Settings) -> None:
    found = explain(settings, "I03", "2025-05")
    found.value["value"] = 99.99999999999

    assert "数值：99.99999999999 %" in "\n".join(lines(found))


def test_what_does_not_exist_is_answered_with_what_does(settings: Settings) -> None:
    with pytest.raises(UsageError, match="没有指标 I99；可选：I03"):
        explain(settings, "I99", "2025-05")
    with pytest.raises(UsageError, match="没有周期 2024 的数；可选：2025-05"):
        explain(settings, "I03", "2024")
    with pytest.raises(UsageError, match="没有区域 1 的数"):
        explain(settings, "I03", "2025-05", "1")
    with pytest.raises(UsageError, match="没有第 9 版；台账共有 2 版"):
        explain(settings, "I03", "2025-05", edition=9)


def test_nothing_can_be_explained_before_the_first_night(tmp_path: Path) -> None:
    with pytest.raises(NothingPublishedError, match="还没有发布过"):
        explain(settings_in(tmp_path / "new"), "I03", "2025-05")

"""Doctor asks the case platform for a case and looks whether it is one of ours."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import Response
from faulty_platform import TOKEN, FaultyPlatform

from cityledger import probe
from cityledger.settings import Settings

CASE = {
    "case_id": "C1",
    "kind": "事件",
    "category_code": "0101",
    "channel": "12345",
    "is_urban_management": True,
    "town_code": "420323100000",
    "community_code": "420323100001",
    "status": "已结案",
    "rework_count": 0,
    "extension_count": 0,
    "updated_at": "2016-06-04T09:00:00+08:00",
}


@pytest.fixture
def platform() -> Iterator[FaultyPlatform]:
    with FaultyPlatform().serving() as serving:
        yield serving


@pytest.fixture
def settings(platform: FaultyPlatform, tmp_path: Path) -> Settings:
    return Settings(
        DATA_DIR=str(tmp_path), CASES_API_URL=platform.url, CASES_API_TOKEN=TOKEN
    )


def test_an_answer_in_order_is_called_so_however_old_its_cases(
    platform: FaultyPlatform, settings: Settings
) -> None:
    platform.items = [CASE]

    assert probe.cases(settings) == probe.Answer(
        "可以访问，令牌有效，答复的形式和字段相符"
    )


def test_a_platform_without_a_case_is_worth_a_word(
    platform: FaultyPlatform, settings: Settings
) -> None:
    assert probe.cases(settings).level == "warn"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (json.dumps([CASE]), "没有 items 列表"),
        (json.dumps({"rows": [CASE]}), "没有 items 列表"),
        (json.dumps({"items": ["C1"]}), "items 里的不是案卷"),
        (json.dumps({"items": [{"id": 1}]}), "案卷缺少字段：case_id、kind"),
        ('{"items": [{"case_id": NaN}]}', "含有 NaN"),
        ("<html>维护中</html>", "不是 JSON"),
    ],
)
def test_an_answer_of_another_shape_is_not_in_order(
    platform: FaultyPlatform, settings: Settings, body: str, said: str
) -> None:
    platform.troubles.append(lambda: Response(body, media_type="application/json"))

    with pytest.raises(probe.ProbeError, match=said):
        probe.cases(settings)


def test_a_refused_token_is_told(platform: FaultyPlatform, tmp_path: Path) -> None:
    settings = Settings(
        DATA_DIR=str(tmp_path), CASES_API_URL=platform.url, CASES_API_TOKEN=TOKEN[1:]
    )

    with pytest.raises(probe.ProbeError, match="401"):
        probe.cases(settings)

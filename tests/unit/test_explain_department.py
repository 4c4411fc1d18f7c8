"""A department's rank can be followed down to the cases behind it."""

from datetime import date

import pytest
from assessed_marts import publish_departments
from marts_by_hand import settings_in

from cityledger import cli
from cityledger.errors import UsageError
from cityledger.explain_department import explain, is_department, lines
from cityledger.settings import Settings

MONTH = "2025-05"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_in(tmp_path_factory.mktemp("county"))
    publish_departments(settings, date(2025, 6, 15))
    return settings


def test_a_score_says_what_it_is_made_of(settings: Settings) -> None:
    text = "\n".join(lines(explain(settings, "0101", MONTH)))

    for part in (
        "0101 市容中队  2025-05  截至 2025-06-15（终报）",
        "得分：84.33",
        "职能部门第 1 名，区间内可能是第 1 至第 2 名",
        "95% 区间 49.01–94.33 %",
        "按期处置率（20 分）8 ÷ 10 = 80.00 %，计 40.0000 分，剔除 1 条",
        "返工率（10 分）没有数据，剔除 2 条",
        "(40.0000 + 22.5000) ÷ 75 × 100 + 1 = 84.33",
        "第 1 名  84.33  市容中队",
        "按期处置率  case  c2  剔除：作废",
        "加减分  register_row  r1  1 / ——  县级表彰",
    ):
        assert part in text


def test_one_part_can_be_looked_at_alone(settings: Settings) -> None:
    by_name = explain(settings, "0101", MONTH, "按期处置率")
    by_number = explain(settings, "0101", MONTH, "on_time_disposal_rate")

    assert [row["record_key"] for row in by_name.records] == ["c1", "c2"]
    assert by_name.records == by_number.records


def test_a_department_without_a_case_has_no_score(settings: Settings) -> None:
    text = lines(explain(settings, "0102", MONTH))

    assert text[1] == "  不评分：当月没有到期案件"
    assert "0.00" not in "".join(text[:2])


@pytest.mark.parametrize(
    ("code", "month", "part", "words"),
    [
        ("0999", MONTH, None, "没有单位 0999"),
        ("0101", "2030-01", None, "可选：2025-05"),
        ("0101", MONTH, "天气", "可选：按期处置率、返工率、实地检查、加减分"),
    ],
)
def test_an_unknown_coordinate_is_answered_with_the_known_ones(
    settings: Settings, code: str, month: str, part: str | None, words: str
) -> None:
    with pytest.raises(UsageError, match=words):
        explain(settings, code, month, part)


def test_the_verb_knows_a_department_from_an_indicator(
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setattr(
        "sys.argv", ["cityledger", "explain", "0101", "--period", MONTH]
    )

    with pytest.raises(SystemExit) as ending:
        cli.main()

    assert ending.value.code == 0
    assert "市容中队" in capsys.readouterr().out
    assert not is_department(settings, "I03")

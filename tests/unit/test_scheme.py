"""A scheme is read whole or refused in words a county can act on."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from cityledger import scheme, scheme_tables
from cityledger.scheme import DEFAULTS, Scheme, SchemeError
from cityledger.settings import DataDir

DEFAULT = DEFAULTS / "ZS-HW-DEFAULT-1.yaml"
Content = dict[str, Any]


@pytest.fixture
def folders(tmp_path: Path) -> DataDir:
    found = DataDir(tmp_path)
    found.schemes.mkdir()
    return found


def content() -> Content:
    return dict(yaml.safe_load(DEFAULT.read_text(encoding="utf-8")))


def write(path: Path, **changes: object) -> Path:
    words = yaml.dump(content() | changes, allow_unicode=True, sort_keys=False)
    path.write_text(words, encoding="utf-8")
    return path


def test_the_default_says_what_the_county_has_been_told() -> None:
    one = scheme.read(DEFAULT)

    weights = {component.id: component.weight for component in one.components}
    assert weights == {
        "DAILY": Decimal("0.6"),
        "JOINT": Decimal("0.2"),
        "DATA": Decimal("0.1"),
        "PUBLIC": Decimal("0.1"),
    }
    assert len(one.modules) == 7
    assert len(one.items) == 38
    assert [item.id for item in one.bonuses] == ["B1", "B2"]
    assert one.items[0].text == "未按时完成普扫(早7:00前,夏季6:30前)"
    low = [
        (c.kind, c.months, c.below)
        for e in one.payment.escalation
        for c in e.conditions
    ]
    assert low == [
        ("consecutive", 2, 80),
        ("in_year", 3, 80),
        ("consecutive", 3, 80),
        ("consecutive", 1, 60),
    ]


def test_a_text_with_a_comma_that_yaml_has_cut_is_whole_again(tmp_path: Path) -> None:
    words = DEFAULT.read_text(encoding="utf-8").replace('"未按时', "未按时", 1)
    path = tmp_path / "cut.yaml"
    path.write_text(words.replace('6:30前)"', "6:30前)", 1), encoding="utf-8")

    assert scheme.read(path) == scheme.read(DEFAULT)


def without_a_title(one: Content) -> None:
    del one["title"]


def with_a_typing_error(one: Content) -> None:
    one["rules"]["no_double_penalti"] = True


def with_words_for_points(one: Content) -> None:
    one["items"][1]["points"] = "半分"


def with_weights_of_90(one: Content) -> None:
    one["modules"][0]["weight"] = 20


def with_an_item_of_no_module(one: Content) -> None:
    one["items"][3]["module"] = "ZZ"


def with_an_item_twice(one: Content) -> None:
    one["items"][3]["id"] = "QS01"


def that_rewards_repeats(one: Content) -> None:
    one["rules"]["repeat_multiplier"]["same_item_same_place"] = 0.5


def with_a_gap_between_bands(one: Content) -> None:
    one["payment"]["bands"][2]["from"] = 81


def that_pays_more_for_less(one: Content) -> None:
    one["payment"]["bands"][4]["base_pct"] = 10


def with_an_unknown_measure(one: Content) -> None:
    one["data_component"][0]["metric"] = "洒水率"


def with_a_clause_in_other_words(one: Content) -> None:
    one["payment"]["escalation"][0]["when"] = "表现不好"


def that_forces_an_unknown_grade(one: Content) -> None:
    one["direct_penalties_pct_of_month_fee"][4]["force_grade"] = "很差"


def without_a_grade_from_zero(one: Content) -> None:
    one["grades"][5]["min"] = 10


def without_a_month(one: Content) -> None:
    one["valid_from"] = "七月"


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (without_a_title, "title：缺少这一项"),
        (with_a_typing_error, "no_double_penalti：不认识这一项"),
        (with_words_for_points, "items 的 QS02 的 points：应是数字"),
        (with_weights_of_90, "modules 的 weight 合计应为 100，现在是 90"),
        (with_an_item_of_no_module, "扣分项 QS04 的模块 ZZ 不在 modules 里"),
        (with_an_item_twice, "items 里 QS01 写了不止一次"),
        (that_rewards_repeats, "same_item_same_place：不能小于 1"),
        (with_a_gap_between_bands, "在 80 和 81 之间断开或重叠"),
        (that_pays_more_for_less, "在 70 处得分高的反而扣得多"),
        (with_an_unknown_measure, "没有指标 洒水率"),
        (with_a_clause_in_other_words, "看不懂“表现不好”"),
        (that_forces_an_unknown_grade, "force_grade 很差 不在 grades 里"),
        (without_a_grade_from_zero, "grades 没有从 0 分起的等级"),
        (without_a_month, "valid_from：应写成生效月份，例如 2025-07"),
    ],
)
def test_what_cannot_be_used_is_named(
    tmp_path: Path, spoil: Callable[[Content], None], words: str
) -> None:
    spoiled = content()
    spoil(spoiled)
    path = write(tmp_path / "方案.yaml")
    path.write_text(yaml.dump(spoiled, allow_unicode=True), encoding="utf-8")

    with pytest.raises(SchemeError) as refusal:
        scheme.read(path)

    assert words in str(refusal.value)
    assert "方案.yaml" in str(refusal.value)


@pytest.mark.parametrize("words", ["a: [1", "- 1", "\x00"])
def test_what_is_no_scheme_at_all_is_refused_without_a_traceback(
    tmp_path: Path, words: str
) -> None:
    path = tmp_path / "x.yaml"
    path.write_text(words, encoding="utf-8")

    with pytest.raises(SchemeError, match=r"考核方案 x\.yaml"):
        scheme.read(path)


def test_each_month_has_the_newest_version_valid_by_then(folders: DataDir) -> None:
    write(folders.schemes / "a.yaml", valid_from="2025-07", title="七月方案")
    write(folders.schemes / "b.yml", valid_from="2026-01", scheme_id="新办法")
    write(folders.schemes / ".draft.yaml", valid_from="2025-01")

    known = scheme.known(folders)
    names = scheme.versions(known)

    def version(year: int, month: int) -> str:
        return names[scheme.in_force(known, date(year, month, 1)).key]

    assert version(2025, 6) == "ZS-HW-DEFAULT-1"
    assert version(2025, 7) == "ZS-HW-DEFAULT-1@2025-07"
    assert version(2026, 3) == "新办法"


def test_the_countys_own_stands_in_for_the_default(folders: DataDir) -> None:
    write(folders.schemes / "a.yaml", valid_from="1999-01", scheme_id="县定")

    known = scheme.known(folders)

    assert [one.scheme_id for one in known] == ["县定"]
    with pytest.raises(SchemeError, match="1998-12 没有有效的考核方案"):
        scheme.in_force(known, date(1998, 12, 1))


def test_two_schemes_from_one_month_are_refused(folders: DataDir) -> None:
    write(folders.schemes / "a.yaml", valid_from="2025-07")
    write(folders.schemes / "b.yaml", valid_from="2025-07", title="另一份")

    with pytest.raises(SchemeError, match=r"a\.yaml 和 b\.yaml 都从 2025-07 起生效"):
        scheme.known(folders)


def test_a_scheme_read_back_from_the_ledger_is_the_same(folders: DataDir) -> None:
    one = scheme.read(write(folders.schemes / "a.yaml", valid_from="2025-07"))

    again = Scheme.model_validate_json(one.model_dump_json())

    assert again == one
    assert again.key == one.key


def test_sql_sees_every_version_of_every_table(folders: DataDir) -> None:
    write(folders.schemes / "a.yaml", valid_from="2025-07", scheme_id="县定")
    with duckdb.connect() as database:
        database.execute("create schema ops")
        scheme_tables.write(database, folders)
        scheme_tables.write(database, folders)

        versions = database.execute(
            "select scheme_version, valid_from, is_current from ops.scheme_versions "
            "order by valid_from"
        ).fetchall()
        items = database.execute(
            "select count(*), count(distinct scheme_key) from ops.scheme_items"
        ).fetchone()
        penalty = database.execute(
            "select distinct fee_pct, points, forced_grade from ops.scheme_events "
            "where event_type = 'P5'"
        ).fetchall()

    assert versions == [
        ("ZS-HW-DEFAULT-1", date(2000, 1, 1), True),
        ("县定", date(2025, 7, 1), True),
    ]
    assert items == (76, 2)
    assert penalty == [(10, 0, "不合格")]

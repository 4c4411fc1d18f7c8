"""Personal data is found however it is typed, and figures are not taken for it."""

import json
from pathlib import Path

import duckdb
import pytest

from cityledger.release.personal import (
    KNOWN_NAMES,
    NAME_PROMISES,
    Scanner,
    masked,
    names,
)
from cityledger.release.promises import ORDINARY, PROMISES, Promise, as_markdown
from cityledger.settings import DataDir

NAMES = {"欧阳小明", "李明", "王建国", "环卫股", "考核办", "Li Mingyu"}


def kinds(text: str) -> list[tuple[str, str]]:
    return [(f.level, f.kind) for f in Scanner(NAMES).scan(text, "x")]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("13812345678", "电话号码"),
        ("电话138-1234-5678转", "电话号码"),
        ("+86 138 1234 5678", "电话号码"),
        ("１３８１２３４５６７８", "电话号码"),
        ("138  1234  5678", "电话号码"),
        ("(138)12345678", "电话号码"),
        ("tel.138.1234.5678", "电话号码"),
        ("１３８－１２３４－５６７８", "电话号码"),
        ("138—1234—5678", "电话号码"),
        ("1381234\u200b5678", "电话号码"),
        ("008613812345678", "电话号码"),
        ("一三八一二三四五六七八", "电话号码"),
        ("壹叁捌壹贰叁肆伍陆柒捌", "电话号码"),
        ("138，1234，5678", "电话号码"),
        ("138*1234*5678", "电话号码"),
        ("0719-4221234", "固定电话"),
        ("07194221234", "固定电话"),
        ("(0719) 422 1234", "固定电话"),
        ("420323199001011234", "身份证号"),
        ("42032319900101123X", "身份证号"),
        ("４２０３２３１９９００１０１１２３Ｘ", "身份证号"),
        ("420323 19900101 123x", "身份证号"),
        ("420323900101123", "身份证号（15 位）"),
        ("鄂C12345", "车牌号"),
        ("鄂C·1A234", "车牌号"),
        ("鄂CD12345", "车牌号"),
        ("鄂c-12345", "车牌号"),
        ("鄂 C 12345", "车牌号"),
        ("someone@example.org", "电子邮箱"),
        ("负责人王建国同志", "受限数据中的姓名"),
        ("李明", "受限数据中的姓名"),
        ("李 明", "受限数据中的姓名"),
        ("负责人：王　建国", "受限数据中的姓名"),
        ("keeper: li mingyu", "受限数据中的姓名"),
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
        "2025-06-15 100 95.5 1234",
        "2024-11-08 13:00:00",
        "100.5 13812",
        "138, 2024, 2025",
        "0.07194221234",
        "ZY0719422123",
        "第 1381 号",
        "环卫股",
        "考核办审核",
        "ZS2025010100003",
        "鄂西北",
    ],
)
def test_figures_codes_and_offices_are_not_personal(text: str) -> None:
    assert kinds(text) == []


EVERY = (*PROMISES, *NAME_PROMISES)
CASES = [(one, text) for one in EVERY for text in one.examples]
OTHERS = [(one, text) for one in EVERY for text in one.others]


@pytest.mark.parametrize(
    ("promise", "text"), CASES, ids=lambda x: x if isinstance(x, str) else x.kind
)
@pytest.mark.parametrize("around", ["{}", "联系（{}）即可", "地点：{}，已处理"])
def test_what_is_promised_is_found(promise: Promise, text: str, around: str) -> None:
    found = list(Scanner(KNOWN_NAMES).scan(around.format(text), "x"))

    assert (promise.level, promise.kind) in {(f.level, f.kind) for f in found}
    assert all(text not in f.masked for f in found), "never in full"


@pytest.mark.parametrize(
    ("promise", "text"), OTHERS, ids=lambda x: x if isinstance(x, str) else x.kind
)
def test_what_is_not_promised_is_not_taken_for_it(promise: Promise, text: str) -> None:
    found = {(f.level, f.kind) for f in Scanner(KNOWN_NAMES).scan(text, "x")}

    assert (promise.level, promise.kind) not in found


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_prose_holds_nothing_personal(text: str) -> None:
    assert list(Scanner(KNOWN_NAMES).scan(text, "x")) == []


def test_the_words_of_the_plan_and_of_the_pages_hold_nothing_personal() -> None:
    root = Path(__file__).parents[2]
    texts = [
        *(root / "dbt_project" / "models" / "indicators").rglob("*.yml"),
        *(root / "dbt_project" / "models" / "marts").glob("_[a-t]*.yml"),
        *(root / "schemes").iterdir(),
        root / "cityledger" / "release" / "site" / "words.py",
    ]
    scanner = Scanner(KNOWN_NAMES)

    found = [
        (path.name, line, one.kind)
        for path in texts
        if "unit_tests" not in path.name
        for line in path.read_text(encoding="utf-8").splitlines()
        for one in scanner.scan(line, "")
    ]

    assert len(texts) > 10
    assert found == []


def test_the_handbook_prints_the_list_that_is_kept() -> None:
    handbook = Path(__file__).parents[2] / "docs" / "personal-data.md"

    assert as_markdown() in handbook.read_text(encoding="utf-8")


def test_names_come_from_every_field_that_says_who(tmp_path: Path) -> None:
    folders = DataDir(tmp_path)
    folders.warehouse.parent.mkdir(parents=True, exist_ok=True)
    raw = {
        "register_rows": [
            {"审批人": "赵审批", "名称": "中心公厕"},
            {"免考核批准": "钱批准", "在编执法人员": "35"},
        ],
        "reference_rows": [{"approver": "孙豁免", "name": "城关镇"}],
        "tickets": [{"司磅员": "李过磅", "磅单号": "B1"}],
        "inspection_sheets": [{"检查人": "周检查"}],
        "cases": [{"reporter_name": "吴市民"}],
    }
    with duckdb.connect(str(folders.warehouse)) as connection:
        connection.execute("create schema restricted")
        for table, rows in raw.items():
            connection.execute(f"create table restricted.landed_{table} (raw varchar)")
            connection.executemany(
                f"insert into restricted.landed_{table} values (?)",  # noqa: S608
                [[json.dumps(row, ensure_ascii=False)] for row in [*rows]] + [["不是"]],
            )
        connection.execute(
            "create table restricted.landed_planned_outage "
            "as select '1' as outage_id, '郑停电' as approver"
        )

    found = names(folders)

    assert {
        "赵审批", "钱批准", "孙豁免", "李过磅", "周检查", "吴市民", "郑停电",
    } <= found  # fmt: skip
    assert found.isdisjoint({"中心公厕", "城关镇"})


def test_a_short_name_inside_a_word_is_for_a_person_to_judge() -> None:
    assert kinds("李明街公厕") == [("warning", "受限数据中的姓名")]


def test_a_finding_never_shows_it_in_full() -> None:
    assert masked("13812345678") == "1*********8"
    assert masked("李明") == "李*"

"""Rules F: which rows of the county's own tables may be believed."""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field

from tests.golden.oracle.cells import BadCellError, Cell, bare_day, number, text, yes
from tests.golden.oracle.drops import Line
from tests.golden.oracle.reference import KEYS, Row, table_key
from tests.golden.oracle.shapes import CASE_KINDS

Keys = Mapping[str, Set[str]]


@dataclass(frozen=True)
class Shape:
    """What the contract says of one table; an enumeration may name the empty cell."""

    enums: Mapping[str, Set[str | None]] = field(default_factory=dict)
    types: Mapping[str, Callable[[Cell], str | None]] = field(default_factory=dict)
    codes: Mapping[str, str] = field(default_factory=dict)


def _date(cell: Cell) -> str | None:
    when = bare_day(cell)
    return None if when is None else when.isoformat()


def _number(cell: Cell) -> str | None:
    number(cell)
    return text(cell)


def _count(cell: Cell) -> str | None:
    value = number(cell)
    if value is not None and (value < 0 or value.denominator != 1):
        raise BadCellError(cell)
    return text(cell)


def _yes(cell: Cell) -> str | None:
    if yes(cell) is None:
        raise BadCellError(cell)
    return text(cell)


SHAPES: Mapping[str, Shape] = {
    "towns": Shape(types={"is_urban": _yes}),
    "communities": Shape(types={"in_urban_area": _yes}, codes={"town_code": "towns"}),
    "departments": Shape(enums={"ranking_group": {"职能部门", "乡镇", "公用企业"}}),
    "contractors": Shape(
        types={
            "contract_from": _date,
            "contract_to": _date,
            "monthly_fee_yuan": _number,
        }
    ),
    "facilities": Shape(
        enums={
            "kind": {
                "转运站",
                "焚烧",
                "卫生填埋",
                "简易填埋",
                "厨余处理",
                "分拣中心",
                "危废暂存",
                "消纳场",
                "资源化厂",
            },
            "serves": {"城区", "乡镇", "全县"},
        },
        types={"harmless": _yes},
    ),
    "road_segments": Shape(
        enums={"road_class": {"主干道", "次干道", "支路", "背街小巷"}},
        types={
            "length_m": _number,
            "area_m2": _number,
            "required_passes": _count,
            "lamp_required": _yes,
        },
        codes={"community_code": "communities", "contractor_code": "contractors"},
    ),
    "case_categories": Shape(
        enums={
            "kind": CASE_KINDS,
            "indicator_group": {"违法广告", "违法建设", "违法占道", None},
        }
    ),
    "ops_waivers": Shape(
        types={"date_from": _date, "date_to": _date},
        codes={"segment_id": "road_segments"},
    ),
}


@dataclass(frozen=True)
class Judged:
    """A row of an edition: its key, the rule it breaks, and what it says."""

    key: str | None
    row: Row
    is_repetition: bool = False


def judge(
    name: str, lines: Sequence[Line], known: Keys | None = None
) -> Iterator[tuple[str | None, Judged | None]]:
    """Yield each row's broken rule and what is known of it; codes only where known.

    A row with the wrong number of fields has no key that could be told.
    """
    met: dict[str, tuple[Cell, ...]] = {}
    for line in lines:
        if line.cells is None:
            yield "F01", None
            continue
        row = {column: text(cell) for column, cell in line.cells.items()}
        key = _key(name, row)
        if key is None:
            yield "F01", None
            continue
        said = tuple(text(cell) for cell in line.whole)
        is_repeated = key in met
        if met.setdefault(key, said) != said:
            yield "F01", Judged(key, row)
            continue
        code, row = _broken(SHAPES[name], row, known)
        yield code, Judged(key, row, is_repetition=is_repeated and code is None)


def _key(name: str, row: Row) -> str | None:
    columns = ("kind", "category_code") if name not in KEYS else (KEYS[name],)
    missing = any(row[column] is None for column in columns)
    return None if missing else table_key(name, row)


def _broken(shape: Shape, row: Row, known: Keys | None) -> tuple[str | None, Row]:
    if any(row[column] not in allowed for column, allowed in shape.enums.items()):
        return "F02", row
    try:
        row = {**row, **{c: read(row[c]) for c, read in shape.types.items()}}
    except BadCellError:
        return "F03", row
    if known is not None and any(
        row[column] is not None and row[column] not in known.get(table, set())
        for column, table in shape.codes.items()
    ):
        return "F04", row
    return None, row

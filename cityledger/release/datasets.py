"""Datasets: what a release holds, each made from public columns only.

To add one: a `Dataset` here, its columns marked `public: true` in the marts' yml. A
dataset whose columns are not all marked fails by itself and is left out with a note.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import duckdb

from cityledger.county import COUNTY
from cityledger.release.figures import Figures, wholes
from cityledger.release.opened import Row, rows
from cityledger.release.suppression import Key, Sum, is_small, protect

# A field's description is that of the mart column it comes from, or its own words.
Fields = Mapping[str, str]


@dataclass(frozen=True)
class Dataset:
    """One table of a release."""

    slug: str
    catalogue: str
    title_zh: str
    title_en: str
    about_zh: str
    about_en: str
    frequency: str
    keys: tuple[str, ...]
    fields: Fields
    make: Callable[[duckdb.DuckDBPyConnection, Figures], list[Row]]


def _query(text: str) -> Callable[[duckdb.DuckDBPyConnection, Figures], list[Row]]:
    """Make a dataset with one query over the months that have figures."""

    def make(connection: duckdb.DuckDBPyConnection, figures: Figures) -> list[Row]:
        return rows(connection, text, months=figures.months)

    return make


_VALUE_FIELDS: Final = (
    "indicator_id", "period_type", "period", "area_code", "area_name", "numerator",
    "denominator", "value", "null_reason", "excluded", "n", "target", "status", "note",
    "stage", "completeness", "formula_version", "target_claim_id", "as_of", "quality",
    "quality_note",
)  # fmt: skip
_INDICATORS: Final = (
    "indicator_id", "plan_order", "name_zh", "name_en", "group_zh", "unit", "nature",
    "direction", "period_types", "scope_zh", "formula_zh", "formula_version",
    "source_systems", "owner_zh", "method_note_zh",
)  # fmt: skip
_TARGETS: Final = (
    "claim_id", "indicator_id", "value", "op", "value_high", "unit", "year", "nature",
    "status", "document", "location", "quote", "valid_from",
)  # fmt: skip


def _values(_: duckdb.DuckDBPyConnection, figures: Figures) -> list[Row]:
    return [{name: row[name] for name in _VALUE_FIELDS} for row in figures.rows]


def _coverage(_: duckdb.DuckDBPyConnection, figures: Figures) -> list[Row]:
    names = ("indicator_id", "period", "area_code", "area_name", "numerator",
             "denominator", "value", "null_reason")  # fmt: skip
    return [
        {name: row[name] for name in names}
        for row in figures.rows
        if row["indicator_id"] in ("I08", "I10")
    ]


_COUNTED: Final = """
select month, town_code, town_name, case_class, class_name, cases, complaints
from shown.case_counts
where list_contains($months, month)
"""
# Stands for every town, and for every class.
_EVERY: Final = ""
# Datasets that hide small counts.
COUNTED: Final = ("case_monthly", "complaint_monthly")


def _counted(
    slug: str, column: str, twin: str | None = None
) -> Callable[[duckdb.DuckDBPyConnection, Figures], list[Row]]:
    """Count by month for the county, towns, classes and both; small counts hidden.

    The twin is an indicator that counts nearly the same by town: what it shows or hides
    must not give away here what is hidden, nor the other way round.
    """

    def make(connection: duckdb.DuckDBPyConnection, figures: Figures) -> list[Row]:
        counted = rows(connection, _COUNTED, months=figures.months)
        # A month whose counts are not provided, or not begun, has none: not noughts.
        found = [r for r in counted if r[column] is not None]
        names = {r["town_code"]: r["town_name"] for r in found}
        names |= {r["case_class"]: r["class_name"] for r in found}
        already, known = _said_by_the_twin(figures, twin)
        before = figures.before.counts.get(slug, frozenset())
        made: list[Row] = []
        for month in figures.months:
            of_month = [r for r in found if r["month"] == month]
            if not of_month:
                continue
            cells = _cells(of_month, column, sorted(names))
            stuck = {(town, kind) for when, town, kind in before if when == month}
            hidden = _hidden_counts(
                cells, _of_month(already, month) | stuck, _of_month(known, month)
            )
            made += [
                _count_row(month, key, names, column, None if key in hidden else count)
                for key, count in sorted(cells.items())
            ]
        return made

    return make


def _cells(of_month: list[Row], column: str, members: list[str]) -> dict[Key, float]:
    """Return every count of a month, zeros too, by town and class, with all sums."""
    towns = [m for m in members if m.isdecimal()]
    classes = [m for m in members if not m.isdecimal()]
    cells: dict[Key, float] = {
        (town, kind): 0.0 for town in [_EVERY, *towns] for kind in [_EVERY, *classes]
    }
    for row in of_month:
        for town in (_EVERY, row["town_code"]):
            for kind in (_EVERY, row["case_class"]):
                cells[town, kind] += row[column]
    return cells


def _hidden_counts(
    cells: dict[Key, float], already: set[Key], known: set[Key]
) -> set[Key]:
    towns = sorted({town for town, _ in cells if town != _EVERY})
    classes = sorted({kind for _, kind in cells if kind != _EVERY})
    sums = [
        Sum((town, _EVERY), tuple((town, kind) for kind in classes))
        for town in [_EVERY, *towns]
    ] + [
        Sum((_EVERY, kind), tuple((town, kind) for town in towns))
        for kind in [_EVERY, *classes]
    ]
    primary = {key for key, count in cells.items() if is_small(count)}
    return protect([cells], sums, primary, already & set(cells), known)


def _said_by_the_twin(figures: Figures, twin: str | None) -> tuple[set[Key], set[Key]]:
    """Return the months and places that an indicator hides, and those it shows."""
    whole = wholes(row for row in figures.ledger if row["indicator_id"] == twin)
    hidden: set[Key] = set()
    shown: set[Key] = set()
    for row in figures.rows:
        if row["indicator_id"] == twin:
            told = {(row["period"], one) for one in _places(row["area_code"], whole)}
            hidden |= told if row["null_reason"] == "suppressed" else set()
            shown |= told if row["n"] else set()
    return hidden, shown


def _places(area: str, whole: set[str]) -> set[str]:
    """Return which place an area is here: where one town holds all there is, two."""
    if area not in whole:
        return {area}
    return {_EVERY} if len(whole) == 1 else {area, _EVERY}


def counted_place(row: Row) -> tuple[str, str, str]:
    """Return the month, town and class of a counted row; what stands for all is ''."""
    is_of_a_town = row["breakdown"] in ("乡镇", "乡镇和大类")
    town = row["town_code"] if is_of_a_town else _EVERY
    return row["month"], town, row["class_code"] or _EVERY


def _of_month(places: set[Key], month: str) -> set[Key]:
    return {(town, _EVERY) for period, town in places if period == month}


def _count_row(
    month: str, key: Key, names: dict[str, str], column: str, count: float | None
) -> Row:
    town, kind = key
    breakdown = {
        (False, False): "全县",
        (True, False): "乡镇",
        (False, True): "大类",
        (True, True): "乡镇和大类",
    }[bool(town), bool(kind)]
    return {
        "month": month,
        "breakdown": breakdown,
        "town_code": town or COUNTY,
        "town_name": names.get(town, "全县"),
        "class_code": kind or None,
        "class_name": names.get(kind),
        column: None if count is None else int(count),
        "is_suppressed": count is None,
    }


_COUNT_FIELDS: Final = {
    "month": "case_counts.month",
    "breakdown": "分组：全县、乡镇、大类、乡镇和大类",
    "town_code": "乡镇代码（12 位）；不分乡镇时为全县代码",
    "town_name": "乡镇名称；不分乡镇时为全县",
    "class_code": "case_counts.case_class",
    "class_name": "case_counts.class_name",
}
_HIDDEN_FIELD: Final = {
    "is_suppressed": "是否因件数过少而隐去：1–4 件的隐去，并隐去能倒推出它的单元格"
}

_WASTE: Final = """
select
    strftime("date", '%Y-%m') as month, waste_class, direction, is_secondary,
    sum(net_kg) as net_kg
from shown.waste_daily
where list_contains($months, strftime("date", '%Y-%m'))
group by all order by all
"""
_LAMPS: Final = """
select
    strftime(night_date, '%Y-%m') as month, road_class, sum(lit) as lit,
    sum(unlit) as unlit, sum("unknown") as "unknown", sum(planned) as planned,
    sum(no_plan) as no_plan
from shown.lamp_nights
where list_contains($months, strftime(night_date, '%Y-%m'))
group by all order by all
"""
_TOILETS: Final = """
select
    month, toilet_id, toilet_name, town_code, toilet_class, score, stars, vetoed
from shown.toilet_stars
where list_contains($months, month) order by month, toilet_id
"""
_CONTRACTORS: Final = """
select month, contractor_name as contractor, score, grade
from shown.contractor_scores
where stage = '终报' and score is not null and list_contains($months, month)
order by month, contractor
"""
_ADVERTS: Final = """
select
    month, town_code, town_name, advert_type, standing, licensed, as_planned, passed
from shown.advert_counts
where list_contains($months, month) order by month, town_code, advert_type
"""
_BUILDING_WASTE: Final = """
select month, projects, generated_kg, reused_on_site_kg
from shown.construction_waste_months
where list_contains($months, month) order by month
"""
_PARKING: Final = """
select month, attached_spaces, off_street_spaces, on_street_spaces, vehicles
from shown.parking_spaces
where list_contains($months, month) order by month
"""
_DEPARTMENTS: Final = """
select
    month, ranking_group, dept_name as department,
    cast(score_shown as double) as score, ranked, rank
from shown.department_scores
where stage = '终报' and list_contains($months, month)
order by month, ranking_group, department
"""


def _from(mart: str, *names: str, **own: str) -> dict[str, str]:
    return {name: f"{mart}.{name}" for name in names} | own


DATASETS: Final = (
    Dataset(
        "indicator_values", "D1", "规划指标进展", "Progress of the plan's indicators",
        "规划 21 项指标及相关指标的终报数，全县和分乡镇，按月、季、年，"
        "附目标、公式版本和质量等级。",
        "Final values of the plan's indicators for the county and its towns, with "
        "target, formula version and quality grade.",
        "月/季/年", ("indicator_id", "period", "area_code"),
        _from(
            "indicator_values", *_VALUE_FIELDS[:-2],
            quality="数据质量等级 A–D，取完整率、及时率、隔离率、对账相符率中最差者",
            quality_note="质量等级的依据",
        ),
        _values,
    ),
    Dataset(
        "indicators", "D1", "指标定义", "Definitions of the indicators",
        "每项指标的名称、范围、公式、版本、数据来源和责任单位。",
        "Name, scope, formula, version, source and owner of each indicator.",
        "随版本", ("indicator_id",), _from("indicators", *_INDICATORS),
        _query(
            f"select {', '.join(_INDICATORS)} from shown.indicators "  # noqa: S608
            "where len($months) >= 0 order by plan_order"
        ),
    ),
    Dataset(
        "targets", "D1", "目标依据", "Targets and where they are written",
        "每项目标值的文件、位置和原文。", "Document, place and wording of each target.",
        "随版本", ("claim_id",), _from("targets", *_TARGETS),
        _query(
            f"select {', '.join(_TARGETS)} from shown.targets "  # noqa: S608
            "where len($months) >= 0 order by claim_id"
        ),
    ),
    Dataset(
        "waste_monthly", "D2", "生活垃圾和建筑垃圾收运处理",
        "Waste collected and treated",
        "各类垃圾按月进出设施的净重，不含单张磅单。",
        "Net weight of waste into and out of facilities, by month and class.",
        "月", ("month", "waste_class", "direction", "is_secondary"),
        _from("waste_daily", "waste_class", "direction", "is_secondary", "net_kg",
              month="月份"),
        _query(_WASTE),
    ),
    Dataset(
        "case_monthly", "D3", "数字城管案卷统计", "City-management cases",
        "每月上报的案件数，分乡镇和大类，附各级合计；1–4 件隐去。",
        "Cases reported by month, town and class, with sums; counts of 1–4 hidden.",
        "月", ("month", "breakdown", "town_code", "class_code"),
        {**_COUNT_FIELDS, "cases": "当月上报件数", **_HIDDEN_FIELD},
        _counted("case_monthly", "cases"),
    ),
    Dataset(
        "complaint_monthly", "D4", "投诉办理统计", "Complaints",
        "每月应办结的市民投诉件数，分乡镇和大类，附各级合计；1–4 件隐去。",
        "Citizens' complaints due by month, town and class, with sums; counts of 1–4 "
        "hidden.",
        "月", ("month", "breakdown", "town_code", "class_code"),
        {**_COUNT_FIELDS, "complaints": "当月应办结投诉件数", **_HIDDEN_FIELD},
        _counted("complaint_monthly", "complaints", twin="I18"),
    ),
    Dataset(
        "lamp_monthly", "D5", "路灯运行", "Street lamps",
        "按月和道路等级统计的灯夜数：亮、不亮、不明、计划停电。",
        "Lamp-nights by month and road class: lit, unlit, unknown, planned outage.",
        "月", ("month", "road_class"),
        _from("lamp_nights", "road_class", "lit", "unlit", "unknown", "planned",
              "no_plan", month="月份"),
        _query(_LAMPS),
    ),
    Dataset(
        "toilet_stars", "D6", "公厕名录与星级", "Public toilets and their stars",
        "每座公厕每月的达标得分与星级。", "Score and stars of each public toilet.",
        "月", ("month", "toilet_id"),
        _from("toilet_stars", "month", "toilet_id", "toilet_name", "town_code",
              "toilet_class", "score", "stars", "vetoed"),
        _query(_TOILETS),
    ),
    Dataset(
        "contractor_grades", "D7", "环卫服务月度考核结果",
        "Contractors' monthly grades",
        "承包单位冻结后的月度得分和等级。",
        "Frozen monthly score and grade of each contractor.",
        "月", ("month", "contractor"),
        _from("contractor_scores", "month", "score", "grade",
              contractor="contractor_scores.contractor_name"),
        _query(_CONTRACTORS),
    ),
    Dataset(
        "department_ranks", "D8", "成员单位考核", "Assessment of departments",
        "成员单位冻结后的月度得分和组内名次；样本不足的不排名。",
        "Frozen monthly score and rank of each department within its group.",
        "月", ("month", "ranking_group", "department"),
        _from("department_scores", "month", "ranking_group", "ranked", "rank",
              department="department_scores.dept_name",
              score="department_scores.score_shown"),
        _query(_DEPARTMENTS),
    ),
    Dataset(
        "advert_counts", "D9", "户外广告设施", "Outdoor advertising",
        "月末在册的户外广告设施数，分乡镇和类型，招牌除外；许可有效、符合规划、检查合格的各多少。",
        "Advertising standing at the month's end by town and kind, shop signs apart: "
        "licensed, as planned, passed.",
        "月", ("month", "town_code", "advert_type"),
        _from("advert_counts", "month", "town_code", "town_name", "advert_type",
              "standing", "licensed", "as_planned", "passed"),
        _query(_ADVERTS),
    ),
    Dataset(
        "construction_waste", "D9", "建筑垃圾申报", "Construction waste reported",
        "全县工地每月申报的建筑垃圾产生量和就地利用量。",
        "Construction waste that building projects reported, and reused on site.",
        "月", ("month",),
        _from("construction_waste_months", "month", "projects", "generated_kg",
              "reused_on_site_kg"),
        _query(_BUILDING_WASTE),
    ),
    Dataset(
        "parking_spaces", "D11", "停车位", "Parking spaces",
        "全县每季度末的配建、路外公共、路内停车位和汽车保有量。",
        "Parking spaces of each kind, and vehicles, at the end of each quarter.",
        "季", ("month",),
        _from("parking_spaces", "month", "attached_spaces", "off_street_spaces",
              "on_street_spaces", "vehicles"),
        _query(_PARKING),
    ),
    Dataset(
        "sorting_coverage", "D12", "垃圾分类覆盖", "Coverage of waste sorting",
        "居民小区和公共机构、企业的垃圾分类覆盖，分乡镇。",
        "Compounds, institutions and enterprises that sort waste, by town.",
        "月/季", ("indicator_id", "period", "area_code"),
        _from("indicator_values", "indicator_id", "period", "area_code", "area_name",
              "numerator", "denominator", "value", "null_reason"),
        _coverage,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Missing:
    """What the catalogue of disclosure asks for and no source gives."""

    catalogue: str
    title_zh: str
    title_en: str
    why_zh: str
    why_en: str


MISSING: Final = (
    Missing(
        "D9", "户外广告许可、建筑垃圾处置核准名录", "Single permits",
        "台账没有许可持有人，不能区分法人和自然人；只提供统计。",
        "The registers name no holder: a company cannot be told from a person.",
    ),
    Missing(
        "D10", "有一定社会影响的行政处罚决定", "Penalty decisions",
        "执法办案系统没有接入，没有处罚决定的数据。",
        "The enforcement system is not connected: there are no data.",
    ),
    Missing(
        "D11", "停车场名录", "Single car parks",
        "停车台账只有全县合计，没有分停车场的记录。",
        "The register holds the county's totals, not single car parks.",
    ),
)  # fmt: skip

BY_SLUG: Final = {dataset.slug: dataset for dataset in DATASETS}


def make_all(
    connection: duckdb.DuckDBPyConnection, figures: Figures, withheld: set[str]
) -> tuple[dict[str, list[Row]], dict[str, str]]:
    """Return each dataset's rows, and why some could not be made."""
    made: dict[str, list[Row]] = {}
    left_out: dict[str, str] = {}
    for dataset in DATASETS:
        if dataset.slug in withheld:
            left_out[dataset.slug] = "审查决定区分处理，不予公开"
            continue
        try:
            made[dataset.slug] = dataset.make(connection, figures)
        except duckdb.Error as error:
            first = str(error).strip().splitlines()[0][:160]
            left_out[dataset.slug] = f"所需的列没有标记公开或不存在（{first}）"
    return made, left_out

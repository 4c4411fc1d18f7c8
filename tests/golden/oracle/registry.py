"""Registry: every indicator with its formula, target, periods and source."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from operator import eq, ge

from tests.golden.oracle import completeness as complete
from tests.golden.oracle import (
    family_cases,
    family_mass,
    family_registers,
    family_roads,
)
from tests.golden.oracle.figures import Areas
from tests.golden.oracle.night import Night
from tests.golden.oracle.workdays import Period

PERCENT = 100
PER_TEN_THOUSAND = 10_000
Formula = Callable[[Night, Period], Areas]


@dataclass(frozen=True)
class Indicator:
    """One indicator; a lamp indicator has no formula here, being judged at once.

    Its first period is the month of the first business date of what it begins with.
    """

    begins_with: str
    formula: Formula | None
    complete: complete.Share | None
    target: int | None = None
    factor: int = PERCENT
    periods: str = "MQY"
    towns: bool = False
    is_count: bool = False
    claim: int | None = None
    needs: tuple[str, ...] = ()
    asks_period_end: bool = False
    op: Callable[[Fraction, int], bool] = ge


DISPOSAL = ("cases.due_at", "cases.disposed_at")
CLOSING = ("cases.due_at", "cases.closed_at")
RATING = ("cases.closed_at", "callbacks.rating")
MEANS = ("cases.closed_at", "cases.resolution_means")
CASES = complete.api("cases")
RATINGS = complete.api("cases", "callbacks")
SCALES = complete.weighbridge

INDICATORS: Mapping[str, Indicator] = {
    "I01": Indicator("sanitation", family_roads.i01, complete.roads, 100),
    "I02": Indicator(
        "register:ad_facilities",
        family_registers.i02,
        complete.register("ad_facilities"),
        95,
        towns=True,
        needs=tuple(
            f"register:ad_facilities.{c}"
            for c in ("许可起", "许可止", "最近检查日期", "最近检查结果")
        ),
        asks_period_end=True,
    ),
    "I03": Indicator("cases", family_cases.i03, CASES, 100, towns=True, needs=DISPOSAL),
    "I04": Indicator("cases", family_cases.i04, CASES, 100, towns=True, needs=DISPOSAL),
    "I05": Indicator("cases", family_cases.i05, CASES, 90, towns=True, needs=DISPOSAL),
    "I06": Indicator(
        "register:frontage_units",
        family_registers.i06,
        complete.register("frontage_units"),
        100,
        towns=True,
        needs=tuple(
            f"register:frontage_units.{c}"
            for c in ("责任书签订日期", "最近检查日期", "最近检查结果")
        ),
        asks_period_end=True,
    ),
    "I07": Indicator("weighbridge", family_mass.i07, SCALES, 100),
    "I08": Indicator(
        "register:residential_compounds",
        family_registers.i08,
        complete.register("residential_compounds"),
        80,
        towns=True,
        claim=70,
    ),
    "I09": Indicator("weighbridge", family_mass.i09, SCALES, 80),
    "I10": Indicator(
        "register:institutions",
        family_registers.i10,
        complete.register("institutions"),
        100,
        towns=True,
        needs=("register:institutions.检查结果",),
        asks_period_end=True,
    ),
    "I11": Indicator("weighbridge", family_mass.i11, SCALES, 35),
    "I11b": Indicator("weighbridge", family_mass.i11b, SCALES),
    "I12": Indicator("weighbridge", family_mass.i12, complete.rubble, 100),
    "I13": Indicator(
        "register:green_survey", family_registers.i13, complete.whole, 42, periods="Y"
    ),
    "I14": Indicator(
        "register:green_survey", family_registers.i14, complete.whole, 40, periods="Y"
    ),
    "I15": Indicator(
        "register:green_survey",
        family_registers.i15,
        complete.whole,
        15,
        factor=1,
        periods="Y",
    ),
    "I16": Indicator("lighting", family_roads.i16, complete.whole, 100),
    "I17": Indicator("lighting", None, None, 98, towns=True),
    "I17b": Indicator("lighting", None, None),
    "I18": Indicator("cases", family_cases.i18, CASES, 98, towns=True, needs=CLOSING),
    "I19": Indicator("cases", family_cases.i19, RATINGS, 99, towns=True, needs=RATING),
    "I20": Indicator(
        "register:equipment", family_registers.i20, complete.register("equipment"), 98
    ),
    "I21": Indicator(
        "register:assessment_objects",
        family_registers.i21,
        complete.register("assessment_objects"),
        100,
    ),
    "X01": Indicator(
        "register:supervision_items",
        family_cases.x01,
        complete.register("supervision_items"),
        100,
        needs=tuple(f"register:supervision_items.{c}" for c in ("期限", "验收时间")),
    ),
    "X02": Indicator(
        "register:staffing",
        family_registers.x02,
        complete.register("staffing", complete.QUARTER_ENDS),
        5,
        factor=PER_TEN_THOUSAND,
        periods="Y",
    ),
    "X03": Indicator(
        "register:staffing",
        family_registers.x03,
        complete.register("staffing", complete.QUARTER_ENDS),
        1,
        factor=1,
        periods="Y",
        op=eq,
    ),
    "X04a": Indicator("cases", family_cases.x04a, CASES, needs=MEANS),
    "X04b": Indicator("cases", family_cases.x04b, CASES, needs=MEANS),
    "X04c": Indicator("cases", family_cases.x04c, CASES, needs=MEANS),
    "X05": Indicator(
        "register:parking",
        family_registers.x05,
        complete.register("parking", complete.QUARTER_ENDS),
        factor=1,
        periods="Q",
    ),
    "X06a": Indicator(
        "cases",
        family_cases.x06a,
        CASES,
        factor=1,
        is_count=True,
        needs=("cases.registered_at",),
    ),
    "X06b": Indicator(
        "cases",
        family_cases.x06b,
        CASES,
        needs=("cases.accepted_at", "cases.registered_at"),
    ),
    "X06c": Indicator("cases", family_cases.x06c, CASES, needs=CLOSING),
    "X06d": Indicator("cases", family_cases.i19, RATINGS, needs=RATING),
    "X10": Indicator(
        "cases",
        family_cases.x10,
        CASES,
        factor=1,
        is_count=True,
        needs=("cases.reported_at",),
    ),
}

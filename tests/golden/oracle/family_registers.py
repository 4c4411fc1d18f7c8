"""Register families: coverage at a month's end, surveys and headcounts."""

from collections.abc import Callable, Iterable
from datetime import date
from fractions import Fraction

from tests.golden.oracle.figures import COUNTY, Areas, Figure, absent, counted, put
from tests.golden.oracle.night import Night
from tests.golden.oracle.rules_registers import Facts
from tests.golden.oracle.workdays import Month, Period

FIT = "合格"
MONTHS_PER_YEAR = 12
M2_PER_HA = 10_000


def present_months(night: Night, register: str, period: Period) -> list[Month]:
    """List the months of a period, up to this night's, that have the register."""
    there = night.registers.get(register, {})
    last = Month.of(night.day)
    return [month for month in period.months if month <= last and month in there]


def _covered_months(
    night: Night, register: str, period: Period
) -> list[Month] | Figure:
    present = present_months(night, register, period)
    ended = period.end <= night.as_of
    if ended and period.months[-1] not in present:
        return absent("source_late")
    return present or absent("not_due")


Judge = Callable[[Facts, Period, date], bool | None]


def _coverage(register: str, judge: Judge) -> Callable[[Night, Period], Areas]:
    def figures(night: Night, period: Period) -> Areas:
        months = _covered_months(night, register, period)
        if isinstance(months, Figure):
            return {COUNTY: months}
        areas: Areas = {COUNTY: Figure()}
        for row in night.registers[register][months[-1]]:
            verdict = judge(row, period, min(period.last, months[-1].last))
            if verdict is not None:
                put(areas, row["乡镇编码"], counted(verdict))
        return areas

    return figures


def year_before(day: date) -> date:
    """Return the same day twelve months before; 28 February for a leap day."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def _advertisement(row: Facts, period: Period, e: date) -> bool | None:
    removed = row["拆除日期"]
    if row["类型"] == "招牌" or (removed is not None and removed <= period.last):
        return None
    start, end, checked = row["许可起"], row["许可止"], row["最近检查日期"]
    licensed = start is not None and end is not None and start <= e <= end
    recent = checked is not None and year_before(e) < checked <= e
    fit = row["符合规划"] is True and row["最近检查结果"] == FIT
    return licensed and recent and fit


def _frontage(row: Facts, period: Period, e: date) -> bool | None:
    gone = row["注销日期"]
    if row["类型"] == "空置" or (gone is not None and gone <= e):
        return None
    signed, checked = row["责任书签订日期"], row["最近检查日期"]
    seen = checked is not None and period.first <= checked <= e
    return signed is not None and signed <= e and seen and row["最近检查结果"] == FIT


def _compound(row: Facts, period: Period, e: date) -> bool | None:
    del period, e
    if row["纳入范围"] is not True:
        return None
    collected = row["本月分类收运次数"]
    return _equipped(row) and collected is not None and collected >= 1


def _institution(row: Facts, period: Period, e: date) -> bool | None:
    del period, e
    if row["纳入范围"] is not True:
        return None
    return _equipped(row) and row["检查结果"] == FIT


def _equipped(row: Facts) -> bool:
    return row["容器到位"] is True and row["公示到位"] is True


i02 = _coverage("ad_facilities", _advertisement)
i06 = _coverage("frontage_units", _frontage)
i08 = _coverage("residential_compounds", _compound)
i10 = _coverage("institutions", _institution)


def i20(night: Night, period: Period) -> Areas:
    """Equipment in good order against the standard list."""
    months = _covered_months(night, "equipment", period)
    if isinstance(months, Figure):
        return {COUNTY: months}
    rows = night.registers["equipment"][months[-1]]
    needed = _sum(row["标准数量"] for row in rows)
    there = _sum(min(row["在用合格数量"] or 0, row["标准数量"] or 0) for row in rows)
    return {COUNTY: Figure(there, needed, len(rows))}


def i21(night: Night, period: Period) -> Areas:
    """Objects assessed at least once, summed over the months there are."""
    months = _covered_months(night, "assessment_objects", period)
    if isinstance(months, Figure):
        return {COUNTY: months}
    areas: Areas = {COUNTY: Figure()}
    for month in months:
        for row in night.registers["assessment_objects"][month]:
            if row["应考核"] is True:
                put(areas, None, _assessed(row))
    return areas


def _assessed(row: Facts) -> Figure:
    if row["免考核批准"] is not None:
        return Figure(excluded=1)
    return counted((row["已评分项数"] or 0) >= 1)


def _sum(amounts: Iterable[Fraction | int | None]) -> Fraction:
    return sum((Fraction(amount or 0) for amount in amounts), Fraction())


def _survey(numerator: Callable, denominator: Callable) -> Callable:
    def figures(night: Night, period: Period) -> Areas:
        survey = _last_survey(night, period)
        if survey is None:
            due = period.months[-1].next
            late = due.next.first <= night.as_of.date()
            return {COUNTY: absent("source_late" if late else "not_due")}
        return {COUNTY: Figure(numerator(survey), denominator(survey), 1)}

    return figures


def _last_survey(night: Night, period: Period) -> Facts | None:
    last = Month.of(night.day)
    known = [
        (row["年度"], month, row)
        for month, rows in night.registers.get("green_survey", {}).items()
        for row in rows
        if month <= last and row["年度"] <= period.months[0].year
    ]
    return max(known, key=lambda survey: survey[:2])[2] if known else None


def _built_up(survey: Facts) -> Fraction:
    return _sum([survey["建成区面积km2"]])


i13 = _survey(lambda s: _sum([s["绿化覆盖面积km2"]]), _built_up)
i14 = _survey(lambda s: _sum([s["绿地面积km2"]]), _built_up)
i15 = _survey(
    lambda s: _sum([s["公园绿地面积ha"]]) * M2_PER_HA,
    lambda s: _sum([s["城区人口"], s["城区暂住人口"]]),
)


def _headcount(
    register: str, numerator: Iterable[str], denominator: str
) -> Callable[[Night, Period], Areas]:
    def figures(night: Night, period: Period) -> Areas:
        present = present_months(night, register, period)
        if not present:
            ended = period.end <= night.as_of
            return {COUNTY: absent("source_late" if ended else "not_due")}
        rows = night.registers[register][present[-1]]
        above = _sum(row[column] for row in rows for column in numerator)
        below = _sum(row[denominator] for row in rows)
        return {COUNTY: Figure(above, below, len(rows))}

    return figures


x02 = _headcount("staffing", ("在编执法人员",), "城市人口")
x03 = _headcount("staffing", ("辅助人员",), "在编执法人员")
x05 = _headcount("parking", ("配建车位", "路外公共车位", "路内泊位"), "汽车保有量")

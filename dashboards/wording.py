"""Wording: how figures, targets, periods and reasons read in Chinese."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

NOTHING = "—"
CENT, TENTH, WHOLE = Decimal("0.01"), Decimal("0.1"), Decimal(1)
HUNDRED = Decimal(100)
SIGNS = {"ge": "≥", "le": "≤"}
COUNTED_UNITS = {"件", "个", "起", "项", "条", "次"}

NULL_REASONS = {
    "no_denominator": "本期无应办件",
    "not_collected": "未采集",
    "not_due": "未到报送时间",
    "suppressed": "件数过少，隐去",
    "withheld": "质量不足，暂不公布",
    "corrected": "更正中，暂不公布",
    "below_min_sample": "样本不足",
    "source_late": "数据迟报",
    "not_provided": "未提供",
}
SOURCES = {
    "cases": "案件平台",
    "case_events": "案件流转",
    "callbacks": "回访",
    "weighbridge": "地磅",
    "sanitation": "环卫作业",
    "inspections": "检查考核",
    "lighting": "路灯",
    "registers": "台账",
    "reference": "基础数据",
}
OUTCOMES = {
    "published": "已发布",
    "published_incomplete": "已发布（数据不全）",
    "refused": "未通过把关",
    "failed": "运行失败",
    "running": "运行中",
}
ROLES = {"numerator": "计入分子", "denominator": "计入分母", "excluded": "已剔除"}
RECORD_TYPES = {
    "case": "案件",
    "weigh_ticket": "磅单",
    "segment_day": "路段日",
    "lamp_night": "盏夜",
    "lit_lamps": "亮灯盏夜（合计）",
    "ad_facility": "户外广告设施",
    "frontage_unit": "责任单位",
    "residential_compound": "居民小区",
    "institution": "机构",
    "construction_project": "工程项目",
    "green_survey": "绿地调查",
    "road_segment": "路段",
    "equipment": "装备",
    "assessment_object": "考核对象",
    "supervision_item": "督办事项",
    "staffing": "人员编制",
    "parking": "停车泊位",
}
REASONS = {
    "no_plan": "没有开关灯计划",
    "carried_forward": "沿用上次调查",
}
CLAIM_STATES = {
    "effective": "执行",
    "recorded": "另有记载",
    "superseded": "已被替代",
}
RULES = {
    "A01": "缺主键或更新时间",
    "A02": "取值不在代码表",
    "A03": "时间无法识别或超出范围",
    "A04": "时间先后颠倒",
    "A05": "时间晚于更新时间",
    "A06": "乡镇或社区不在基础数据",
    "A07": "字段类型不符",
    "B01": "缺磅单号",
    "B02": "重量不是数或净重不为正",
    "B03": "毛重减皮重与净重不符",
    "B04": "取值不在代码表",
    "B05": "过磅时间无法识别或相差过大",
    "B06": "设施或乡镇不在基础数据",
    "B07": "同一文件内磅单号重复",
    "B08": "整行读不出来（字段个数不符等）",
    "B10": "文件缺列或无法解码",
    "C01": "路段不存在或不属该承包商",
    "C02": "数值超出范围或读不出来",
    "C03": "日期与文件不符",
    "C04": "取值不在代码表",
    "C10": "文件损坏或缺表、缺列",
    "C21": "承包商不存在",
    "C22": "检查模块或扣分项不存在",
    "C23": "扣分没有对应检查表",
    "C24": "扣分数量不为正",
    "C25": "缺编号或编号重复",
    "C26": "时间或单元格读不出来",
    "D01": "灯杆或回路不存在",
    "D02": "取值不在代码表",
    "D03": "起止时间颠倒或不应为无限期",
    "D04": "功率不是不小于 0 的数",
    "E01": "缺主键或主键重复",
    "E02": "类型不符或超出范围",
    "E03": "取值不在代码表",
    "E04": "乡镇不存在",
    "E10": "文件损坏或缺列",
    "F01": "缺主键，或同一主键内容不同",
    "F02": "取值不在代码表",
    "F03": "字段类型不符",
    "F04": "引用了参照表里没有的编码",
    "F10": "文件损坏或缺列",
    "AW1": "编码不在参照表（照常计算）",
    "AW2": "状态与结案时间矛盾（照常计算）",
    "AW3": "坐标为 0/0（照常计算）",
}


@dataclass(frozen=True)
class Target:
    """What a value is held against: at least, at most, or between two limits."""

    value: float
    op: str = "ge"
    value_high: float | None = None

    def is_met_by(self, value: Decimal) -> bool:
        """Say whether a value, as given, meets the target."""
        low = _exactly(self.value)
        if self.op == "le":
            return value <= low
        if self.op == "between":
            return low <= value <= self._high
        return value >= low

    def gap(self, value: Decimal) -> Decimal:
        """Return the distance to the nearest limit, never negative."""
        nearest = self._high if self._is_above(value) else _exactly(self.value)
        return abs(value - nearest)

    @property
    def words(self) -> str:
        """The target as it is written: ≥98, ≤5, =1, 70–80."""
        if self.op != "between":
            return f"{SIGNS.get(self.op, '')}{plain(self.value)}"
        if self._high == _exactly(self.value):
            return f"={plain(self.value)}"
        return f"{plain(self.value)}–{plain(float(self._high))}"

    @property
    def _high(self) -> Decimal:
        high = self.value if self.value_high is None else self.value_high
        return _exactly(high)

    def _is_above(self, value: Decimal) -> bool:
        return self.op == "between" and value > self._high


def figure(value: float | None, target: Target | None = None, unit: str = "%") -> str:
    """Write a value with two decimals, a count with none.

    Rounded half up, but never into meeting a target that is missed, nor up to a
    hundred: 99.996 reads 99.99.
    """
    if value is None:
        return NOTHING
    if unit in COUNTED_UNITS:
        return f"{value:,.0f}"
    return f"{_shown(value, target):,}"


def distance(value: float | None, target: Target | None) -> str:
    """Write how far the shown value is from its target, in words and a number."""
    if value is None or target is None:
        return ""
    shown = _shown(value, target)
    gap = f"{target.gap(shown):,.2f}"
    if not target.gap(shown):
        return "持平"
    if target.is_met_by(_exactly(value)):
        return f"余 {gap}" if target.op == "le" else f"超 {gap}"
    is_over = target.op == "le" or (
        target.op == "between" and shown > _exactly(target.value)
    )
    return f"超限 {gap}" if is_over else f"差 {gap}"


def moved(by: float | None, unit: str = "%") -> str:
    """Write a change with an arrow: up, down, or level when too small to be seen."""
    if by is None:
        return NOTHING
    places = Decimal(1) if unit in COUNTED_UNITS else CENT
    size = abs(_exactly(by)).quantize(places, ROUND_HALF_UP)
    if not size:
        return "→ 0"
    return f"{'↑' if by > 0 else '↓'} {size:,}"


def why_missing(null_reason: str | None) -> str:
    """Say why there is no value; a reason that is not known keeps its code."""
    return NULL_REASONS.get(null_reason or "", null_reason or "")


def source(code: str) -> str:
    """Name a source; one that is not known keeps its code."""
    return SOURCES.get(code, code)


def reason(said: str | None) -> str:
    """Say a note or a reason in Chinese; most are already."""
    return REASONS.get(said or "", said or "")


def plain(value: float | None) -> str:
    """Write a number without needless zeros."""
    return NOTHING if value is None else f"{_exactly(value).normalize():f}"


def count(number: float | None) -> str:
    """Write a count with thousands separators."""
    return NOTHING if number is None else f"{number:,.0f}"


def provided(number: float | None) -> str:
    """Write a count that is only missing where the source does not provide it."""
    return NULL_REASONS["not_provided"] if number is None else count(number)


def share(part: float | None, places: Decimal = TENTH) -> str:
    """Write a share of one as a percentage that never rounds up to complete."""
    if part is None:
        return NOTHING
    percent = (_exactly(part) * 100).quantize(places, ROUND_FLOOR)
    return f"{percent.normalize():f}%"


def period_name(period: str) -> str:
    """Write a period the way a report does: 2025年6月, 2025年第2季度, 2025年."""
    if "Q" in period:
        year, quarter = period.split("Q")
        return f"{year}年第{quarter}季度"
    if "-" in period:
        year, month = period.split("-")
        return f"{year}年{int(month)}月"
    return f"{period}年"


def short_period(period: str) -> str:
    """Write a period where its year is understood: 5月, 2季度; a year in full."""
    if "Q" in period:
        return f"{period[-1]}季度"
    return f"{int(period[5:])}月" if "-" in period else f"{period}年"


def enclosing_periods(period: str) -> list[str]:
    """List a period and the wider ones it lies in, narrowest first."""
    year = period[:4]
    if "-" in period:
        quarter = (int(period[5:]) + 2) // 3
        return [period, f"{year}Q{quarter}", year]
    return [period, year] if "Q" in period else [period]


def period_bounds(period: str) -> tuple[date, date]:
    """Return a period's first day and the first day after it."""
    year = int(period[:4])
    if "Q" in period:
        first, months = 3 * int(period[-1]) - 2, 3
    elif "-" in period:
        first, months = int(period[5:]), 1
    else:
        first, months = 1, 12
    after = first + months
    return date(year, first, 1), date(year + after // 13, (after - 1) % 12 + 1, 1)


def day(when: date | None) -> str:
    """Write a date in full."""
    return NOTHING if when is None else f"{when.year}年{when.month}月{when.day}日"


def short_day(when: date | None) -> str:
    """Write a date without its year."""
    return NOTHING if when is None else f"{when.month}月{when.day}日"


def minute(when: datetime | None) -> str:
    """Write a moment to the minute."""
    return NOTHING if when is None else f"{when:%Y-%m-%d %H:%M}"


def _shown(value: float, target: Target | None) -> Decimal:
    exact = _exactly(value)
    rounded = exact.quantize(CENT, ROUND_HALF_UP)
    if exact < HUNDRED <= rounded:
        return exact.quantize(CENT, ROUND_FLOOR)
    if target is None or target.is_met_by(exact) or not target.is_met_by(rounded):
        return rounded
    away = ROUND_FLOOR if rounded > exact else ROUND_CEILING
    return exact.quantize(CENT, away)


def _exactly(value: float) -> Decimal:
    # Through text: the decimal a person would read, not its binary neighbour.
    return Decimal(repr(float(value)))

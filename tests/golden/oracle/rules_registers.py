"""Rules E: which register rows may be believed, and what they say."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from functools import partial

from tests.golden.oracle.cells import (
    BadCellError,
    Cell,
    bare_day,
    moment,
    number,
    text,
    word,
    yes,
)
from tests.golden.oracle.reference import Reference

Value = str | bool | date | datetime | Fraction | None
Facts = dict[str, Value]


def _number(
    low: int | None,
    high: int | None,
    whole: bool,
    cell: Cell,
    units: Sequence[str] = (),
    optional: bool = False,
) -> Value:
    value = number(cell, units)
    if value is None:
        if optional:
            return None
        raise BadCellError(cell)
    below = low is not None and value < low
    above = high is not None and value > high
    if below or above or (whole and value.denominator != 1):
        raise BadCellError(cell)
    return value


COUNT = partial(_number, 0, None, True)
AMOUNT = partial(_number, 0, None, False)
POINTS = partial(_number, 0, 100, False)
ADJUSTMENT = partial(_number, -5, 5, False)
KILOGRAMS = partial(AMOUNT, units=("kg", "千克", "公斤"))
SQUARE_KILOMETRES = partial(AMOUNT, units=("km2", "平方公里", "平方千米"))
HECTARES = partial(AMOUNT, units=("ha", "hm2", "公顷"))
PEOPLE = partial(COUNT, units=("人",))
POPULATION = partial(AMOUNT, units=("人",))
TIMES = partial(COUNT, units=("次",))
SPACES = partial(COUNT, units=("个",))
SCORE = partial(POINTS, units=("分",))
DEADLINE = partial(moment, deadline=True)
RESULT = ("合格", "不合格", None)


def _required(read: Callable[[Cell], Value], cell: Cell) -> Value:
    value = read(cell)
    if value is None:
        raise BadCellError(cell)
    return value


YES_OR_NO = partial(_required, yes)


@dataclass(frozen=True)
class Register:
    """What the contract says of one register."""

    columns: Mapping[str, Callable[[Cell], Value]]
    enums: Mapping[str, Sequence[str | None]]
    key: str | None


def _register(
    columns: str,
    enums: Mapping[str, Sequence[str | None]] | None = None,
    keyed: bool = True,
    **types: Callable[[Cell], Value],
) -> Register:
    names = columns.split()
    return Register(
        {name: types.get(name, text) for name in names},
        enums or {},
        names[0] if keyed else None,
    )


REGISTERS: Mapping[str, Register] = {
    "ad_facilities": _register(
        "设施编号 类型 地址 乡镇编码 许可编号 许可起 许可止 符合规划 最近检查日期 "
        "最近检查结果 拆除日期",
        {"最近检查结果": RESULT},
        许可起=bare_day,
        许可止=bare_day,
        符合规划=YES_OR_NO,
        最近检查日期=bare_day,
        拆除日期=bare_day,
    ),
    "frontage_units": _register(
        "单位编号 名称 类型 乡镇编码 责任书签订日期 最近检查日期 最近检查结果 注销日期",
        {
            "类型": ("商户", "机关", "企事业", "工地", "空置"),
            "最近检查结果": RESULT,
        },
        责任书签订日期=bare_day,
        最近检查日期=bare_day,
        注销日期=bare_day,
    ),
    "residential_compounds": _register(
        "小区编号 名称 乡镇编码 户数 纳入范围 容器到位 公示到位 本月分类收运次数",
        户数=partial(COUNT, units=("户",), optional=True),
        纳入范围=YES_OR_NO,
        容器到位=YES_OR_NO,
        公示到位=YES_OR_NO,
        本月分类收运次数=TIMES,
    ),
    "institutions": _register(
        "机构编号 名称 类型 乡镇编码 纳入范围 容器到位 公示到位 检查结果",
        {"类型": ("公共机构", "企业"), "检查结果": RESULT},
        纳入范围=YES_OR_NO,
        容器到位=YES_OR_NO,
        公示到位=YES_OR_NO,
    ),
    "equipment": _register(
        "装备名称 标准数量 在用合格数量", 标准数量=COUNT, 在用合格数量=COUNT
    ),
    "assessment_objects": _register(
        "对象编号 名称 类型 应考核 已评分项数 免考核批准",
        {"类型": ("成员单位", "区域")},
        应考核=YES_OR_NO,
        已评分项数=partial(COUNT, units=("项",)),
    ),
    "supervision_items": _register(
        "事项编号 来源 标题 牵头单位 交办时间 期限 验收时间 状态",
        {"状态": ("办理中", "已落实", "已取消")},
        交办时间=moment,
        期限=DEADLINE,
        验收时间=moment,
    ),
    "construction_waste": _register(
        "项目编号 名称 乡镇编码 产生量kg 就地利用量kg",
        产生量kg=KILOGRAMS,
        就地利用量kg=KILOGRAMS,
    ),
    "toilets": _register(
        "公厕编号 名称 乡镇编码 类别 设施得分 保洁得分 服务得分 一票否决",
        设施得分=SCORE,
        保洁得分=SCORE,
        服务得分=SCORE,
        一票否决=YES_OR_NO,
    ),
    "green_survey": _register(
        "年度 边界版本 建成区面积km2 绿化覆盖面积km2 绿地面积km2 公园绿地面积ha "
        "城区人口 城区暂住人口",
        年度=COUNT,
        建成区面积km2=SQUARE_KILOMETRES,
        绿化覆盖面积km2=SQUARE_KILOMETRES,
        绿地面积km2=SQUARE_KILOMETRES,
        公园绿地面积ha=HECTARES,
        城区人口=POPULATION,
        城区暂住人口=POPULATION,
    ),
    "staffing": _register(
        "在编执法人员 辅助人员 城市人口",
        keyed=False,
        在编执法人员=PEOPLE,
        辅助人员=PEOPLE,
        城市人口=POPULATION,
    ),
    "parking": _register(
        "配建车位 路外公共车位 路内泊位 汽车保有量",
        keyed=False,
        配建车位=SPACES,
        路外公共车位=SPACES,
        路内泊位=SPACES,
        汽车保有量=partial(COUNT, units=("辆",)),
    ),
    "contract_events": _register(
        "事件编号 合同单位 类型 发生日期 依据 审批人",
        {"类型": ("P1", "P2", "P3", "P4", "P5", "B1", "B2")},
        发生日期=partial(_required, bare_day),
    ),
    "department_inspections": _register(
        "单位编码 得分 检查次数", 得分=SCORE, 检查次数=partial(TIMES, optional=True)
    ),
    "department_adjustments": _register(
        "单位编码 加减分 依据 审批人", 加减分=partial(ADJUSTMENT, units=("分",))
    ),
    "plan_projects": _register(
        "项目编号 名称 单位 目标数量 完成数量 佐证日期 状态",
        目标数量=partial(AMOUNT, optional=True),
        完成数量=partial(AMOUNT, optional=True),
        佐证日期=bare_day,
    ),
}


def judge(
    name: str, on: date, rows: Sequence[Mapping[str, Cell]], reference: Reference
) -> Iterator[tuple[str | None, Facts | None]]:
    """Yield each row's broken rule, or what it says."""
    register, met = REGISTERS[name], set()
    for row in rows:
        key = word(row[register.key]) if register.key else None
        if register.key and (key is None or key in met):
            yield "E01", None
            continue
        met.add(key)
        code = _broken(register, row, reference.at("towns", on))
        yield code, None if code else _facts(register, row)


def _broken(
    register: Register, row: Mapping[str, Cell], towns: Mapping[str, object]
) -> str | None:
    try:
        facts = _facts(register, row)
    except BadCellError:
        return "E02"
    if any(facts[column] not in known for column, known in register.enums.items()):
        return "E03"
    if "乡镇编码" in facts and facts["乡镇编码"] not in towns:
        return "E04"
    return None


def _facts(register: Register, row: Mapping[str, Cell]) -> Facts:
    return {column: read(row[column]) for column, read in register.columns.items()}

"""Contracts: what each file source hands over, as data (source contract, B to F)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class FileTable:
    """One table inside a file; `sheet` None means the first sheet, or a CSV."""

    table: str
    columns: tuple[str, ...]
    sheet: str | None = None


@dataclass(frozen=True)
class FileSource:
    """A folder of the file drop: the names it may hold and what is in them.

    `path` matches from LANDING_DIR on, with groups `owner` and `stamp` (YYYYMMDD
    or YYYYMM) where the name has them. `by_owner` is for sources whose files differ.
    """

    source: str
    path: re.Pattern[str]
    tables: tuple[FileTable, ...] = ()
    by_owner: Mapping[str, tuple[FileTable, ...]] | None = None

    def tables_of(self, owner: str | None) -> tuple[FileTable, ...]:
        """Return the tables in a file of this owner."""
        return self.tables if self.by_owner is None else self.by_owner[owner or ""]

    @property
    def row_tables(self) -> tuple[str, ...]:
        """Return the landing tables that hold rows."""
        every = [self.tables, *(self.by_owner or {}).values()]
        return tuple(dict.fromkeys(t.table for tables in every for t in tables))


def _columns(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())


def _named(folder: str, table: str, names: Mapping[str, str], end: str) -> FileSource:
    """Return a source whose files are told apart by name, not by owner."""
    return FileSource(
        source=folder,
        path=re.compile(rf"{folder}/(?P<owner>{'|'.join(names)}){end}"),
        by_owner={
            name: (FileTable(table, _columns(columns)),)
            for name, columns in names.items()
        },
    )


WEIGHBRIDGE: Final = FileSource(
    source="weighbridge",
    path=re.compile(
        r"weighbridge/(?P<owner>[^/]+)/weigh_(?P=owner)_(?P<stamp>\d{8})\.csv"
    ),
    tables=(
        FileTable(
            "tickets",
            _columns(
                "磅单号 衡器编号 方向 车牌号 运输单位 垃圾类别 是否二次 来源类型 "
                "来源编码 去向设施 毛重kg 皮重kg 净重kg 毛重时间 皮重时间 状态 "
                "更正磅单号 司磅员"
            ),
        ),
    ),
)

SANITATION: Final = FileSource(
    source="sanitation",
    path=re.compile(r"sanitation/(?P<owner>[^/]+)/sweeping_(?P<stamp>\d{8})\.xlsx"),
    tables=(
        FileTable(
            "sweeping",
            _columns("日期 路段编码 作业方式 应作业趟次 实际趟次 覆盖率 车牌号 备注"),
            sheet="作业日报",
        ),
    ),
)

INSPECTIONS: Final = FileSource(
    source="inspections",
    path=re.compile(r"inspections/inspections_(?P<stamp>\d{6})\.xlsx"),
    tables=(
        FileTable(
            "sheets",
            _columns(
                "检查表编号 合同单位 类型 检查时间 地点 乡镇编码 检查模块 检查人 状态"
            ),
            sheet="检查表",
        ),
        FileTable(
            "deductions",
            _columns(
                "扣分编号 检查表编号 扣分项 数量 发现时间 整改期限 整改时间 "
                "事实编号 备注"
            ),
            sheet="扣分明细",
        ),
    ),
)

REGISTERS: Final = _named(
    "registers",
    "rows",
    {
        "ad_facilities": "设施编号 类型 地址 乡镇编码 许可编号 许可起 许可止 符合规划 "
        "最近检查日期 最近检查结果 拆除日期",
        "frontage_units": "单位编号 名称 类型 乡镇编码 责任书签订日期 最近检查日期 "
        "最近检查结果 注销日期",
        "residential_compounds": "小区编号 名称 乡镇编码 户数 纳入范围 容器到位 "
        "公示到位 本月分类收运次数",
        "institutions": "机构编号 名称 类型 乡镇编码 纳入范围 容器到位 公示到位 "
        "检查结果",
        "equipment": "装备名称 标准数量 在用合格数量",
        "assessment_objects": "对象编号 名称 类型 应考核 已评分项数 免考核批准",
        "supervision_items": "事项编号 来源 标题 牵头单位 交办时间 期限 验收时间 状态",
        "construction_waste": "项目编号 名称 乡镇编码 产生量kg 就地利用量kg",
        "toilets": "公厕编号 名称 乡镇编码 类别 设施得分 保洁得分 服务得分 一票否决",
        "green_survey": "年度 边界版本 建成区面积km2 绿化覆盖面积km2 绿地面积km2 "
        "公园绿地面积ha 城区人口 城区暂住人口",
        "staffing": "在编执法人员 辅助人员 城市人口",
        "parking": "配建车位 路外公共车位 路内泊位 汽车保有量",
        "contract_events": "事件编号 合同单位 类型 发生日期 依据 审批人",
        "department_inspections": "单位编码 得分 检查次数",
        "department_adjustments": "单位编码 加减分 依据 审批人",
        "plan_projects": "项目编号 名称 单位 目标数量 完成数量 佐证日期 状态",
    },
    r"_(?P<stamp>\d{6})\.xlsx",
)

REFERENCE: Final = _named(
    "reference",
    "rows",
    {
        "towns": "town_code name is_urban",
        "communities": "community_code name town_code in_urban_area",
        "departments": "dept_code name ranking_group",
        "contractors": "contractor_code name contract_from contract_to "
        "monthly_fee_yuan",
        "facilities": "facility_id name kind serves harmless",
        "road_segments": "segment_id road_name road_class community_code length_m "
        "area_m2 contractor_code required_passes lamp_required",
        "case_categories": "category_code kind class_name subclass_name "
        "indicator_group",
        "ops_waivers": "waiver_id segment_id date_from date_to reason approver",
    },
    r"\.csv",
)

FILE_SOURCES: Final = (WEIGHBRIDGE, SANITATION, INSPECTIONS, REGISTERS, REFERENCE)


@dataclass(frozen=True)
class DatabaseTable:
    """A table of the street-light database: its columns and the types they land with.

    The key tells which landed rows the source has no longer.
    """

    table: str
    key: tuple[str, ...]
    columns: Mapping[str, str]


def _database_table(table: str, key: str, columns: str) -> DatabaseTable:
    pairs = (column.partition(":") for column in columns.split())
    types = {name: kind or "VARCHAR" for name, _, kind in pairs}
    return DatabaseTable(table, tuple(key.split()), types)


LAMP_TELEMETRY: Final = _database_table(
    "lamp_telemetry",
    "lamp_id ts",
    "lamp_id ts:TIMESTAMP power_state online:BOOLEAN power_w:DOUBLE",
)

LIGHTING_SMALL_TABLES: Final = (
    _database_table(
        "lamp",
        "lamp_id",
        "lamp_id pole_no circuit_id segment_id town_code road_class power_w:DOUBLE "
        "lon:DOUBLE lat:DOUBLE control in_service_from:DATE in_service_to:DATE "
        "updated_at:TIMESTAMP",
    ),
    _database_table(
        "switch_plan",
        "circuit_id night_date",
        "circuit_id night_date:DATE on_at:TIMESTAMP off_at:TIMESTAMP "
        "updated_at:TIMESTAMP",
    ),
    _database_table(
        "planned_outage",
        "outage_id",
        "outage_id circuit_id starts_at:TIMESTAMP ends_at:TIMESTAMP reason approver "
        "updated_at:TIMESTAMP",
    ),
    _database_table(
        "lamp_fault",
        "fault_id",
        "fault_id lamp_id found_at:TIMESTAMP found_by grade due_at:TIMESTAMP "
        "fixed_at:TIMESTAMP cause case_id updated_at:TIMESTAMP",
    ),
)

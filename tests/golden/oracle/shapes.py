"""Shapes: the columns and enumerations the source contract fixes."""

CASE_KINDS = {"事件", "部件"}
INSPECTOR_CHANNELS = {"监督员", "视频"}
CITIZEN_CHANNELS = {"12345", "12319", "信访", "网络留言", "微信", "媒体", "上级转办"}
CASE_STATUSES = {
    "待受理",
    "不予受理",
    "已立案",
    "已派遣",
    "处置中",
    "待核查",
    "已结案",
    "挂账",
    "作废",
}
MEANS = {"服务", "管理", "执法"}
EVENT_TYPES = {
    "reported",
    "accepted",
    "rejected",
    "merged",
    "registered",
    "voided",
    "dispatched",
    "dept_returned",
    "return_approved",
    "extension_approved",
    "suspended",
    "resumed",
    "disposed",
    "checked_pass",
    "checked_fail",
    "closed",
    "reopened",
    "appealed",
    "appeal_upheld",
    "appeal_rejected",
}
ACTOR_ROLES = {"监督员", "受理员", "值班长", "派遣员", "专业部门", "座席"}
SATISFIED = {"满意", "基本满意"}
RATED = SATISFIED | {"不满意"}
RATINGS = RATED | {"拒评"}

HOUSEHOLD = {"其他垃圾", "厨余垃圾", "有害垃圾"}
WASTE_CLASSES = HOUSEHOLD | {
    "可回收物",
    "建筑垃圾",
    "大件垃圾",
    "园林垃圾",
    "粪便",
    "残渣",
    "炉渣",
    "飞灰",
    "渗滤液",
}
ORIGIN_TYPES = {"城区环卫", "乡镇", "单位", "设施"}
TICKET_STATUSES = {"有效", "作废", "补录", "更正"}
TICKET_COLUMNS = [
    "磅单号",
    "衡器编号",
    "方向",
    "车牌号",
    "运输单位",
    "垃圾类别",
    "是否二次",
    "来源类型",
    "来源编码",
    "去向设施",
    "毛重kg",
    "皮重kg",
    "净重kg",
    "毛重时间",
    "皮重时间",
    "状态",
    "更正磅单号",
    "司磅员",
]

SWEEPING_SHEET = "作业日报"
SWEEPING_COLUMNS = [
    "日期",
    "路段编码",
    "作业方式",
    "应作业趟次",
    "实际趟次",
    "覆盖率",
    "车牌号",
    "备注",
]
SHEET_COLUMNS = [
    "检查表编号",
    "合同单位",
    "类型",
    "检查时间",
    "地点",
    "乡镇编码",
    "检查模块",
    "检查人",
    "状态",
]
DEDUCTION_COLUMNS = [
    "扣分编号",
    "检查表编号",
    "扣分项",
    "数量",
    "发现时间",
    "整改期限",
    "整改时间",
    "事实编号",
    "备注",
]
ITEMS_PER_MODULE = {"QS": 9, "JX": 5, "SY": 7, "GC": 5, "SB": 4, "TS": 4, "AQ": 4}
MODULES = set(ITEMS_PER_MODULE)
ITEMS = {f"{m}{i:02d}" for m, k in ITEMS_PER_MODULE.items() for i in range(1, k + 1)}

CONTROLS = {"单灯", "回路", "时钟"}
POWER_STATES = {"on", "off", "low"}
FOUND_BY = {"遥测", "夜巡", "投诉", "案卷"}
GRADES = {"一般", "严重", "危急"}

REFERENCE = {
    "towns": "town_code name is_urban",
    "communities": "community_code name town_code in_urban_area",
    "departments": "dept_code name ranking_group",
    "contractors": "contractor_code name contract_from contract_to monthly_fee_yuan",
    "facilities": "facility_id name kind serves harmless",
    "road_segments": "segment_id road_name road_class community_code length_m area_m2 "
    "contractor_code required_passes lamp_required",
    "case_categories": "category_code kind class_name subclass_name indicator_group",
    "ops_waivers": "waiver_id segment_id date_from date_to reason approver",
}

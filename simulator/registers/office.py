"""Office: registers of equipment, people, assessment, surveys and plan projects."""

from datetime import date, datetime, time, timedelta

from simulator.county import County
from simulator.months import last_of_month
from simulator.registers.units import Row
from simulator.workbook import Cell

_EQUIPMENT = (
    ("执法记录仪", 60), ("对讲机", 45), ("执法车辆", 12), ("执法终端", 60),
    ("反光背心", 120), ("无人机", 2), ("便携打印机", 20),
)  # fmt: skip


def equipment(county: County, month: date) -> list[Row]:
    """执法装备; a surplus of one item must not hide the gap of another."""
    rows: list[Row] = []
    for name, standard in _EQUIPMENT:
        now = county.dice("equipment", name, month.year, (month.month - 1) // 6)
        fit = standard + now.choice((0, 0, 0, 5, -1, -2 if standard > 20 else 0))
        rows.append({"装备名称": name, "标准数量": standard, "在用合格数量": fit})
    return rows


def assessment_objects(county: County, month: date) -> list[Row]:
    """检查考核对象."""
    objects = [(d.code, d.name, "成员单位") for d in county.shape.departments]
    objects += [(t.code, t.name, "区域") for t in county.shape.towns if t.is_urban]
    rows: list[Row] = []
    for code, name, kind in objects:
        now = county.dice("assessment", code, month)
        rows.append(
            {
                "对象编号": code,
                "名称": name,
                "类型": kind,
                "应考核": "否" if now.random() < 0.04 else "是",
                "已评分项数": 0 if now.random() < 0.03 else now.randint(1, 12),
                "免考核批准": "考核办〔免〕1号" if now.random() < 0.03 else None,
            }
        )
    return rows


def supervision_items(county: County, month: date) -> list[Row]:
    """督办事项; deadlines as timestamps or as bare dates."""
    end = datetime.combine(last_of_month(month) + timedelta(days=1), time())
    rows: list[Row] = []
    for day in county.days(until=last_of_month(month)):
        rng = county.dice("supervision", day)
        if rng.random() > 0.25:
            continue
        given = datetime.combine(day, time(9, rng.randint(0, 59)))
        due_day = day + timedelta(days=rng.choice((5, 10, 15, 30)))
        due: Cell = due_day if rng.random() < 0.5 else given + timedelta(days=10)
        done = given + timedelta(seconds=rng.randint(86_400, 1_300_000))
        verified = done if rng.random() < 0.97 and done < end else None
        cancelled = rng.random() < 0.03
        state = "已取消" if cancelled else "已落实" if verified else "办理中"
        rows.append(
            {
                "事项编号": f"DB{day:%Y%m%d}",
                "来源": rng.choice(("县领导批示", "指挥调度会", "上级督办", "媒体")),
                "标题": f"关于{rng.choice(county.shape.roads).name}整治的督办",
                "牵头单位": rng.choice(county.shape.departments).code,
                "交办时间": given,
                "期限": due,
                "验收时间": verified,
                "状态": state,
            }
        )
    return rows


def green_survey(county: County, month: date) -> list[Row]:
    """建成区绿地调查: sent in January for the year before."""
    year = month.year - 1
    rng = county.dice("green", year)
    built = round(13.2 + 0.2 * (year - 2020), 2)
    return [
        {
            "年度": year,
            "边界版本": f"{year}版",
            "建成区面积km2": built,
            "绿化覆盖面积km2": round(built * rng.uniform(0.412, 0.432), 3),
            "绿地面积km2": round(built * rng.uniform(0.392, 0.41), 3),
            "公园绿地面积ha": round(rng.uniform(175, 200), 2),
            "城区人口": county.shape.urban_population,
            "城区暂住人口": round(county.shape.urban_population * 0.06),
        }
    ]


def staffing(county: County, month: date) -> list[Row]:
    """执法人员."""
    rng = county.dice("staffing", month)
    return [
        {
            "在编执法人员": 60,
            "辅助人员": rng.choice((58, 60, 60, 66)),
            "城市人口": county.shape.urban_population + 7_000,
        }
    ]


def parking(county: County, month: date) -> list[Row]:
    """停车位和汽车保有量."""
    quarter = 4 * (month.year - 2024) + month.month // 3
    return [
        {
            "配建车位": 21_000 + 300 * quarter,
            "路外公共车位": 2_300 + 40 * quarter,
            "路内泊位": 3_100,
            "汽车保有量": 38_500 + 450 * quarter,
        }
    ]


def contract_events(county: County, month: date) -> list[Row]:
    """合同事件."""
    rows: list[Row] = []
    for contractor in county.shape.contractors:
        rng = county.dice("contract", contractor.code, month)
        if rng.random() > 0.3:
            continue
        kind = rng.choices(("P1", "P2", "P4", "B1", "B2"), (40, 10, 5, 25, 20))[0]
        rows.append(
            {
                "事件编号": f"HT{contractor.code}{month:%Y%m}",
                "合同单位": contractor.code,
                "类型": kind,
                "发生日期": month + timedelta(days=rng.randint(0, 27)),
                "依据": "县城管委通报",
                "审批人": "局长办公会",
            }
        )
    return rows


def department_inspections(county: County, month: date) -> list[Row]:
    """单位实地检查."""
    rows: list[Row] = []
    for department in county.shape.departments:
        rng = county.dice("dept-inspection", department.code, month)
        if rng.random() < 0.05:
            continue
        score = round(min(100.0, rng.gauss(91, 4)), 2)
        rows.append(
            {"单位编码": department.code, "得分": score, "检查次数": rng.randint(1, 4)}
        )
    return rows


def department_adjustments(county: County, month: date) -> list[Row]:
    """单位加减分."""
    rows: list[Row] = []
    for department in county.shape.departments:
        rng = county.dice("adjustment", department.code, month)
        if rng.random() < 0.1:
            rows.append(
                {
                    "单位编码": department.code,
                    "加减分": rng.choice((-2, -1, -0.5, 0.5, 1, 2)),
                    "依据": "通报",
                    "审批人": "考核办",
                }
            )
    return rows


def plan_projects(county: County, month: date) -> list[Row]:
    """规划项目."""
    projects = (
        ("公共信息栏", "处", 50),
        ("新增停车位", "个", 1_000),
        ("公厕升级", "座", 24),
    )
    elapsed = min(1.0, 0.6 + 0.03 * (12 * (month.year - 2025) + month.month))
    return [
        {
            "项目编号": f"GH{number:02d}",
            "名称": name,
            "单位": unit,
            "目标数量": target,
            "完成数量": round(target * elapsed),
            "佐证日期": last_of_month(month),
            "状态": "已完成" if elapsed >= 1 else "推进中",
        }
        for number, (name, unit, target) in enumerate(projects, start=1)
    ]

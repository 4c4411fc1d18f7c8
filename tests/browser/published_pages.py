"""Published pages: rows of the marts that only the pages of one subject read."""

# ruff: noqa: E501 - a row reads best on few lines

from datetime import date, datetime, time, timedelta
from typing import Any

ROADS = [
    # Number, road, class, community, length, days missed, passes done of 60.
    (1, "人民路", "主干道", "北大街社区", 420.0, 3, 54.0),
    (2, "人民路", "主干道", "北大街社区", 380.0, 1, 59.0),
    (3, "人民路", "主干道", "北大街社区", 610.0, 0, 60.0),
    (4, "明清大道", "主干道", "北大街社区", 1250.0, 20, 21.0),
    (5, "明清大道", "主干道", "莲花社区", 90.0, 9, 45.0),
    (6, "人民路", "主干道", "莲花社区", 300.0, 0, 60.0),
    (7, "纵横一路", "次干道", "莲花社区", None, 1, 59.0),
]
Rows = dict[str, list[dict[str, Any]]]
COUNTY = "420323000000"
CONTRACTORS = {"HW01": "竹山洁城环境服务有限公司", "HW02": "堵河清环卫有限公司"}
DEPARTMENTS = {
    "0101": ("市容中队", "职能部门"),
    "0203": ("宝丰镇人民政府", "乡镇"),
    "0204": ("擂鼓镇人民政府", "乡镇"),
}


def rows_of_pages(
    as_of: date, months: list[date], suffix: str = "", *, unknown: bool = False
) -> Rows:
    """Make believable rows for every page; `unknown` leaves out every figure."""
    named = [f"{month:%Y-%m}" for month in months]
    rows: Rows = {
        "attention": _attention(as_of, suffix),
        "contractor_scores": [
            _score(code, name + suffix, month, place)
            for month in named
            for place, (code, name) in enumerate(CONTRACTORS.items())
        ],
        "contractor_score_lines": [
            line for code in CONTRACTORS for month in named for line in _lines(code, month)
        ],
        "segment_misses": [
            _segment(month, as_of, suffix, road) for month in named for road in ROADS
        ],
        "department_scores": [
            _department(code, name + suffix, group, month, place, as_of)
            for month in named
            for place, (code, (name, group)) in enumerate(DEPARTMENTS.items())
        ],
        "department_parts": [
            {
                "dept_code": code, "month": month, "component": "case",
                "part_id": "closing_rate", "part_name": "结案率", "position": 1,
                "numerator": 37.0, "denominator": 40.0, "is_inverted": False,
                "share": 0.925, "n": 40, "excluded": 1, "weight": 10.0,
                "component_points": 50.0, "points": 9.25,
            }
            for code in DEPARTMENTS
            for month in named
        ],
        "case_funnel": [
            {
                "area_code": COUNTY, "month": month, "reported": 130, "accepted": 128,
                "registered": 121, "dispatched": 121, "disposed": 109, "closed": 104,
            }
            for month in named
        ],
        "case_metrics": [
            {
                "metric_id": "complaint_closing_rate", "metric_name": "投诉办结率",
                "unit": "%", "period_type": "M", "period": month,
                "dimension": dimension, "member": member, "member_name": member,
                "numerator": 46.0, "denominator": 51.0, "value": 90.196078, "n": 51,
                "excluded": 8, "null_reason": None,
            }
            for month in named
            for dimension, member in (("county", COUNTY), ("department", "0101"))
        ],
        "case_heat": [
            {
                "area_code": COUNTY, "month": month, "weekday": weekday,
                "hour_of_day": hour, "cases": 4, "complaints": weekday,
            }
            for month in named
            for weekday, hour in ((1, 9), (3, 15), (6, 20))
        ],
        "case_hot_spots": [
            {
                "month": month, "town_code": "420323100000", "town_name": "城关镇",
                "community_code": "420323100001", "community_name": "北大街社区" + suffix,
                "cases": 15, "complaints": 12, "still_open": 4, "position": 1,
            }
            for month in named
        ],
        "overdue_list": [
            {
                "case_id": f"ZS{number:06d}", "dept_code": code,
                "dept_name": DEPARTMENTS[code][0] + suffix,
                "town_code": "420323103000", "town_name": "宝丰镇",
                "case_class": "事件01", "reported_at": datetime.combine(as_of, time(8)),
                "due_at": datetime.combine(as_of - timedelta(days=number), time(8)),
                "days_over": number, "rework_count": 0, "extension_count": 1,
            }
            for number, code in enumerate(DEPARTMENTS, start=1)
        ],
        "waste_flows": [
            flow for month in named for flow in _flows(month, suffix)
        ],
        "waste_balance": [
            {
                "month": month, "facility_id": "ZY01", "in_kg": 100764.0,
                "out_kg": 92706.0, "treated_kg": 0.0, "gap_kg": 8058.0,
                "gap_pct": 7.9969036, "tickets": 47, "probable_duplicates": 1,
                "manual_share_pct": 0.0,
            }
            for month in named
        ],
        "facility_use": [
            {
                "month": month, "facility_id": code, "facility_name": name + suffix,
                "facility_kind": kind, "reported_days": 30, "tonnes": 676.7,
                "tonnes_per_day": 22.556, "peak_tonnes": 37.9, "peak_date": as_of,
                "capacity_low": low, "capacity_high": low and 821.92,
                "use_low_pct": low and 1.23, "use_high_pct": low and 10.15,
                "days_over_lowest": 0, "days_over_highest": 0,
                "status": "未超" if low else "无能力依据", "claim_count": 0,
            }
            for month in named
            for code, name, kind, low in (
                ("ZY01", "城北转运站", "转运站", None),
                ("FS01", "生活垃圾焚烧厂", "焚烧", 100.0),
            )
        ],
        "lamp_months": [
            {
                "area_code": area, "area_name": name, "month": month,
                "road_class": road, "lit": 5198, "unlit": 91, "unknown": 28,
                "planned": 11, "lit_pct": 97.761896,
            }
            for month in named
            for area, name in ((COUNTY, "全县"), ("420323103000", "宝丰镇"))
            for road in ("主干道", "背街小巷")
        ],
        "lamp_timeline": [
            {
                "night_date": as_of - timedelta(days=back), "lit": 540, "unlit": 20,
                "unknown": 2, "planned": 0, "no_plan": 0, "lit_pct": 96.085409,
            }
            for back in range(60)
        ],
        "lamps_out": [
            {
                "lamp_id": "ZSD000178", "town_code": "420323200000",
                "town_name": "潘口乡", "circuit_id": "ZSHL0014", "road_class": "次干道",
                "dark_since": as_of - timedelta(days=3), "nights": 3,
            }
        ],
        "lamp_outages": [
            {
                "outage_id": "TD1", "circuit_id": "ZSHL0014",
                "starts_at": datetime.combine(as_of, time(20)),
                "ends_at": datetime.combine(as_of, time(23)), "lamp_count": 12,
            }
        ],
        "lamp_repairs": [
            {
                "month": month, "grade": "严重", "faults": 6, "due": 6, "on_time": 2,
                "median_hours": 109.4, "open_overdue": 0, "on_time_rate": 33.333333,
            }
            for month in named
        ],
        "toilet_stars": [
            {
                "month": month, "toilet_id": "GC011", "toilet_name": "明清大道公厕" + suffix,
                "town_code": "420323103000", "toilet_class": "二类", "score": 89.1,
                "stars": 3, "vetoed": False, "quarter": "2025Q2",
                "quarter_score": 88.0266, "quarter_stars": 3, "quarter_vetoed": False,
                "quarter_months": 3,
            }
            for month in named
        ],
        "plan_projects": [
            {
                "project_no": "XM01", "project_name": "公共信息栏" + suffix, "unit": "处",
                "target_quantity": 50.0, "target_source": "规划", "done_quantity": 39.0,
                "done_pct": 78.0, "evidence_date": as_of, "status": "推进中",
                "location": "第三章", "quote": "设置公共信息栏50处", "claim_count": 0,
            },
            {
                "project_no": "XM02", "project_name": "农贸市场", "unit": "个",
                "status": "未报告", "quote": "规划建设13个农贸市场", "claim_count": 2,
            },
        ],
        "reconciliation": [
            {
                "check_id": "case_in_report", "check_name": "案卷与企业作业日报",
                "first_zh": "案卷平台", "second_zh": "企业日报", "month": named[-1],
                "owner_code": "HW01", "owner_name": "洁城" + suffix, "compared": 8,
                "agreeing": 7, "only_first": 1, "only_second": 0, "differing": 0,
                "not_comparable": 0, "agreement_pct": 87.5,
            }
        ],
        "gate_findings": _findings(as_of),
        "quarantine_owners": _owed(as_of, suffix),
        "quarantine_faults": _faults(as_of, suffix),
        "source_summary": _source_states(as_of),
        "unread_files": [
            {
                "source": "weighbridge", "reason": "文件名不合约定",
                "file": f"weighbridge/FS01/磅单{suffix}.csv", "since": as_of,
            }
        ],
        "indicator_changes": [
            {
                "indicator_id": "I05", "period_type": "M", "period": named[-1],
                "area_code": COUNTY, "value": 91.45, "status": "达标",
                "earlier_period": named[-2], "earlier_value": 90.0,
                "earlier_status": "达标", "period_change": 1.45,
                "shown_as_of": as_of - timedelta(days=1), "shown_value": 91.7,
                "night_change": -0.25, "as_of": as_of,
            }
        ],
        "indicator_by_owner": [
            {
                "indicator_id": "I05", "period_type": "M", "period": named[-1],
                "owner_kind": kind, "owner_code": code, "owner_name": name + suffix,
                "numerator": 9.0, "denominator": 10.0, "value": 90.0, "n": 10,
                "excluded": 0,
            }
            for kind, code, name in (
                ("部门", "0101", "市容中队"), ("承包商", "HW01", "洁城"),
            )
        ],
        "indicator_exclusions": [
            {
                "indicator_id": "I05", "period": named[-1], "area_code": COUNTY,
                "reason": "挂账", "records": 3,
            }
        ],
    }  # fmt: skip
    return _without_figures(rows) if unknown else rows


def _findings(as_of: date) -> list[dict[str, Any]]:
    """Make a warning of every night, and what stopped one of them."""
    odd = {
        "severity": "警告",
        "check_name": "来源到数情况",
        "places": 1,
        "note": "有来源当天没有数据。请与报数单位核对，补来后下一晚自动计入。",
        "observed": "lighting 2025-06-29（状态 迟到）",
    }
    wrong = {
        "severity": "停止",
        "check_name": "指标数值",
        "places": 7,
        "note": "比率超出 0–100，说明有记录被重复计数，或分子不在分母之内。"
        "用 cityledger explain 指标编号 --period 期间 查看明细，修正来源或算法后重新运行。",
        "observed": "I05 2025-06 420323103000（数值 142）；I05 2025Q2 420323103000（数值 131）",
    }
    rows = []
    for back in range(20):
        when = as_of - timedelta(days=back)
        for place, found in enumerate([wrong, odd] if back == 6 else [odd], start=1):
            rows.append({"as_of": when, "position": place, **found})
    return rows


def _segment(
    month: str, as_of: date, suffix: str, road_row: tuple[Any, ...]
) -> dict[str, Any]:
    number, road, kind, community, length, missed, done = road_row
    return {
        "month": month, "contractor_code": "HW01", "segment_id": f"LD{number}",
        "road_name": road + suffix, "road_class": kind, "town_name": "城关镇",
        "community_name": community, "days": 30, "days_missed": missed,
        "missed_pct": missed / 0.3, "length_m": length, "required_passes": 60.0,
        "done_passes": done, "done_pct": done / 0.6,
        "last_missed_on": as_of if missed else None,
    }  # fmt: skip


def _owed(as_of: date, suffix: str) -> list[dict[str, Any]]:
    return [
        {
            "source": source, "owner": owner, "owner_name": name + suffix,
            "mended_by": by + suffix, "rule": rule, "rows_quarantined": broken,
            "open": still, "resubmitted": broken - still, "waived": 0,
            "open_since": as_of - timedelta(days=9) if still else None,
        }
        for source, owner, name, by, rule, broken, still in [
            ("weighbridge", "FS01", "生活垃圾焚烧厂", "生活垃圾焚烧厂", "B03", 36, 9),
            ("cases", "案卷平台", "案件平台", "数字化城管指挥中心", "A06", 6, 6),
            ("sanitation", "HW02", "堵河清环卫有限公司", "堵河清环卫有限公司", "C10", 1, 1),
            ("registers", "toilets", "公厕台账", "环卫主管股室", "E02", 3, 1),
            ("lighting", "路灯控制系统", "路灯控制系统", "路灯管理所", "D03", 4, 0),
        ]
    ]  # fmt: skip


def _faults(as_of: date, suffix: str) -> list[dict[str, Any]]:
    return [
        {
            "source": source, "source_table": table, "rule": rule,
            "fault": fault + suffix, "rows_quarantined": rows, "open": still,
            "last_seen": as_of - timedelta(days=2), "example_file": file,
            "example_line_or_key": place,
        }
        for source, table, rule, fault, rows, still, file, place in [
            (
                "cases", "cases", "A06", "社区不在参照表：community_code=420323100999",
                6, 5, "/cases", "AJ20250611001",
            ),
            (
                "registers", "rows", "E02",
                "单元格读不出来：拆除日期=#REF!", 3, 1,
                "registers/ad_facilities_202506.xlsx", "14",
            ),
        ]
    ]  # fmt: skip


def _source_states(as_of: date) -> list[dict[str, Any]]:
    odd = {
        "weighbridge": ("部分", 1, 0.021),
        "lighting": ("迟到", 0, 0.001),
        "callbacks": ("静默", 6, 0.0),
        "cases": ("多数不合格", 0, 0.613),
    }
    never = "inspections"
    return [
        {
            "source": source, "name_zh": source, "status": status,
            "business_date": None if source == never else as_of,
            "last_received_date": None if source == never else as_of,
            "last_record_at": None, "silent_days": silent, "received": 311,
            "quarantined": 12, "refused_share": share,
            "unread_files": int(source == "weighbridge"), "last_loaded_for": as_of,
        }
        for source in (
            "cases", "case_events", "callbacks", "weighbridge", "sanitation",
            "lighting", "registers", "reference", never,
        )
        for status, silent, share in [
            odd.get(source, ("从未到数" if source == never else "正常", None, None))
        ]
    ]  # fmt: skip


def _without_figures(rows: Rows) -> Rows:
    """Leave out every figure a mart may have no value for."""
    return {
        name: [
            {
                column: None if isinstance(value, float) else value
                for column, value in row.items()
            }
            for row in kept
        ]
        for name, kept in rows.items()
    }


def _attention(as_of: date, suffix: str) -> list[dict[str, Any]]:
    return [
        {
            "item_id": f"{kind}/{subject}", "kind": kind, "position": place,
            "kind_name": name, "subject_code": subject, "subject_name": said + suffix,
            "owner": "考核办", "severity": severity, "quantity": 4, "unit": "件",
            "first_day": as_of - timedelta(days=9), "age_days": 9, "detail": "最早的 ZS1",
            "as_of": as_of,
        }
        for place, (kind, name, subject, said, severity) in enumerate([
            ("failing_indicator", "约束性指标未达标", "I08", "垃圾分类覆盖率", "红"),
            ("overdue_cases", "超期未处置案件", "0203", "宝丰镇人民政府", "黄"),
        ])
    ]  # fmt: skip


def _score(code: str, name: str, month: str, place: int) -> dict[str, Any]:
    return {
        "contractor_code": code, "contractor_name": name, "month": month,
        "daily": 91.42, "joint": 90.65, "data": 79.29, "bonus": 1.0,
        "score": 90.9 - place, "grade": "良好", "fee_yuan": 1020000.0,
        "deduct_pct": 0.0, "direct_pct": 0.0, "payable_yuan": 1020000.0,
        "adjustment_yuan": 0.0, "to_pay_yuan": 1020000.0,
        "flags": ["缺少分项：PUBLIC 公众满意度"], "scheme_version": "ZS-1",
        "stage": "终报",
    }  # fmt: skip


def _lines(code: str, month: str) -> list[dict[str, Any]]:
    return [
        {
            "contractor_code": code, "month": month, "line_number": place + 1,
            "level": level, "step": step, "label": label, "value": value, "unit": unit,
            "quantity": quantity,
        }
        for place, (level, step, label, value, unit, quantity) in enumerate([
            (0, "payable", "当月应付", 1020000.0, "元", None),
            (1, "deduct", "得分扣减", 0.0, "%", -0.9),
            (2, "component", "日常检查", 91.42, "分", None),
            (4, "sheet", "商业街", 1.0, "扣分", None),
            (5, "deduction", "QS06 垃圾扫入下水口", 0.5, "扣分", 1.0),
        ])
    ]  # fmt: skip


def _department(
    code: str, name: str, group: str, month: str, place: int, as_of: date
) -> dict[str, Any]:
    return {
        "dept_code": code, "dept_name": name, "month": month, "ranking_group": group,
        "case_points": 46.0, "score": 95.4 - place, "score_shown": 95.4 - place,
        "due_cases": 19, "case_count": 19, "points_with_data": 100.0,
        "on_time_rate": 94.736842, "on_time_rate_low": 75.36, "on_time_rate_high": 99.06,
        "score_low": 90.0, "score_high": 99.0, "ranked": place < 2, "rank": 1,
        "rank_best": 1, "rank_worst": 2, "rank_may_change": place == 1, "stage": "终报",
        "as_of": as_of,
    }  # fmt: skip


def _flows(month: str, suffix: str) -> list[dict[str, Any]]:
    return [
        {
            "month": month, "waste_class": "其他垃圾", "origin_type": kind,
            "origin_code": code, "origin_name": name + suffix, "facility_id": to,
            "facility_name": to_name + suffix, "facility_kind": to_kind, "tickets": 12,
            "net_kg": kilograms,
        }
        for kind, code, name, to, to_name, to_kind, kilograms in [
            ("乡镇", "420323103000", "宝丰镇", "ZY01", "城北转运站", "转运站", 90000.0),
            ("设施", "ZY01", "城北转运站", "FS01", "生活垃圾焚烧厂", "焚烧", 88000.0),
            ("单位", "420323100000", "城关镇", "FS01", "生活垃圾焚烧厂", "焚烧", 12000.0),
        ]
    ]  # fmt: skip

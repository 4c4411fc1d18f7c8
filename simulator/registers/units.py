"""Units: registers of signs, shops, compounds, institutions and building sites."""

import random
from datetime import date, timedelta

from simulator.county import County
from simulator.months import last_of_month
from simulator.workbook import Cell

Row = dict[str, Cell]


def _size(county: County, full: int, least: int = 12) -> int:
    return max(least, round(full * county.scale))


def _town(county: County, rng: random.Random) -> str:
    weights = [12 if t.is_urban else 1 for t in county.shape.towns]
    return rng.choices(county.shape.towns, weights)[0].code


def _yes(rng: random.Random, share: float) -> str:
    return "是" if rng.random() < share else "否"


def _result(rng: random.Random, share: float) -> str:
    return "合格" if rng.random() < share else "不合格"


def ad_facilities(county: County, month: date) -> list[Row]:
    """户外广告设施."""
    end = last_of_month(month)
    rows: list[Row] = []
    for number in range(_size(county, 900)):
        rng = county.dice("ad", number)
        kind = rng.choice(
            ("大型立柱", "楼顶", "墙体", "电子屏", "灯箱", "招牌", "招牌")
        )
        granted = date(2022, 1, 1) + timedelta(days=rng.randint(0, 1_200))
        years = rng.choice((2, 3, 3, 5))
        expires = granted + timedelta(days=365 * years)
        gone = date(2024, 6, 1) + timedelta(days=rng.randint(0, 2_000))
        removed = gone if rng.random() < 0.15 and gone <= end else None
        now = county.dice("ad", number, month.year, (month.month - 1) // 6)
        inspected = end - timedelta(days=now.randint(0, 380))
        town = _town(county, rng)
        rows.append(
            {
                "设施编号": f"GG{number + 1:05d}",
                "类型": kind,
                "地址": f"{rng.choice(county.shape.roads).name}{rng.randint(1, 300)}号",
                "乡镇编码": town,
                "许可编号": f"许{granted:%Y}-{number:04d}",
                "许可起": granted,
                # An expired permit is mostly renewed, sometimes not.
                "许可止": expires
                if rng.random() < 0.04
                else max(expires, date(end.year + 1, 12, 31)),
                "符合规划": _yes(rng, 0.98),
                "最近检查日期": inspected,
                "最近检查结果": _result(now, 0.985),
                "拆除日期": removed,
            }
        )
    return rows


def frontage_units(county: County, month: date) -> list[Row]:
    """门前三包责任单位."""
    end = last_of_month(month)
    rows: list[Row] = []
    for number in range(_size(county, 2_400, 30)):
        rng = county.dice("frontage", number)
        opened = date(2023, 1, 1) + timedelta(days=rng.randint(0, 1_000))
        if opened > end:
            continue
        closed = opened + timedelta(days=rng.randint(200, 4_000))
        now = county.dice("frontage", number, month)
        seen_this_month = now.random() < 0.96
        back = now.randint(0, 27) if seen_this_month else now.randint(40, 90)
        kind = rng.choices(
            ("商户", "机关", "企事业", "工地", "空置"), (80, 6, 8, 3, 3)
        )[0]
        rows.append(
            {
                "单位编号": f"SB{number + 1:05d}",
                "名称": f"{rng.choice('福祥顺和永兴隆')}{kind}{number + 1}",
                "类型": kind,
                "乡镇编码": _town(county, rng),
                "责任书签订日期": opened if rng.random() < 0.98 else None,
                "最近检查日期": end - timedelta(days=back),
                "最近检查结果": _result(now, 0.98),
                "注销日期": closed if closed <= end else None,
            }
        )
    return rows


def residential_compounds(county: County, month: date) -> list[Row]:
    """居民小区."""
    rows: list[Row] = []
    for number in range(_size(county, 160)):
        rng = county.dice("compound", number)
        now = county.dice("compound", number, month)
        # Coverage grows with the years: notice boards first, then collections.
        share = min(0.97, 0.6 + 0.012 * (12 * (month.year - 2024) + month.month))
        fitted = rng.random() < share
        rows.append(
            {
                "小区编号": f"XQ{number + 1:04d}",
                "名称": f"{rng.choice('盘龙上河明珠金桂')}{number + 1}小区",
                "乡镇编码": _town(county, rng),
                "户数": rng.randint(20, 1_400),
                "纳入范围": _yes(rng, 0.93),
                "容器到位": "是" if fitted else "否",
                "公示到位": "是" if fitted and rng.random() < 0.97 else "否",
                "本月分类收运次数": now.randint(1, 30)
                if fitted and now.random() < 0.96
                else 0,
            }
        )
    return rows


def institutions(county: County, month: date) -> list[Row]:
    """公共机构和企业."""
    rows: list[Row] = []
    for number in range(_size(county, 320)):
        rng = county.dice("institution", number)
        now = county.dice("institution", number, month)
        kind = rng.choice(("公共机构", "公共机构", "企业"))
        rows.append(
            {
                "机构编号": f"JG{number + 1:04d}",
                "名称": f"{county.shape.name}第{number + 1}{kind}",
                "类型": kind,
                "乡镇编码": _town(county, rng),
                "纳入范围": _yes(rng, 0.95),
                "容器到位": _yes(rng, 0.99),
                "公示到位": _yes(rng, 0.99),
                "检查结果": _result(now, 0.98) if now.random() < 0.98 else None,
            }
        )
    return rows


def construction_waste(county: County, month: date) -> list[Row]:
    """建筑垃圾产生项目."""
    rows: list[Row] = []
    urban_towns = [t.code for t in county.shape.towns if t.is_urban]
    sites = _size(county, 60, 8)
    for number in range(sites):
        rng = county.dice("site", number, month)
        # About what the lorries bring to the dumps, and a little more.
        mean_kg = 9_400_000 * county.traffic / sites
        generated = round(mean_kg * rng.uniform(0.4, 1.6))
        town = rng.choice(urban_towns) if rng.random() < 0.85 else _town(county, rng)
        rows.append(
            {
                "项目编号": f"XM{month:%Y%m}{number + 1:03d}",
                "名称": f"{number + 1}号工地",
                "乡镇编码": town,
                "产生量kg": generated,
                "就地利用量kg": round(generated * rng.uniform(0, 0.3)),
            }
        )
    return rows


def toilets(county: County, month: date) -> list[Row]:
    """公厕."""
    rows: list[Row] = []
    urban = [t.code for t in county.shape.towns if t.is_urban]
    for number in range(county.shape.toilets):
        rng = county.dice("toilet", number)
        now = county.dice("toilet", number, month)
        rows.append(
            {
                "公厕编号": f"GC{number + 1:03d}",
                "名称": f"{rng.choice(county.shape.roads).name}{number + 1}号公厕",
                "乡镇编码": rng.choice(urban),
                "类别": rng.choice(("一类", "二类", "二类", "三类")),
                "设施得分": round(min(100.0, rng.gauss(92, 5)), 1),
                "保洁得分": round(min(100.0, now.gauss(91, 5)), 1),
                "服务得分": round(min(100.0, now.gauss(90, 6)), 1),
                "一票否决": _yes(now, 0.02),
            }
        )
    return rows

"""Small county: hand-made sources that fit on one page of a worked example."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import pandas as pd
import xlsxwriter

from tests.golden.oracle import shapes, table
from tests.golden.oracle.database import COLUMNS
from tests.golden.oracle.figures import COUNTY
from tests.golden.oracle.memory import Memory
from tests.golden.oracle.night import Night
from tests.golden.oracle.settings import Settings
from tests.golden.oracle.workdays import midnight

TOWN = "420323100000"
COMMUNITY = "420323100001"
REFERENCE = {
    "towns": f"{TOWN},城关镇,是",
    "communities": f"{COMMUNITY},人民路社区,{TOWN},是",
    "departments": "D1,城管局,职能部门",
    "contractors": "C1,环卫公司,2025-01-01,,1000000",
    "facilities": "\n".join(
        f"{name},{kind},{kind},全县,是"
        for name, kind in {
            "F1": "焚烧",
            "F2": "卫生填埋",
            "F3": "厨余处理",
            "F4": "危废暂存",
            "F5": "分拣中心",
            "F6": "转运站",
        }.items()
    ),
    "road_segments": "",
    "case_categories": "\n".join(
        (
            "0101,事件,宣传广告,非法小广告,违法广告",
            "0201,事件,街面秩序,占道经营,违法占道",
            "0301,事件,违建,新增违建,违法建设",
        )
    ),
    "ops_waivers": "",
}
ADVERTISEMENT, OCCUPATION = "0101", "0201"


class SmallCounty:
    """A memory filled by hand, and the values of a night over it."""

    def __init__(self, first_seen: date) -> None:
        self.memory = Memory()
        self.seen = first_seen
        for name, rows in REFERENCE.items():
            header = shapes.REFERENCE[name].replace(" ", ",")
            self.file(f"reference/{name}.csv", f"{header}\n{rows}\n".encode())

    def file(self, path: str, content: bytes) -> None:
        """Drop a file."""
        self.memory.keep_file(path, content, self.seen)

    def register(self, name: str, month: str, rows: Sequence[Sequence]) -> None:
        """Drop a register; the first row is its header."""
        self.file(f"registers/{name}_{month}.xlsx", workbook({"台账": rows}))

    def case(self, case_id: str, **fields: str | int | bool | None) -> None:
        """Report a case."""
        record = {
            "case_id": case_id,
            "kind": "事件",
            "category_code": OCCUPATION,
            "channel": "监督员",
            "is_urban_management": True,
            "town_code": TOWN,
            "community_code": COMMUNITY,
            "grid_code": "42032310000101",
            "status": "已派遣",
            "rework_count": 0,
            "extension_count": 0,
            "updated_at": "2025-05-01T00:00:00+08:00",
        }
        self.memory.keep_records("cases", [record | fields], self.seen)

    def callback(self, callback_id: str, case_id: str, **fields: str | bool) -> None:
        """Call a reporter back."""
        record = {
            "callback_id": callback_id,
            "case_id": case_id,
            "attempt_no": 1,
            "reached": True,
            "rating": None,
        }
        self.memory.keep_records("callbacks", [record | fields], self.seen)

    def lights(self, lamps: Sequence[Mapping], polls: Sequence[tuple]) -> None:
        """Put lamps up and poll them."""
        self.memory.keep_records("lamp", lamps, self.seen)
        frame = pd.DataFrame(polls, columns=COLUMNS).astype(
            dict.fromkeys(("lamp_id", "power_state", "online"), "category")
        )
        frame["ts"] = frame["ts"].map(
            lambda ts: int((ts - midnight(date(1970, 1, 1))).total_seconds())
        )
        self.memory.polls = frame.assign(seen=pd.Timestamp(self.seen))

    def night(self, day: date, settings: Settings | None = None) -> Night:
        """Judge everything known by a night."""
        for name in ("cases", "case_events", "callbacks", "lighting"):
            self.memory.loads[name].add(day)
        return Night(self.memory, day, settings)

    def values(self, day: date) -> pd.DataFrame:
        """Return a night's values by indicator, period and area."""
        index = ["indicator_id", "period", "area_code"]
        return table.values(self.night(day)).set_index(index).sort_index()

    def value(self, day: date, indicator: str, period: str) -> pd.Series:
        """Return one county cell of a night."""
        return self.values(day).loc[(indicator, period, COUNTY)]


def workbook(sheets: Mapping[str, Sequence[Sequence]]) -> bytes:
    """Write an XLSX file."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


def local(day: date, hour: int = 12) -> str:
    """Write a time as the platform does."""
    return f"{day.isoformat()}T{hour:02d}:00:00+08:00"


def slots(evening: date) -> list[datetime]:
    """List the thirty poll times of a night."""
    start = midnight(evening) + timedelta(hours=17)
    return [start + timedelta(minutes=30 * i) for i in range(30)]

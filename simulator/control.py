"""Control: the desk from which another process moves the simulated county."""

from dataclasses import asdict
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException

if TYPE_CHECKING:
    from simulator.server import CasesServer

COUNTY_TIME = timezone(timedelta(hours=8))


def add_control_desk(router: APIRouter, server: "CasesServer") -> None:
    """Add the desk's own addresses under /simulator to the platform's."""
    _add_time(router, server)
    _add_manners(router, server)

    @router.get("/simulator/truth")
    def truth(day: date) -> dict[str, object]:
        planted = [asdict(row) for row in server.county.planted(day)]
        return {"planted": planted, "counts": server.county.counts(day)}

    @router.get("/simulator/state")
    def state() -> dict[str, object]:
        return {
            "clock": f"{server.clock}",
            "every_version": server.every_version,
            "is_down": server.faults.is_down,
        }


def _add_time(router: APIRouter, server: "CasesServer") -> None:
    @router.post("/simulator/advance")
    def advance(day: date) -> dict[str, str]:
        try:
            server.advance(day)
        except ValueError as error:
            raise HTTPException(409, f"不能推进到 {day}：{error}") from error
        return {"day": f"{day}", "clock": f"{server.clock}"}

    @router.post("/simulator/clock")
    def set_clock(at: str) -> dict[str, str]:
        server.set_clock(read_time(at))
        return {"clock": f"{server.clock}"}


def _add_manners(router: APIRouter, server: "CasesServer") -> None:
    @router.post("/simulator/versions")
    def set_versions(every: bool) -> dict[str, bool]:
        server.every_version = every
        return {"every": every}

    @router.post("/simulator/troubles")
    def order_troubles(kinds: str = "", is_down: bool | None = None) -> dict[str, bool]:
        server.faults.order(*(kind for kind in kinds.split(",") if kind))
        if is_down is not None:
            server.faults.is_down = is_down
        return {"is_down": server.faults.is_down}


def read_time(text: str) -> datetime:
    """Read an ISO time, with or without an offset, as county time."""
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError as error:
        raise HTTPException(422, f"时间无法识别：{text}") from error
    if moment.tzinfo is not None:
        moment = moment.astimezone(COUNTY_TIME).replace(tzinfo=None)
    return moment

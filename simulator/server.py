"""Server: the case platform's REST API with a clock, moods and a control desk."""

import base64
import json
import secrets
import threading
import time
from collections.abc import Callable
from datetime import date, datetime
from datetime import time as clock_time
from typing import Annotated

import uvicorn
from fastapi import (
    APIRouter,
    Depends,
    FastAPI,
    Header,
    HTTPException,
    Query,
    Request,
    Response,
)

from simulator.cases.platform import TABLES
from simulator.cases.store import CaseStore
from simulator.control import add_control_desk, read_time
from simulator.county import County
from simulator.faults import FaultDesk
from simulator.ports import free_port
from simulator.versions import midnight_after

_PAGE_LIMIT = 1_000


class CasesServer:
    """The API in a thread of its own; `with CasesServer(county) as server: …`."""

    def __init__(
        self,
        county: County,
        token: str | None = None,
        port: int | None = None,
    ) -> None:
        self.county = county
        self.token = token or secrets.token_hex(16)
        self.port = port or free_port()
        self.every_version = county.parameters.every_version
        self.store = CaseStore(county)
        self.faults = FaultDesk(county.parameters.faults, county.parameters.seed)
        self.on_advance: Callable[[date], None] | None = None
        self._clock = datetime.combine(county.start, clock_time())
        config = uvicorn.Config(
            build_app(self), host="127.0.0.1", port=self.port, log_level="warning"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    @property
    def url(self) -> str:
        """The base address of the API."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def clock(self) -> datetime:
        """The platform's time; nothing later is visible."""
        return self._clock

    def set_clock(self, moment: datetime) -> None:
        """Move the platform's time, in county time without an offset."""
        self._clock = moment
        self.store.make_until(moment.date())

    def advance(self, day: date) -> None:
        """Let the county live until the end of a day."""
        if self.on_advance is not None:
            self.on_advance(day)
        else:
            self.set_clock(midnight_after(day))

    def start(self) -> "CasesServer":
        """Start serving and wait until the door is open."""
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                msg = f"the case platform did not start on port {self.port}"
                raise RuntimeError(msg)
            time.sleep(0.02)
        return self

    def stop(self) -> None:
        """Stop serving."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def __enter__(self) -> "CasesServer":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()


def build_app(server: CasesServer) -> FastAPI:
    """Build the application of one server."""
    app = FastAPI(title="案件平台（模拟）", docs_url=None, redoc_url=None)

    def check_token(authorization: Annotated[str, Header()] = "") -> None:
        if authorization != f"Bearer {server.token}":
            raise HTTPException(401, "令牌无效")

    guarded = APIRouter(dependencies=[Depends(check_token)])
    _add_records(guarded, server)
    add_control_desk(guarded, server)
    app.include_router(guarded)
    return app


def _add_records(router: APIRouter, server: CasesServer) -> None:
    def list_items(
        request: Request,
        updated_since: str = "1970-01-01T00:00:00+08:00",
        page_size: Annotated[int, Query(ge=1, le=_PAGE_LIMIT)] = 500,
        page_token: str | None = None,
    ) -> Response:
        trouble = server.faults.next_trouble()
        if trouble is not None:
            return trouble
        table = request.url.path.strip("/")
        return _page(server, table, read_time(updated_since), page_size, page_token)

    for table in TABLES:
        router.get(f"/{table}")(list_items)


def _page(
    server: CasesServer,
    table: str,
    since: datetime,
    page_size: int,
    page_token: str | None,
) -> Response:
    start, clock = 0, server.clock
    if page_token:
        start, clock = _read_token(page_token)
    items = server.store.items(table, since, clock, every_version=server.every_version)
    # A record is repeated where pages meet, as platforms do that page by time.
    if start and page_size > 1 and server.faults.repeats():
        start -= 1
    following = start + page_size
    page = items[start:following]
    token = _write_token(following, clock) if following < len(items) else None
    texts = ", ".join(item.text for item in page)
    body = f'{{"items": [{texts}], "next_page_token": {json.dumps(token)}}}'
    return Response(body, media_type="application/json")


def _write_token(start: int, clock: datetime) -> str:
    text = json.dumps([start, clock.isoformat()])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read_token(token: str) -> tuple[int, datetime]:
    try:
        start, clock = json.loads(base64.urlsafe_b64decode(token.encode()))
        return int(start), datetime.fromisoformat(clock)
    except ValueError as error:
        raise HTTPException(400, "翻页令牌无效") from error

"""Faulty platform: a case platform on loopback that can be told how to fail."""

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import uvicorn
from fastapi import FastAPI, Request, Response

TOKEN = "of-the-test"  # noqa: S105 - opens nothing
Item = object
Trouble = Callable[[], Response]


class FaultyPlatform:
    """Serves `items` in order of `updated_at`; `troubles` are answered first."""

    def __init__(self) -> None:
        self.items: list[Item] = []
        self.troubles: deque[Trouble] = deque()
        self.queries: list[dict[str, str]] = []
        self.before_answer: Callable[[dict[str, str]], None] = lambda _: None
        self.heeds_window = True
        self.url = ""

    @contextmanager
    def serving(self) -> Iterator["FaultyPlatform"]:
        """Serve on a free port until the block ends."""
        app = FastAPI()
        app.get("/{endpoint}")(self._answer)
        config = uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        yield self
        server.should_exit = True
        thread.join(timeout=10)

    def _answer(self, request: Request) -> Response:
        query = dict(request.query_params)
        self.queries.append(query)
        self.before_answer(query)
        if self.troubles:
            return self.troubles.popleft()()
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return Response("bad token", 401)
        return self._page(query)

    def _page(self, query: dict[str, str]) -> Response:
        since = datetime.fromisoformat(query["updated_since"])
        start = int(query.get("page_token", 0))
        end = start + int(query["page_size"])
        due = [i for i in self.items if not self.heeds_window or _is_due(i, since)]
        token = str(end) if end < len(due) else None
        body = {"items": due[start:end], "next_page_token": token}
        return Response(json.dumps(body), media_type="application/json")


def status(code: int, **headers: str) -> Trouble:
    """Return the trouble of an HTTP status."""
    return lambda: Response("trouble", code, headers=headers)


def page_of_text(text: str) -> Trouble:
    """Return the trouble of a 200 with another body."""
    return lambda: Response(text, media_type="text/html")


def _is_due(item: Item, since: datetime) -> bool:
    """Say whether the item is asked for; one without a readable date always is."""
    try:
        updated_at = item["updated_at"]  # type: ignore[index]
        return datetime.fromisoformat(updated_at) >= since
    except (KeyError, TypeError, ValueError):
        return True

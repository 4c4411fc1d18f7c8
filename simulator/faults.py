"""Faults: the moods of the case platform, drawn or ordered."""

import threading
import time
from collections import deque

from fastapi import Response

from simulator.dice import dice
from simulator.parameters import Faults

_HTML = "<html><body><h1>系统维护中，请稍后再试</h1></body></html>"


class FaultDesk:
    """Decides which answers fail; a test may order the next troubles itself.

    Drawn troubles never come more than twice in a row, so patience always pays.
    """

    def __init__(self, faults: Faults, seed: int) -> None:
        self.faults = faults
        self.answered = 0
        self.troubles = 0
        self.is_down = False
        self._rng = dice(seed, "faults")
        self._ordered: deque[str] = deque()
        self._in_a_row = 0
        self._lock = threading.Lock()

    def order(self, *kinds: str) -> None:
        """Order the next troubles: 429, 500, 502, 503, html, slow."""
        self._ordered.extend(kinds)

    def repeats(self) -> bool:
        """Say whether the next page repeats a record of the one before."""
        with self._lock:
            return self._rng.random() < self.faults.repeated_record

    def next_trouble(self) -> Response | None:
        """Return the trouble of this answer, or None for a good one."""
        with self._lock:
            kind = self._draw()
            self.answered += 1
            self._in_a_row = self._in_a_row + 1 if kind else 0
            self.troubles += kind is not None
        return self._answer(kind) if kind else None

    def _draw(self) -> str | None:
        if self.is_down:
            return "503"
        if self._ordered:
            return self._ordered.popleft()
        roll, faults = self._rng.random(), self.faults
        server_error = self._rng.choice(("500", "502", "503"))
        if self._in_a_row >= 2:
            return None
        for kind, share in (
            ("429", faults.too_many_requests),
            (server_error, faults.server_error),
            ("html", faults.html_page),
            ("slow", faults.slow),
        ):
            if roll < share:
                return kind
            roll -= share
        return None

    def _answer(self, kind: str) -> Response | None:
        if kind == "slow":
            time.sleep(self.faults.slow_seconds)
            return None
        if kind == "html":
            return Response(_HTML, media_type="text/html")
        if kind == "429":
            wait = {"Retry-After": str(self.faults.retry_after_seconds)}
            return Response("请求过于频繁", 429, headers=wait)
        return Response("服务器内部错误", int(kind))

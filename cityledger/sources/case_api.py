"""Case API: pages of the case platform, with patience for a platform in trouble."""

import email.utils
import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final, Self

import httpx
import stamina

from cityledger.settings import Settings, without_password
from cityledger.sources.job import SourceError

_WORTH_ANOTHER_TRY: Final = {
    HTTPStatus.REQUEST_TIMEOUT,
    HTTPStatus.TOO_MANY_REQUESTS,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.BAD_GATEWAY,
    HTTPStatus.SERVICE_UNAVAILABLE,
    HTTPStatus.GATEWAY_TIMEOUT,
}
_LONGEST_WAIT_S: Final = 30.0
# A proxy for the world outside must not be asked for a platform on this machine.
_DIRECT: Final = {"all://127.0.0.1": None, "all://localhost": None, "all://[::1]": None}


@dataclass(frozen=True)
class Page:
    """One answer: its items as they came, and the token of the next page."""

    items: list[object]
    next_token: str | None
    bytes: int


class _TemporaryError(Exception):
    """An answer that may be better next time; `wait_s` is what the platform asks."""

    def __init__(self, reason: str, wait_s: float | None = None) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


def pages(endpoint: str, updated_since: datetime, settings: Settings) -> Iterator[Page]:
    """Yield every page of an endpoint from a moment on."""
    query = {
        "updated_since": updated_since.isoformat(),
        "page_size": str(settings.api_page_size),
    }
    with _Patience(endpoint, settings) as platform:
        token = None
        while True:
            page = platform.page(
                query if token is None else query | {"page_token": token}
            )
            yield page
            if page.next_token is None:
                return
            if page.next_token == token:
                raise SourceError(f"{platform.name}：翻页停在同一页，接口有误")
            token = page.next_token


class _Patience:
    """One endpoint, asked again and again within the limits of the settings."""

    def __init__(self, endpoint: str, settings: Settings) -> None:
        address = settings.required("CASES_API_URL").rstrip("/")
        if not address.startswith(("http://", "https://")):
            raise SourceError("CASES_API_URL 须以 http:// 或 https:// 开头")
        self.name = f"案卷平台 {without_password(address)}/{endpoint}"
        self._url = f"{address}/{endpoint}"
        self._settings = settings
        self._deadline = time.monotonic() + settings.source_time_limit_s
        self._failures = 0
        token = settings.required("CASES_API_TOKEN")
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {token}"},
            timeout=settings.api_timeout_s,
            mounts=_DIRECT,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def page(self, query: Mapping[str, str]) -> Page:
        """Return one page, however many attempts it takes within the limits."""
        self._failures = 0
        attempts = stamina.retry_context(
            on=self._before_another_try,
            attempts=None,
            timeout=None,
            wait_initial=self._settings.api_first_wait_s,
            wait_jitter=self._settings.api_first_wait_s,
            wait_max=_LONGEST_WAIT_S,
        )
        try:
            for attempt in attempts:
                with attempt:
                    return self._ask(query)
        except (httpx.RequestError, _TemporaryError) as error:
            why = str(error) or type(error).__name__
            raise SourceError(
                f"{self.name}：多次重试仍失败，最后一次：{why}"
            ) from error
        raise AssertionError("attempts never end without an error")

    def _before_another_try(self, error: Exception) -> bool | float:
        """Say whether to try again, or after how many seconds."""
        remaining = self._deadline - time.monotonic()
        if isinstance(error, _TemporaryError) and error.wait_s is not None:
            wait_s = max(error.wait_s, self._settings.api_first_wait_s)
            return wait_s if wait_s < remaining else False
        if not isinstance(error, httpx.RequestError | _TemporaryError):
            return False
        self._failures += 1
        return self._failures < self._settings.api_attempts and remaining > 0

    def _ask(self, query: Mapping[str, str]) -> Page:
        with self._client.stream("GET", self._url, params=query) as response:
            self._check(response)
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if time.monotonic() > self._deadline:
                    seconds = self._settings.source_time_limit_s
                    raise SourceError(f"{self.name}：超过总时限 {seconds:.0f} 秒")
        return _page(bytes(body))

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == HTTPStatus.OK:
            return
        if status == HTTPStatus.UNAUTHORIZED:
            raise SourceError(f"{self.name}：令牌无效（401），请检查 CASES_API_TOKEN")
        if status in _WORTH_ANOTHER_TRY:
            raise _TemporaryError(f"HTTP {status}", _asked_wait(response))
        raise SourceError(f"{self.name}：HTTP {status}，请检查 CASES_API_URL 和接口")


def _asked_wait(response: httpx.Response) -> float | None:
    """Return the seconds in Retry-After, which may also be a date."""
    asked = str(response.headers.get("Retry-After", "")).strip()
    if response.status_code != HTTPStatus.TOO_MANY_REQUESTS or not asked:
        return None
    if asked.isdecimal():
        return float(asked)
    try:
        moment = email.utils.parsedate_to_datetime(asked)
    except ValueError:
        return None
    return max(0.0, moment.timestamp() - time.time())


def _page(body: bytes) -> Page:
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        raise _TemporaryError("HTTP 200，但内容不是 JSON") from None
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list):
        raise _TemporaryError("HTTP 200，但内容里没有 items 列表")
    token = answer.get("next_page_token")
    return Page(items, str(token) if token else None, len(body))

"""Case API: pages of the case platform, with patience for a platform in trouble."""

import email.utils
import json
import math
import time
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Final, NoReturn, Self

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
_LONGEST_TOKEN: Final = 4096
_MOST_DIGITS: Final = 38
# The only packing that is asked for, and the window in which zlib expects it.
_GZIP: Final = "gzip"
_GZIP_WINDOW: Final = 31
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
    given: set[str] = set()
    with _Patience(endpoint, settings) as platform:
        page = platform.page(query)
        yield page
        while page.next_token is not None:
            if page.next_token in given:
                raise SourceError(f"{platform.name}：翻页重复，同一翻页标记给了两次")
            given.add(page.next_token)
            page = platform.page(query | {"page_token": page.next_token})
            yield page


class _Patience:
    """One endpoint, asked again and again within the limits of the settings."""

    def __init__(self, endpoint: str, settings: Settings) -> None:
        address = _address(settings)
        shown = str(address.copy_with(query=None, fragment=None)).rstrip("/")
        self.name = f"案卷平台 {without_password(shown)}/{endpoint}"
        self._url = address.copy_with(path=f"{address.path.rstrip('/')}/{endpoint}")
        self._settings = settings
        self._deadline = time.monotonic() + settings.source_time_limit_s
        self._failures = 0
        self._client = httpx.Client(
            headers={
                "Authorization": f"Bearer {_token(settings)}",
                "Accept-Encoding": _GZIP,
            },
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
        params = self._url.params.merge(query)
        with self._client.stream("GET", self._url, params=params) as response:
            self._check(response)
            unpacked = _Unpacked(response, self._settings.api_page_mb << 20)
            for chunk in response.iter_raw():
                if not unpacked.take(chunk):
                    most = self._settings.api_page_mb
                    raise SourceError(f"{self.name}：一页答复解压后超过 {most} MB")
                if time.monotonic() > self._deadline:
                    seconds = self._settings.source_time_limit_s
                    raise SourceError(f"{self.name}：超过总时限 {seconds:.0f} 秒")
        return _page(unpacked.whole())

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == HTTPStatus.OK:
            return
        if status == HTTPStatus.UNAUTHORIZED:
            raise SourceError(f"{self.name}：令牌无效（401），请检查 CASES_API_TOKEN")
        if response.has_redirect_location:
            raise SourceError(
                f"{self.name}：平台要求转到别的地址（HTTP {status}），令牌不转送；"
                "请检查 CASES_API_URL"
            )
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
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0.0, moment.timestamp() - time.time())


class _Unpacked:
    """An answer as it comes in, unpacked no further than it may be large."""

    def __init__(self, response: httpx.Response, most: int) -> None:
        encoding = response.headers.get("Content-Encoding", "").strip().lower()
        if encoding not in {"", "identity", _GZIP}:
            raise _TemporaryError("答复的压缩方式没有要求过")
        self._gzip = zlib.decompressobj(_GZIP_WINDOW) if encoding == _GZIP else None
        self._body = bytearray()
        self._most = most

    def take(self, chunk: bytes) -> bool:
        """Take more of it; say whether it is still as large as it may be."""
        room = self._most - len(self._body)
        try:
            plain = self._gzip.decompress(chunk, room + 1) if self._gzip else chunk
        except zlib.error:
            raise _TemporaryError("答复的压缩内容损坏") from None
        self._body += plain
        return len(plain) <= room

    def whole(self) -> bytes:
        """Return it, if all of it has come."""
        if self._gzip is not None and not self._gzip.eof:
            raise _TemporaryError("答复没有传完")
        return bytes(self._body)


def _page(body: bytes) -> Page:
    try:
        answer = json.loads(
            body,
            parse_constant=_no_constant,
            parse_int=_integer,
            parse_float=_fraction,
            object_pairs_hook=_fields,
        )
    except RecursionError:
        raise _TemporaryError("HTTP 200，但内容嵌套过深") from None
    except ValueError:
        raise _TemporaryError("HTTP 200，但内容不是 JSON") from None
    items = answer.get("items") if isinstance(answer, dict) else None
    if not isinstance(items, list):
        raise _TemporaryError("HTTP 200，但内容里没有 items 列表")
    return Page(items, _next_token(answer.get("next_page_token")), len(body))


def _next_token(token: object) -> str | None:
    if token is None or token == "":
        return None
    known = isinstance(token, str | int) and not isinstance(token, bool)
    if not known or len(text := str(token)) > _LONGEST_TOKEN:
        raise _TemporaryError("HTTP 200，但翻页标记无法使用")
    return text


def _no_constant(name: str) -> NoReturn:
    """Refuse what Python takes for a number and JSON does not."""
    raise _TemporaryError(f"HTTP 200，但内容不是 JSON：含有 {name}")


def _integer(digits: str) -> int | str:
    """Return a whole number; one that no system of ours can hold stays as written."""
    return int(digits) if len(digits) <= _MOST_DIGITS else digits


def _fraction(written: str) -> float | str:
    """Return a number; one too great for any stays as it is written."""
    number = float(written)
    return number if math.isfinite(number) else written


def _fields(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Return an object; one that says two things of one field has no field at all.

    Which of the two holds nobody knows: without its key the record is quarantined.
    """
    fields = dict(pairs)
    repeats = len(fields) < len(pairs)
    if repeats and any(fields[name] != value for name, value in pairs):
        return {"_fields_twice": [[name, value] for name, value in pairs]}
    return fields


def _address(settings: Settings) -> httpx.URL:
    address = settings.required("CASES_API_URL")
    if not address.startswith(("http://", "https://")):
        raise SourceError("CASES_API_URL 须以 http:// 或 https:// 开头")
    try:
        return httpx.URL(address)
    except httpx.InvalidURL:
        raise SourceError("CASES_API_URL 的写法有误") from None


def _token(settings: Settings) -> str:
    """Return the token; one that fits no header would be shown by the error."""
    token = settings.required("CASES_API_TOKEN")
    if not (token.isascii() and token.isprintable()):
        raise SourceError("CASES_API_TOKEN 含有换行或非 ASCII 字符，请重新设置")
    return token

"""Guard: what stands before the pages, on every request.

It answers only to the names the pages are served under, refuses what other sites'
pages send, and tells browsers to fetch nothing from elsewhere and to show the pages in
no frame. Whether readers must sign on was decided when the server was started; nothing
that changes afterwards can undo it.
"""

import base64
import hashlib
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import streamlit
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# What `cityledger serve` says to the processes it starts; nobody else may be believed.
SIGN_ON, OIDC_FILE = "CITYLEDGER_SIGN_ON", "CITYLEDGER_OIDC_FILE"
REQUIRED, LOOPBACK_ONLY = "required", "loopback"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
# A working day: then the county's provider is asked again.
SIGNED_ON_SECONDS = 12 * 3600

# Screen readers and Chinese glyph shapes both go by the document's language.
IN_CHINESE = "document.documentElement.lang = 'zh-CN'"


def _known_scripts() -> str:
    """Name, by their hashes, the scripts that stand in a page: Streamlit's and ours."""
    index = Path(streamlit.__file__).parent / "static" / "index.html"
    drawn = index.read_text(encoding="utf-8")
    known = [*re.findall(r"<script>(.*?)</script>", drawn, re.DOTALL), IN_CHINESE]
    hashes = [hashlib.sha256(script.encode()).digest() for script in known]
    return " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in hashes)


# Streamlit draws with style attributes and loads our script as a blob.
CONTENT = "; ".join(
    [
        "default-src 'self'",
        f"script-src 'self' blob: {_known_scripts()}",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-src 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": CONTENT,
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}


def decided() -> str:
    """Say what was decided when the server was started; nothing if nobody did."""
    return os.environ.get(SIGN_ON, "")


def secrets() -> dict[str, Any]:
    """Read the sign-on's settings, once, before the first request.

    Streamlit gets them from here and from no file, so a file that is broken or emptied
    later changes nothing.
    """
    if decided() != REQUIRED:
        return {}
    given = tomllib.loads(Path(os.environ[OIDC_FILE]).read_text(encoding="utf-8"))
    return {"auth": given["auth"]}


def before_leaders(given: Mapping[str, Any]) -> list[Middleware]:
    """Return what stands before the leaders' pages, given the sign-on's settings."""
    home = urlsplit(given.get("auth", {}).get("redirect_uri", ""))
    hosts = [*LOOPBACK, *([home.hostname] if home.hostname else [])]
    origins = [f"{home.scheme}://{home.netloc}"] if home.netloc else []
    return [
        Middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False),
        Middleware(Guard, origins=origins, has_tls=home.scheme == "https"),
    ]


def before_public() -> list[Middleware]:
    """Return what stands before the public page, under whatever name it is served."""
    return [Middleware(Guard)]


class Guard:
    """Refuse what other sites' pages send; dress every answer."""

    def __init__(
        self, app: ASGIApp, origins: Sequence[str] = (), *, has_tls: bool = False
    ) -> None:
        self._app = app
        self._origins = set(origins)
        self._has_tls = has_tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or let it through."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"].endswith("response.start"):
                self._dress(scope["path"], MutableHeaders(scope=message))
            await send(message)

        if self._is_foreign(scope):
            refusal = PlainTextResponse("请求来自别的网站，已拒绝。", 403)
            await refusal(scope, receive, dressed)
        else:
            await self._app(scope, receive, dressed)

    def _is_foreign(self, scope: Scope) -> bool:
        """Whether another site's page asks; what is only read it cannot see anyway."""
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        is_reading = scope["type"] == "http" and scope["method"] in SAFE_METHODS
        host = headers.get("host", "")
        ours = self._origins | {f"http://{host}", f"https://{host}"}
        return not (origin is None or is_reading or origin in ours)

    def _dress(self, path: str, headers: MutableHeaders) -> None:
        for name, value in HEADERS.items():
            headers[name] = value
        if path.startswith("/media/"):
            headers["Cache-Control"] = "no-store"
        cookies = headers.getlist("set-cookie")
        del headers["set-cookie"]
        for cookie in cookies:
            headers.append("set-cookie", self._shortened(cookie))

    def _shortened(self, cookie: str) -> str:
        """Let a cookie live as long as what it says is believed, over TLS alone."""
        shorter = re.sub(r"(?i)max-age=\d{6,}", f"Max-Age={SIGNED_ON_SECONDS}", cookie)
        return f"{shorter}; Secure" if self._has_tls else shorter

"""OIDC provider: a small real one on this machine, for whoever wants to be somebody.

It speaks the authorization code flow with signed tokens and a published key, as the
county's own provider would; its login page asks for nothing but which address to be.
"""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "cityledger", "only-for-this-test-run"
PEOPLE = {
    "leader@county.example": True,
    "operator@county.example": True,
    "baofeng@county.example": True,
    "hw02@county.example": True,
    "nobody@county.example": True,
    "unverified@county.example": False,
    "unsaid@county.example": None,
    # It looks like the operator's, in Kelvin signs and full-width letters.
    "ｏperator@county.example": True,
    "removed@county.example": True,
    "stale@county.example": True,
}
# Whose login is told to have been given at another time than now, and how far from it.
ISSUED = {"stale@county.example": -13 * 3600}


def provider(issuer: str) -> FastAPI:
    """Make the provider's application."""
    app = FastAPI()
    key = RSAKey.generate_key(2048, {"kid": "k1", "use": "sig", "alg": "RS256"})
    given: dict[str, dict[str, str]] = {}

    @app.get("/.well-known/openid-configuration")
    def metadata() -> dict[str, Any]:
        return {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": [
                "client_secret_basic",
                "client_secret_post",
            ],
        }

    @app.get("/jwks")
    def keys() -> dict[str, Any]:
        return {"keys": [key.as_dict(private=False)]}

    @app.get("/authorize")
    def authorize(request: Request) -> HTMLResponse:
        asked = dict(request.query_params)
        links = "".join(
            f'<p><a href="/as?{urlencode(asked | {"email": email})}">{email}</a></p>'
            for email in PEOPLE
        )
        return HTMLResponse(f"<h1>登录</h1>{links}")

    @app.get("/as")
    def enter(request: Request) -> RedirectResponse:
        asked = dict(request.query_params)
        code = secrets.token_urlsafe(16)
        given[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", status_code=302)

    @app.post("/token")
    async def token(request: Request) -> JSONResponse:
        form = parse_qs((await request.body()).decode())
        asked = given.pop(form["code"][0])
        now = int(time.time())
        claims = {
            "iss": issuer,
            "aud": CLIENT_ID,
            "sub": asked["email"],
            "email": asked["email"],
            "email_verified": PEOPLE[asked["email"]],
            "iat": now + ISSUED.get(asked["email"], 0),
            "exp": now + 3600,
            **({"nonce": asked["nonce"]} if "nonce" in asked else {}),
        }
        signed = jwt.encode({"alg": "RS256", "kid": "k1"}, claims, key)
        return JSONResponse(
            {
                "access_token": secrets.token_urlsafe(16),
                "token_type": "Bearer",
                "expires_in": 3600,
                "id_token": signed,
            }
        )

    return app


@contextmanager
def running(port: int) -> Iterator[str]:
    """Run the provider until the block ends; return its address."""
    issuer = f"http://127.0.0.1:{port}"
    config = uvicorn.Config(
        provider(issuer), host="127.0.0.1", port=port, log_level="error"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield issuer
    finally:
        server.should_exit = True
        thread.join(10)

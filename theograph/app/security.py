"""What every request must pass and every response must carry.

Targets: OWASP ASVS 5.0 sections 3.4 (response headers) and 3.5 (cross-origin requests).
"""

from __future__ import annotations

import ipaddress
import logging
import secrets
import traceback
from collections.abc import Sequence
from urllib.parse import urlsplit

from dash import Dash
from flask import Flask, Response, abort, request
from werkzeug.exceptions import HTTPException

from theograph.app.assets import fingerprint_asset
from theograph.errors import SnapshotGoneError, TheographError

log = logging.getLogger("theograph.app")

MAX_REQUEST_BYTES = 2 * 1024 * 1024
MAX_UPLOAD_BYTES = 100 * 1024 * 1024
UPLOAD_PATH = "/data/files"
REFERENCE_HEADER = "X-Theograph-Reference"
LOOPBACK_NAMES = frozenset({"localhost"})
_YEAR_SECONDS = 31_536_000
_PUBLIC_PATHS = ("/assets/", "/_dash-component-suites/")
_EXPLAINED = frozenset({400, 403, 411, 413})
_REFUSED_FEATURES = ("camera", "geolocation", "microphone", "payment", "usb", "browsing-topics")


def is_loopback(host: str) -> bool:
    """Whether `host`, a name or an address, can only mean this computer."""
    if host.lower() in LOOPBACK_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def secure(app: Dash) -> None:
    """Guard every route of `app`. Call it last: it hashes the inline scripts there are."""
    server: Flask = app.server
    server.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST_BYTES
    policy = write_policy(app.csp_hashes())

    def add_headers(response: Response) -> Response:
        return _add_headers(response, policy)

    server.before_request(_refuse_foreign_host)
    server.before_request(_refuse_cross_site)
    server.before_request(_refuse_oversize)
    server.after_request(add_headers)
    server.register_error_handler(HTTPException, _answer_http_error)
    server.register_error_handler(SnapshotGoneError, _answer_gone)
    server.register_error_handler(Exception, _answer_failure)


def write_policy(script_hashes: Sequence[str]) -> str:
    """The content security policy: this origin only, and no evaluated code.

    Inline styles stay allowed because plotly and AG Grid position things with them.
    """
    return "; ".join(
        (
            "default-src 'self'",
            " ".join(("script-src 'self'", *script_hashes)),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "connect-src 'self'",
            "font-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _refuse_foreign_host() -> None:
    """A rebound DNS name must not reach a server that trusts its own computer."""
    host = urlsplit(f"//{request.host}").hostname or ""
    if not is_loopback(host):
        abort(400, "This address is not served here.")


def _refuse_cross_site() -> None:
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        abort(403, "Requests from other sites are refused.")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(403, "Requests from other sites are refused.")


def _refuse_oversize() -> None:
    """Refuse by the declared length at once; a body without one is cut off while it is read."""
    limit = MAX_UPLOAD_BYTES if request.path == UPLOAD_PATH else MAX_REQUEST_BYTES
    request.max_content_length = limit
    if (request.content_length or 0) > limit:
        abort(413)


def _add_headers(response: Response, policy: str) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = policy
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Permissions-Policy"] = ", ".join(f"{name}=()" for name in _REFUSED_FEATURES)
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Cache-Control"] = _choose_caching(response)
    return response


def _choose_caching(response: Response) -> str:
    """How a browser may keep an answer: what is of a person never."""
    if _is_fingerprinted(response):
        return f"public, max-age={_YEAR_SECONDS}, immutable"
    if response.status_code in (200, 304) and request.path.startswith(_PUBLIC_PATHS):
        # kept, and asked after each time
        return "public, no-cache"
    return "no-store"


def _is_fingerprinted(response: Response) -> bool:
    """Whether the address names exactly this content, so that a browser may keep it."""
    if response.status_code != 200:
        return False
    if request.path.startswith("/_dash-component-suites/"):
        return bool(response.cache_control.max_age)
    if request.path.startswith("/assets/"):
        path = request.path.removeprefix("/assets/")
        return request.args.get("v") == fingerprint_asset(path)
    return False


def _answer_http_error(error: HTTPException) -> Response:
    text = error.description if error.code in _EXPLAINED else error.name
    return Response(f"{text}\n", status=error.code or 500, mimetype="text/plain")


def _answer_gone(error: Exception) -> Response:
    """A page outlived its snapshot: `theograph.js` offers to load it again."""
    return Response(f"{error}\n", status=410, mimetype="text/plain")


def _answer_failure(error: Exception) -> Response:
    """Say nothing but a reference; log where it happened, never what the message holds."""
    reference = secrets.token_hex(4)
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    where = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(frames))
    log.error("reference %s: %s at %s", reference, type(error).__name__, where)
    text = "The data could not be read" if isinstance(error, TheographError) else "Something failed"
    response = Response(f"{text}. Reference {reference}.\n", status=500, mimetype="text/plain")
    response.headers[REFERENCE_HEADER] = reference
    return response

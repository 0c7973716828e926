"""Serving the app to a browser on this computer."""

from __future__ import annotations

import logging
import threading
import webbrowser

from dash import Dash
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from theograph.app.security import is_loopback
from theograph.errors import UsageError


class QuietRequestHandler(WSGIRequestHandler):
    """Requests are not logged: an address holds a person's reference."""

    def version_string(self) -> str:
        """Name the product, not the versions it runs on."""
        return "Theograph"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""


def bind_server(app: Dash, *, host: str = "127.0.0.1", port: int = 8050) -> BaseWSGIServer:
    """A threaded server for `app`, bound and ready; port 0 takes any free port.

    Raises `UsageError` for a host beyond this computer, or a port that is taken.
    """
    if not is_loopback(host):
        raise UsageError(
            f"--host {host}: Theograph has no sign-in, so it only serves this computer; "
            "use 127.0.0.1, and an authenticating proxy or an SSH tunnel for others"
        )
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    try:
        return make_server(
            host, port, app.server, threaded=True, request_handler=QuietRequestHandler
        )
    except (OSError, SystemExit) as err:  # werkzeug exits when the port is taken
        raise UsageError(f"--port {port}: cannot be opened on {host}; choose another port") from err


def serve(
    app: Dash,
    *,
    host: str = "127.0.0.1",
    port: int = 8050,
    path: str = "/",
    open_browser: bool = True,
) -> None:
    """Serve `app` until interrupted, opening the browser at `path` when asked to."""
    server = bind_server(app, host=host, port=port)
    shown_host = f"[{host}]" if ":" in host else host
    address = f"http://{shown_host}:{server.server_port}{path}"
    print(f"Theograph is at {address} (Ctrl+C ends it)", flush=True)  # noqa: T201
    if open_browser:
        threading.Timer(0.3, webbrowser.open, (address,)).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        server.server_close()

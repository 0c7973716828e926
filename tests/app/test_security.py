"""What every request must pass and every response must carry."""

from __future__ import annotations

import json
import logging
from types import ModuleType
from typing import Any

import pytest
from dash import Dash
from flask.testing import FlaskClient

from theograph.app import Services, create_app
from theograph.app.assets import FAVICON, PLOTLY, SCRIPT, STYLESHEETS, address_asset
from theograph.app.security import MAX_REQUEST_BYTES, is_loopback
from theograph.app.server import bind_server
from theograph.errors import UsageError

EVERYWHERE = "0.0.0.0"  # noqa: S104
CALLBACK = "/_dash-update-component"
STYLE = "/assets/theograph.css"
FONT = "/assets/vendor/source-sans-3/source-sans-3-latin-wght-normal.woff2"
TABLE_SCRIPT = "/_dash-component-suites/dash_ag_grid/async-community.js"
ADDRESSES = [
    "/",
    "/journey/winifred01",
    "/journey/nobody",
    "/no/such/page",
    "/_dash-layout",
    "/_dash-dependencies",
    "/_favicon.ico",
    STYLE,
    "/assets/../pyproject.toml",
    "/assets/missing.css",
    "/_dash-component-suites/dash/missing.js",
    "/_reload-hash",
]


@pytest.fixture(scope="module")
def app(invented: ModuleType) -> Dash:
    """The app over invented people."""
    return create_app(invented.make_services(), synthetic=True)


@pytest.fixture
def client(app: Dash) -> FlaskClient:
    """Somebody on this computer."""
    return app.server.test_client()


def ask_page(client: FlaskClient, path: str, **more: Any) -> Any:
    """Ask for a page as the browser does."""
    return client.post(
        CALLBACK,
        json={
            "output": "page.children",
            "outputs": {"id": "page", "property": "children"},
            "inputs": [{"id": "address", "property": "pathname", "value": path}],
            "state": [
                {"id": "address", "property": name, "value": ""} for name in ("search", "hash")
            ],
            "changedPropIds": ["address.pathname"],
        },
        **more,
    )


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_route_carries_every_header(client: FlaskClient, address: str) -> None:
    headers = client.get(address, buffered=True).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in scripts
    assert "http" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == ("public, no-cache" if address == STYLE else "no-store")
    assert "camera=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", [*STYLESHEETS, PLOTLY, SCRIPT, FAVICON])
def test_a_fingerprinted_asset_may_be_kept(client: FlaskClient, path: str) -> None:
    answer = client.get(address_asset(path), buffered=True)
    assert answer.status_code == 200
    assert "immutable" in answer.headers["Cache-Control"]
    stale = client.get(f"/assets/{path}?v=0", buffered=True)
    assert stale.headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize("path", [FONT, TABLE_SCRIPT])
def test_what_holds_no_record_is_sent_again_only_when_it_has_changed(
    client: FlaskClient, path: str
) -> None:
    first = client.get(path, buffered=True)
    assert (first.status_code, first.headers["Cache-Control"]) == (200, "public, no-cache")
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]}, buffered=True)
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["Cache-Control"] == "public, no-cache"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8050", "10.0.0.5", "localhost.evil.example"]
)
def test_a_foreign_host_is_refused(client: FlaskClient, host: str) -> None:
    for answer in (
        client.get("/", headers={"Host": host}),
        ask_page(client, "/journey/winifred01", headers={"Host": host}),
    ):
        assert answer.status_code == 400
        assert b"Winifred" not in answer.data
        assert "Content-Security-Policy" in answer.headers


@pytest.mark.parametrize("host", ["localhost:8050", "127.0.0.1:9", "[::1]:8050", "127.9.9.9"])
def test_this_computer_is_served(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
    ],
)
def test_another_site_cannot_post(client: FlaskClient, headers: dict[str, str]) -> None:
    answer = ask_page(client, "/journey/winifred01", headers=headers)
    assert answer.status_code == 403
    assert b"Winifred" not in answer.data


def test_our_own_page_can_post(client: FlaskClient, invented: ModuleType) -> None:
    headers = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
    answer = ask_page(client, "/journey/winifred01", headers=headers)
    assert answer.status_code == 200
    assert invented.CANARY_NAME in answer.get_data(as_text=True)


def test_an_oversize_body_is_refused(client: FlaskClient) -> None:
    answer = client.post(CALLBACK, data=b"x" * (MAX_REQUEST_BYTES + 1))
    assert answer.status_code == 413
    assert "Content-Security-Policy" in answer.headers


def test_an_unknown_address_is_a_404_and_a_page_is_not(client: FlaskClient) -> None:
    assert client.get("/no/such/page").status_code == 404
    assert client.get("/journey/winifred01").status_code == 200


def test_a_failure_says_a_reference_and_logs_no_value(
    invented: ModuleType, caplog: pytest.LogCaptureFixture
) -> None:
    def open_journey(ref: str) -> Any:
        raise RuntimeError(f"{invented.CANARY_NAME} {invented.CANARY_NUMBER}")

    working = invented.make_services()
    app = create_app(Services(open_journey, working.search_people, working.unit_cost))
    with caplog.at_level(logging.DEBUG):
        answer = ask_page(app.server.test_client(), "/journey/winifred01")
    assert answer.status_code == 500
    reference = answer.headers["X-Theograph-Reference"]
    assert reference in answer.get_data(as_text=True)
    assert "Traceback" not in answer.get_data(as_text=True)
    said = answer.get_data(as_text=True) + caplog.text
    assert "Canary" not in said
    assert invented.CANARY_NUMBER not in said
    assert reference in caplog.text
    assert "RuntimeError" in caplog.text


def test_the_document_and_the_frame_hold_nobody(client: FlaskClient) -> None:
    for address in ("/journey/winifred01", "/_dash-layout", "/_dash-dependencies"):
        assert b"Winifred" not in client.get(address).data


def test_debugging_and_mcp_are_off(app: Dash, client: FlaskClient) -> None:
    assert not app.server.debug
    config = client.get("/").get_data(as_text=True)
    assert (
        json.loads(config.split('type="application/json">')[1].split("</script>")[0])["ui"] is False
    )
    assert client.get("/_mcp").status_code == 404
    assert not any("mcp" in str(rule) for rule in app.server.url_map.iter_rules())


def test_nothing_in_the_document_is_fetched_from_elsewhere(client: FlaskClient) -> None:
    document = client.get("/").get_data(as_text=True)
    assert 'src="http' not in document
    assert 'href="http' not in document


@pytest.mark.parametrize(
    ("host", "expected"),
    [("127.0.0.1", True), ("::1", True), ("LOCALHOST", True), (EVERYWHERE, False), ("a.b", False)],
)
def test_what_counts_as_this_computer(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


def test_binding_beyond_this_computer_is_refused_with_the_remedy(app: Dash) -> None:
    with pytest.raises(UsageError, match=r"--host 0\.0\.0\.0: .* use 127\.0\.0\.1"):
        bind_server(app, host=EVERYWHERE)


def test_a_taken_port_is_a_usage_error(app: Dash) -> None:
    server = bind_server(app, port=0)
    try:
        with pytest.raises(UsageError, match="choose another port"):
            bind_server(app, port=server.server_port)
    finally:
        server.server_close()

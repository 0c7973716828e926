"""What may be sent to the Data page beside its callbacks, and what comes back as a file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from flask.testing import FlaskClient

from theograph.app import create_app
from theograph.app.data_routes import link_download, link_mapping
from theograph.app.security import MAX_REQUEST_BYTES, MAX_UPLOAD_BYTES
from theograph.data_desk import Desk
from theograph.store import Store

UPLOAD = "/data/files"
NAME = {"X-Theograph-File-Name": "gp%20April.csv"}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with room for three megabytes and a bit."""
    found = Desk(Store(tmp_path / "store"), most_bytes=MAX_REQUEST_BYTES + 1_000_000)
    yield found
    found.close()


@pytest.fixture
def client(desk: Desk, invented: ModuleType) -> FlaskClient:
    """Somebody on this computer."""
    services = replace(invented.make_services(), desk=desk)
    return create_app(services).server.test_client()


def test_a_file_is_kept_under_its_name(client: FlaskClient, desk: Desk) -> None:
    answer = client.post(UPLOAD, data=b"a,b\n1,2\n", headers=NAME)
    assert answer.status_code == 200
    (file,) = desk.list_files()
    assert answer.json == {"key": file.key, "label": "gp April.csv"}
    assert file.path.read_bytes() == b"a,b\n1,2\n"
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_file_may_be_larger_than_any_callback(client: FlaskClient, desk: Desk) -> None:
    body = b"x" * (MAX_REQUEST_BYTES + 1)
    assert client.post(UPLOAD, data=body, headers=NAME).status_code == 200
    assert desk.list_files()[0].size_bytes == len(body)
    assert client.post("/_dash-update-component", data=body).status_code == 413


def test_a_file_too_large_by_its_own_word_is_refused_at_once(
    client: FlaskClient, desk: Desk
) -> None:
    assert send(client, b"x", length=MAX_UPLOAD_BYTES + 1).status_code == 413
    assert desk.list_files() == ()


def test_a_file_too_large_beside_those_that_wait_is_refused_with_the_remedy(
    client: FlaskClient, desk: Desk
) -> None:
    client.post(UPLOAD, data=b"x" * MAX_REQUEST_BYTES, headers=NAME)
    answer = client.post(UPLOAD, data=b"x" * MAX_REQUEST_BYTES, headers=NAME)
    assert answer.status_code == 413
    assert "import it on the command line" in answer.get_data(as_text=True)
    assert len(desk.list_files()) == 1


def test_a_file_that_ends_before_its_length_is_refused(client: FlaskClient, desk: Desk) -> None:
    assert send(client, b"x", length=2).status_code == 400
    assert desk.list_files() == ()


def test_a_file_needs_a_name_and_a_length(client: FlaskClient, desk: Desk) -> None:
    assert client.post(UPLOAD, data=b"x").status_code == 400
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    endless = {"wsgi.input": _Endless(), "CONTENT_LENGTH": ""}
    unsized = client.post(UPLOAD, headers=NAME, environ_overrides={**chunked, **endless})
    assert unsized.status_code == 411
    assert client.get(UPLOAD).status_code == 404
    assert desk.list_files() == ()


def send(client: FlaskClient, body: bytes, *, length: int) -> Any:
    """Send `body` as a file of another `length`."""
    told = {"CONTENT_LENGTH": str(length)}
    return client.post(UPLOAD, data=body, headers=NAME, environ_overrides=told)


class _Endless:
    def read(self, size: int = -1) -> bytes:
        raise AssertionError("read although its length was not said")


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://evil.example"},
        {"Host": "evil.example"},
    ],
)
def test_another_site_cannot_send_a_file(
    client: FlaskClient, desk: Desk, headers: Mapping[str, str]
) -> None:
    answer = client.post(UPLOAD, data=b"x", headers={**NAME, **headers})
    assert answer.status_code in {400, 403}
    assert desk.list_files() == ()


def test_a_hostile_name_is_a_plain_one_on_disk(client: FlaskClient, desk: Desk) -> None:
    for name in ("..%2F..%2Fetc%2Fpasswd", "%3Cscript%3E.csv", "%00"):
        client.post(UPLOAD, data=b"x", headers={"X-Theograph-File-Name": name})
    files = desk.list_files()
    assert [file.label for file in files] == ["passwd", "_script_.csv", "_"]
    assert len({file.path.parent for file in files}) == 1


def test_a_report_that_is_not_there_is_a_404(client: FlaskClient) -> None:
    for path in (link_download("tried", "csv"), link_download("../../salt", "csv")):
        assert client.get(path).status_code == 404
    assert client.get("/data/download/tried.exe").status_code == 404


def test_a_report_comes_as_a_file(
    client: FlaskClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def download(name: str, form: str) -> str:
        return f"{name} {form}"

    monkeypatch.setattr(desk, "download_report", download)
    for form, kind in (("csv", "text/csv"), ("json", "application/json")):
        answer = client.get(link_download("000001-a", form))
        assert answer.get_data(as_text=True) == f"000001-a {form}"
        assert answer.mimetype == kind
        assert answer.headers["Content-Disposition"].startswith("attachment")


def test_an_app_without_a_desk_has_no_such_routes(invented: ModuleType) -> None:
    client: Any = create_app(invented.make_services()).server.test_client()
    assert client.post(UPLOAD, data=b"x", headers=NAME).status_code == 405
    assert client.get(link_download("tried", "csv")).status_code == 404


def test_columns_that_were_chosen_come_back_as_a_mapping_file(
    client: FlaskClient, desk: Desk
) -> None:
    client.post(UPLOAD, data=b"who,when\n1,2024-05-01\n", headers=NAME)
    (file,) = desk.list_files()
    address = link_mapping(file.key, 0)
    assert client.get(address).status_code == 404
    (sheet,) = desk.preview(file.key)
    columns = {"nhs_number": "who", "start": "when", "sector": "when", "kind": "when"}
    desk.choose_columns(file.key, sheet.name, columns)
    answer = client.get(address)
    assert tomllib.loads(answer.text)["recognise"] == ["who", "when"]
    assert "attachment" in answer.headers["Content-Disposition"]
    assert client.get(link_mapping(file.key, 1)).status_code == 404
    assert client.get(link_mapping("gone", 0)).status_code == 404

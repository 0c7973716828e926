"""Files in and reports out: what goes beside the callbacks of the Data page.

A file comes as the plain body of one POST, sent by `assets/data.js`: it is counted while it is
read and goes straight to disk. Through a callback it would be base64 text within JSON, a third
larger and several times in memory, and no progress could be shown. Its name comes in a header,
because addresses are kept in histories; and a form of another site cannot set a header.
"""

from __future__ import annotations

from urllib.parse import quote, unquote

from flask import Flask, Response, abort, jsonify, request

from theograph.app.data_facts import DataDesk
from theograph.app.security import UPLOAD_PATH
from theograph.errors import TheographError, TooLargeError

NAME_HEADER = "X-Theograph-File-Name"
DOWNLOAD_PATH = "/data/download"
MAPPING_PATH = "/data/mapping"
_DRAINED_BYTES = 1024 * 1024
_TYPES = {"csv": "text/csv", "json": "application/json"}


def register(server: Flask, desk: DataDesk) -> None:
    """Serve the routes of `desk`; `security.secure` guards them like every other."""

    def receive_file() -> Response:
        return _receive(desk)

    def download_report(name: str, form: str) -> Response:
        return _download(desk, name, form)

    def download_mapping(key: str, place: int) -> Response:
        return _download_mapping(desk, key, place)

    server.add_url_rule(f"{MAPPING_PATH}/<key>/<int:place>.toml", None, download_mapping)
    server.add_url_rule(UPLOAD_PATH, "receive_file", receive_file, methods=["POST"])
    server.add_url_rule(f"{DOWNLOAD_PATH}/<name>.<form>", "download_report", download_report)


def link_download(name: str, form: str) -> str:
    """The address of a report as a file."""
    return f"{DOWNLOAD_PATH}/{quote(name, safe='')}.{form}"


def link_mapping(key: str, place: int) -> str:
    """The address of what was chosen of a table, as a mapping file."""
    return f"{MAPPING_PATH}/{quote(key, safe='')}/{place}.toml"


def _download_mapping(desk: DataDesk, key: str, place: int) -> Response:
    sheets = desk.preview(key)
    text = desk.write_mapping(key, sheets[place].name) if place < len(sheets) else None
    if text is None:
        abort(404)
    response = Response(text, mimetype="application/toml")
    response.headers["Content-Disposition"] = 'attachment; filename="mapping.toml"'
    return response


def _receive(desk: DataDesk) -> Response:
    name = unquote(request.headers.get(NAME_HEADER, ""))
    size_bytes = request.content_length
    if not name:
        abort(400, f"The name of the file is missing: send it as {NAME_HEADER}.")
    if size_bytes is None:
        abort(411, "The length of the file is missing: send it as Content-Length.")
    try:
        kept = desk.receive(name, request.stream, size_bytes)
    except TooLargeError as error:
        while request.stream.read(_DRAINED_BYTES):
            pass  # a browser that is still sending would not hear the answer
        abort(413, str(error))
    except TheographError as error:
        abort(400, str(error))
    return jsonify({"key": kept.key, "label": kept.label})


def _download(desk: DataDesk, name: str, form: str) -> Response:
    if form not in _TYPES:
        abort(404)
    text = desk.download_report(name, "csv" if form == "csv" else "json")
    if text is None:
        abort(404)
    response = Response(text, mimetype=_TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="theograph-import.{form}"'
    return response

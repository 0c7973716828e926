"""The browser app: `create_app(services)` makes it, `serve(app)` shows it."""

from theograph.app.application import create_app
from theograph.app.server import serve
from theograph.app.services import Services

__all__ = ["Services", "create_app", "serve"]

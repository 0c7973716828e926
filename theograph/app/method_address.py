"""The Method page's address: which tab, what is sought, and what is open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal, cast, get_args
from urllib.parse import parse_qsl, quote, unquote, urlencode

from theograph.app.address import MAX_TEXT_LENGTH

METHOD_PATH = "/method"
MAX_PAGE = 9999
Tab = Literal["rules", "concepts", "costs"]


@dataclass(frozen=True, slots=True)
class MethodAddress:
    """What the page shows. `chosen` is the rule, concept or unit cost that is open."""

    tab: Tab = "rules"
    text: str = ""
    page: int = 1
    chosen: str = ""

    def on(self, tab: Tab) -> MethodAddress:
        """The same search on another tab."""
        return MethodAddress(tab=tab, text=self.text)

    def at_page(self, page: int) -> MethodAddress:
        """Another page of the unit costs."""
        return replace(self, page=page, chosen="")


def is_method_path(path: str | None) -> bool:
    """Whether `path` is the Method page's."""
    return (path or "").rstrip("/") == METHOD_PATH


def parse_method_address(address: str) -> MethodAddress:
    """Read `/method?tab=…&q=…#…`; a part that cannot be read falls back to what is usual."""
    rest, _, fragment = address.partition("#")
    given = dict(parse_qsl(rest.partition("?")[2], keep_blank_values=True))
    tab, page = given.get("tab", ""), given.get("page", "")
    whole = page.isascii() and page.isdigit() and len(page) <= len(str(MAX_PAGE))
    return MethodAddress(
        tab=cast("Tab", tab if tab in get_args(Tab) else "rules"),
        text=given.get("q", "")[:MAX_TEXT_LENGTH],
        page=max(int(page), 1) if whole else 1,
        chosen=unquote(fragment)[:MAX_TEXT_LENGTH],
    )


def write_method_address(address: MethodAddress) -> str:
    """The address, leaving out what is usual."""
    parts: dict[str, Any] = {
        "tab": None if address.tab == "rules" else address.tab,
        "q": address.text or None,
        "page": None if address.page == 1 else address.page,
    }
    query = urlencode({name: value for name, value in parts.items() if value is not None})
    fragment = f"#{quote(address.chosen, safe='')}" if address.chosen else ""
    return f"{METHOD_PATH}{'?' if query else ''}{query}{fragment}"


def link_rule(rule_id: str) -> str:
    """The address at which a rule is open."""
    return write_method_address(MethodAddress(chosen=rule_id))


def link_concept(key: str) -> str:
    """The address at which a concept is open."""
    return write_method_address(MethodAddress(tab="concepts", chosen=key))

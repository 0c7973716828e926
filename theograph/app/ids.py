"""Every id in the app: nothing is named twice, nothing is named elsewhere."""

from __future__ import annotations

ADDRESS = "address"
PAGE = "page"
PAGE_TITLE = "page-title"
ANNOUNCEMENT = "announcement"

SEARCH = "person-search"
SEARCH_OPTIONS = "person-search-options"
SEARCH_NOTE = "person-search-note"

PEOPLE_TEXT = "people-text"
PEOPLE_LIST = "people-list"

VIEW = "view"
PICTURE = "picture"
SELECTED = "selected-event"
CLICKED = "clicked-event"
OPPORTUNITY = "selected-opportunity"
EVIDENCE = "evidence"

RANGE = "range"
GROUPING = "grouping"
AXIS = "axis"
DAY_ZERO = "day-zero"
SECTORS = "sectors"
SECTORS_COUNT = "sectors-count"
ALL_SECTORS = "all-sectors"
TEXT = "text-in-events"
LAYERS = "layers"
RESET_ZOOM = "reset-zoom"
SAVED = "saved"
SAVE_PNG = "save-png"
SAVE_SVG = "save-svg"
CLEAR_FILTERS = "clear-filters"

THEOGRAPH = "theograph"
NOTHING_IN_VIEW = "nothing-in-view"
IN_VIEW = "events-in-view"

PANEL = "panel-shown"
TAB_OPPORTUNITIES = "tab-opportunities"
TAB_EVENT = "tab-event"
OPPORTUNITIES_PANEL = "opportunities-panel"
EVENT_PANEL = "event-panel"

OPPORTUNITIES = "opportunities"
STATUS = "opportunity-status"
THEME = "opportunity-theme"
SEVERITY = "opportunity-severity"
CLEAR_OPPORTUNITY = "clear-opportunity"

EVENT_DETAIL = "event-detail"
MAKE_DAY_ZERO = "make-day-zero"
CLEAR_SELECTION = "clear-selection"

EVENT_TABLE = "event-table"

METHOD_VIEW = "method-view"
METHOD_TEXT = "method-text"
METHOD_SOUGHT = "method-sought"
METHOD_TABS = "method-tabs"
METHOD_FOUND = "method-found"
METHOD_OPEN = "method-open"
METHOD_CHOSEN = "method-chosen"
CASE_SUMMARY = "case-summary"
CASE_BODY = "case-body"

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

EVENT_DETAIL = "event-detail"
MAKE_DAY_ZERO = "make-day-zero"
CLEAR_SELECTION = "clear-selection"

EVENT_TABLE = "event-table"

"""From a folder of extracts to a new snapshot of the store."""

from theograph.importing.run import (
    ImportOptions,
    import_extracts,
    price_store,
    screen_store,
)

__all__ = ["ImportOptions", "import_extracts", "price_store", "screen_store"]

"""The HTML document around the app: our stylesheets and scripts, in our order, and no others."""

from __future__ import annotations

from theograph.app.assets import (
    DATA_SCRIPT,
    FAVICON,
    METHOD_SCRIPT,
    PLOTLY,
    PRINT_STYLESHEET,
    SCRIPT,
    STYLESHEETS,
    address_asset,
)

_DOCUMENT = """<!DOCTYPE html>
<html lang="en-GB">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex, nofollow">
    <title>{{%title%}}</title>
    <link rel="icon" type="image/svg+xml" href="{favicon}">
    {styles}
    {{%css%}}
  </head>
  <body>
    {{%app_entry%}}
    <noscript>Theograph draws in the browser: please allow JavaScript for this page.</noscript>
    <footer>
      {{%config%}}
      <script src="{script}" data-plotly="{plotly}"></script>
      <script src="{method_script}"></script>
      <script src="{data_script}"></script>
      <script src="{plotly}" async></script>
      {{%scripts%}}
      {{%renderer%}}
    </footer>
  </body>
</html>"""


def write_document() -> str:
    """The index template that Dash fills in."""
    styles = [f'<link rel="stylesheet" href="{address_asset(path)}">' for path in STYLESHEETS]
    styles.append(f'<link rel="stylesheet" media="print" href="{address_asset(PRINT_STYLESHEET)}">')
    return _DOCUMENT.format(
        favicon=address_asset(FAVICON),
        styles="\n    ".join(styles),
        script=address_asset(SCRIPT),
        method_script=address_asset(METHOD_SCRIPT),
        data_script=address_asset(DATA_SCRIPT),
        plotly=address_asset(PLOTLY),
    )

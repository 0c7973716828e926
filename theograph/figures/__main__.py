"""`python -m theograph.figures > assets/tokens.css` writes the theme as CSS custom properties."""

import sys

from theograph.figures.theme import css_tokens

sys.stdout.write(css_tokens())

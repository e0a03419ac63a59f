"""The colours of all pictures. They have a background of their own: they read alike on light and dark pages."""

PAPER, INK, SOFT, LINE = "#FBFBF9", "#1D1F23", "#575C66", "#D9DADD"
WELL, ODD, BAD, DELAY, BAND = "#1E774A", "#E0A526", "#B83228", "#2F629E", "#C9D9EC"
"""Colours of what is fine, what is odd but harmless, what is bad, of delays and counts, and of what is usual."""

LETTERS = {WELL: PAPER, BAD: PAPER, INK: PAPER, SOFT: PAPER, DELAY: PAPER, ODD: INK, LINE: INK, PAPER: INK, BAND: INK}
"""What can be read on each colour: the contrast is 4.5 and more."""

"""Text without accents: what publishers print with and without them is compared alike."""

from __future__ import annotations

import unicodedata


def unaccented(text: str) -> str:
    """Return a text without accents, as CMS prints titles in order files.

    >>> unaccented("Sjögren syndrome")
    'Sjogren syndrome'
    """
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))

"""Hooks of mkdocs, for a site that is read from disk: it asks no other host, and leads to no missing page.

A link to a file of the project that is no page becomes its name. What lets the search run from disk, the
shim of iframe-worker (MIT), is loaded from the site itself.
"""

from __future__ import annotations

import posixpath
import re
from typing import Any

_THEIRS, _OURS = "https://unpkg.com/iframe-worker/shim", "assets/iframe-worker/shim.js"
_LINK = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+[^)#\s]+)\)")


def on_page_markdown(markdown: str, page: Any, **_: object) -> str:
    """Return a page's text with links out of the documentation as names of files.

    >>> from types import SimpleNamespace
    >>> page = SimpleNamespace(file=SimpleNamespace(src_uri="how-to/x.md"))
    >>> on_page_markdown("see [rows](../../loaders/rows.tsv) and [API](../api.md)", page=page)
    'see rows (`loaders/rows.tsv`) and [API](../api.md)'
    """
    folder = posixpath.dirname(page.file.src_uri)

    def named(found: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join("docs", folder, found[2]))
        return found[0] if target.startswith("docs/") else f"{found[1]} (`{target}`)"

    return _LINK.sub(named, markdown)


def on_post_page(output: str, page: Any, **_: object) -> str:
    """Return a finished page that loads the shim from the site itself."""
    return output.replace(_THEIRS, "../" * page.file.url.count("/") + _OURS)


def on_post_template(output: str, template_name: str, **_: object) -> str:
    """Return a finished template, the page of what is not found, that loads the shim from the site itself."""
    return output.replace(_THEIRS, _OURS)

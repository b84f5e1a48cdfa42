"""How to put the search box into a form of one's own: ten lines, live on the page that shows them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from flask import Blueprint, Response

from web.http.addresses import base_address
from web.pages.parts.frame import page

forms = Blueprint("forms", __name__)


@forms.get("/forms")
def show() -> Response:
    """Answer with the lines, and with a box that they make work."""
    return page("forms.html", server=base_address(), lines=_lines())


@cache
def _lines() -> str:
    """The script that the page itself runs."""
    return (Path(__file__).parent.parent / "static" / "suggest-box.js").read_text("utf-8")

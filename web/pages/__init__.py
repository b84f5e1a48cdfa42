"""The pages people read: server-rendered, one module per page; see docs/web.md."""

from __future__ import annotations

from flask import Blueprint, Flask

from web.pages.about import about
from web.pages.browse import browse
from web.pages.builder import builder
from web.pages.changes import changes
from web.pages.check import check
from web.pages.code import code
from web.pages.compare import compare
from web.pages.crosswalk import crosswalk
from web.pages.forms import forms
from web.pages.impact import impact
from web.pages.index import index
from web.pages.lists import lists
from web.pages.parts import frame
from web.pages.scenario import scenario
from web.pages.search import search
from web.pages.validate import validate


def register_pages(app: Flask) -> None:
    """Add the pages and what their templates need to an application."""
    pages = Blueprint("pages", __name__)
    ways_in = (search, browse, index, changes)
    of_codes = (code, crosswalk, compare, builder)
    for page in (*ways_in, *of_codes, check, validate, impact, lists, scenario, about, forms):
        pages.register_blueprint(page)
    frame.register(app)
    app.register_blueprint(pages)

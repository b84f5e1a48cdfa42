"""The hierarchy of a code system as a tree that opens where it is asked to."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from terminology.bundle.concepts.on_day import release_notices
from terminology.bundle.records import Summary
from terminology.systems import SYSTEMS, code_system
from web.opened import opened
from web.pages.parts.download import download
from web.pages.parts.frame import asked_day, page

MOST_CHILDREN = 2000

browse = Blueprint("browse", __name__)


@browse.get("/browse")
def begin() -> AnyResponse:
    """Lead to the first code system that is loaded."""
    return redirect(url_for("pages.browse.show", system=opened().store.systems()[0]))


@browse.get("/browse/<system>")
def show(system: str) -> Response:
    """Answer with the tree of a release, or of a day, open down to the code named by ``at``."""
    store, release, day = opened().store, request.args.get("release"), asked_day()
    loaded = store.release(system, release, day)
    at = request.args.get("at", "").strip()
    concept = store.concept(system, at, release, day) if at else None
    opened_codes = [] if concept is None else [*(c.code for c in concept.path), concept.code]
    return page(
        "browse.html",
        system=SYSTEMS[code_system(system).id],
        release=loaded.release.id,
        named_release=release,
        day=day,
        notices=() if release else release_notices(store, loaded, day, day or date.today()),
        at=concept,
        nodes=_nodes(store.roots(system, release, day), opened_codes, system, release, day),
    )


@browse.get("/browse/<system>/children")
def children(system: str) -> Response:
    """Answer with the children of one code as a list, for the tree to put in its place."""
    release, day = request.args.get("release"), asked_day()
    concept = opened().store.concept(system, request.args.get("of", ""), release, day)
    return page(
        "partials/branch.html",
        nodes=_nodes(opened().store.children(concept, MOST_CHILDREN).items, [], system, release, day),
        system=SYSTEMS[code_system(system).id],
        named_release=release,
        day=day,
    )


@browse.get("/browse/<system>/below")
def below(system: str) -> Response:
    """Answer with all codes below one as a file."""
    store, asked = opened().store, request.args
    concept = store.concept(system, asked.get("of", ""), asked.get("release"), asked_day())
    found = store.descendants(concept, max(1, concept.descendants_count)).items
    states = {True: "yes", False: "no", None: ""}
    rows = ((c.code, c.title, c.kind, states[c.billable]) for c in found)
    name = f"{concept.system}-{concept.release}-{re.sub(r'[^A-Za-z0-9.-]', '', concept.code)}"
    return download(asked.get("format", "csv"), name, ("code", "title", "kind", "billable"), rows)


def _nodes(
    concepts: list[Summary], path: list[str], system: str, release: str | None, day: date | None
) -> list[dict[str, Any]]:
    nodes = []
    for concept in concepts:
        node: dict[str, Any] = {"concept": concept, "children": None, "at": False}
        if path and concept.code == path[0]:
            node["at"] = len(path) == 1
            if concept.children_count:
                record = opened().store.concept(system, concept.code, release, day)
                below = opened().store.children(record, MOST_CHILDREN).items
                node["children"] = _nodes(below, path[1:], system, release, day)
        nodes.append(node)
    return nodes

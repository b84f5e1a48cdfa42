"""The page of one code: all a coder needs to choose it, and what it becomes."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, request

from terminology.bundle.facility_tables import payment_of, volumes_of
from terminology.bundle.records import ConceptRecord
from terminology.bundle.retired import retired, since
from terminology.systems import ICD10CM, SYSTEMS
from web.opened import opened
from web.pages.counterpart import counterpart
from web.pages.frame import page
from web.pages.notes import note_blocks
from web.pages.seventh import seventh_choices

MOST_CHILDREN = 300

code = Blueprint("code", __name__)


@code.get("/code/<system>/<path:code>")
def show(system: str, code: str) -> Response:
    """Answer with the page of a code, block or chapter; a retired code is shown as it was last."""
    store, release = opened().store, request.args.get("release")
    gone = retired(store, system, code)
    if gone and not release and gone.last_release is None:
        return page("retired.html", gone=gone, system=SYSTEMS[gone.system])
    concept = store.concept(system, code, release or (gone.last_release if gone else None))
    default = store.release(concept.system).release.id
    return page(
        "code.html",
        concept=concept,
        gone=gone,
        system=SYSTEMS[concept.system],
        default_release=default,
        children=store.children(concept, MOST_CHILDREN).items if concept.children_count else [],
        notes=note_blocks(store, concept),
        inherited=_inherited(concept),
        seventh=seventh_choices(store, concept),
        counterpart=counterpart(store, concept),
        volumes=volumes_of(store, concept.code) if concept.system == ICD10CM.id else [],
        payment=payment_of(store, concept.code) if concept.system == ICD10CM.id else [],
        predecessors=store.predecessors(concept.code) if concept.system == ICD10CM.id else [],
        successors=store.successors(concept.code) if concept.system == ICD10CM.id and not gone else [],
        since=since,
        publisher_says=_publisher_says(concept),
    )


def _inherited(concept: ConceptRecord) -> list[dict[str, Any]]:
    """Notes of the headings above, nearest first: they hold for everything below them."""
    store = opened().store
    found = []
    for above in reversed(concept.path):
        blocks = note_blocks(store, store.concept(concept.system, above.code, concept.release))
        blocks = [b for b in blocks if b["kind"] != "inclusion_terms"]
        if blocks:
            found.append({"concept": above, "notes": blocks, "open": above.kind == "category"})
    return found


def _publisher_says(concept: ConceptRecord) -> list[tuple[str, str]]:
    hidden = {"leaf", "depth", "primary_tabulation", "groupings", "notes_from"}
    return [(k.replace("_", " "), v) for k, v in concept.properties.items() if k not in hidden]

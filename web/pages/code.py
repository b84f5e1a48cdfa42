"""The page of one code: all a coder needs to choose it, and what it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, request

from terminology.bundle.concepts.designations import languages, titles_in
from terminology.bundle.concepts.references import references
from terminology.bundle.life.code_status import CodeStatus
from terminology.bundle.life.resolution import resolve
from terminology.bundle.life.successors import since
from terminology.bundle.records import ConceptRecord, Summary
from terminology.bundle.store import Store
from terminology.bundle.tables.facility_tables import volumes_of
from terminology.concept import Kind, Synonym
from terminology.systems import ICD10, ICD10CM, SYSTEMS
from web.http.languages import NAMES, asked_language, direction, varying
from web.opened import opened
from web.pages.parts.counterpart import counterpart
from web.pages.parts.frame import asked_day, page
from web.pages.parts.notes import note_blocks
from web.pages.parts.reference import reference
from web.pages.parts.seventh import seventh_choices

MOST_CHILDREN = 300
MOST_NAMING = 60
_BESIDE = 24
_READ = 3000

code = Blueprint("code", __name__)


@code.get("/code/<system>/<path:code>")
def show(system: str, code: str) -> Response:
    """Answer with the page of a code, block or chapter; a retired code is shown as it was last."""
    store, release, day = opened().store, request.args.get("release"), asked_day()
    state = resolve(store, system, code, day)
    gone = None if state.exists or state.status is CodeStatus.UNKNOWN else state
    if gone and not release and gone.last_release is None:
        return page("retired.html", gone=gone, system=SYSTEMS[gone.system])
    shown = release or (gone.last_release if gone else None)
    concept = store.concept(system, code, shown, None if shown and not release else day)
    default = store.release(concept.system, on=day).release.id
    language = asked_language(store, concept.system, request.args.get("lang"))
    seventh = seventh_choices(store, concept)
    picked = {choice.code for choice in seventh}
    children = store.children(concept, MOST_CHILDREN).items if concept.children_count else []
    beside, beside_total = ([], 0) if picked - {None} else _beside(store, concept)
    titles = _titles(store, concept, language, (*concept.path, *children, *beside))
    return varying(
        page(
            "code.html",
            concept=concept,
            translation=_translation(titles.get(concept.code), language),
            titles=titles,
            languages=languages(store, concept.system),
            language_names=NAMES,
            gone=gone,
            state=state,
            day=day,
            naming=references(store).naming(concept)[:MOST_NAMING],
            system=SYSTEMS[concept.system],
            default_release=default,
            children=[] if picked.issuperset(child.code for child in children) else children,
            beside=beside,
            beside_total=beside_total,
            above=concept.path[-1] if concept.path else None,
            notes=note_blocks(store, concept),
            inherited=_inherited(concept),
            seventh=seventh,
            counterpart=counterpart(store, concept),
            volumes=volumes_of(store, concept.code) if concept.system == ICD10CM.id else [],
            beside_it=reference(store, concept, day or date.today()),
            same_in_cm=_same_in_cm(store, concept),
            predecessors=store.predecessors(concept.code) if concept.system == ICD10CM.id else [],
            successors=store.successors(concept.code) if concept.system == ICD10CM.id and not gone else [],
            since=since,
            publisher_says=_publisher_says(concept),
        )
    )


def _beside(store: Store, concept: ConceptRecord) -> tuple[list[Summary], int]:
    """The codes of the same heading nearest to one without codes below it, and how many there are in all."""
    if concept.children_count or not concept.path or concept.kind == Kind.CLUSTER:
        return [], 0
    heading = store.concept(concept.system, concept.path[-1].code, concept.release)
    total, items = store.children(replace(heading, day=concept.day), _READ)
    place = next((i for i, item in enumerate(items) if item.code == concept.code), 0)
    first = max(0, min(place - _BESIDE // 2, len(items) - _BESIDE - 1))
    near = items[first : first + _BESIDE + 1]
    return [item for item in near if item.code != concept.code], total - 1


def _same_in_cm(store: Store, concept: ConceptRecord) -> str | None:
    """The code of ICD-10-CM that is written as one of WHO's ICD-10, where there is one in use."""
    if concept.system != ICD10.id or ICD10CM.id not in store.systems():
        return None
    return concept.code if store.in_use(ICD10CM.id, concept.code) else None


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


def _titles(
    store: Store, concept: ConceptRecord, language: str | None, around: Sequence[Summary]
) -> Mapping[str, Synonym]:
    """Return the titles in another language of a code and those around it, of those that have one."""
    if language is None:
        return {}
    codes = [concept.code, *(item.code for item in around)]
    return titles_in(store, concept.system, concept.release, language, codes)


def _translation(found: Synonym | None, language: str | None) -> dict[str, str] | None:
    """Return the title in another language with where it stands and how it is written, if there is one."""
    if language is None:
        return None
    if found is None:
        return {"text": "", "language": language}
    return {"text": found.text, "source": found.source, "language": language, "dir": direction(language)}

"""Source and target side by side, why, and the neighbourhood the mapping lies in."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from terminology.bundle.crosswalk.crosswalks import crosswalk as crosswalk_of
from terminology.bundle.crosswalk.crosswalks import reverse_crosswalk
from terminology.bundle.crosswalk.who_crosswalk import who_crosswalk
from terminology.bundle.life.code_status import CodeStatus, Resolution
from terminology.bundle.life.not_loaded import remark_on_who_tables
from terminology.bundle.life.resolution import resolve
from terminology.crosswalk import Target
from terminology.crosswalk.model import says_nothing
from terminology.errors import InvalidRequestError
from terminology.systems import ICD10, ICD10CM, ICD11, SYSTEMS, code_system
from web.opened import opened
from web.pages.parts.frame import asked_day, page
from web.pages.parts.neighbourhood import neighbourhood

crosswalk = Blueprint("crosswalk", __name__)


@crosswalk.get("/crosswalk")
def begin() -> AnyResponse:
    """Lead to the crosswalk of the code a form names."""
    code = request.args.get("code", "").strip()
    if not code:
        raise InvalidRequestError("code", "give a code")
    return redirect(url_for("pages.crosswalk.show", code=code))


@crosswalk.get("/crosswalk/<path:code>")
def show(code: str) -> Response:
    """Answer with what a code becomes; ``system`` says whose code it is when it is not ICD-10-CM's."""
    store = opened().store
    system = _system(code)
    if system != ICD10CM.id:
        asked = request.args.get("release") or None, asked_day()
        absent = remark_on_who_tables(store)
        who = None if absent else who_crosswalk(store, system, code, *asked)
        tables = [{"title": "WHO's tables", "own": False, "found": who, "absent": absent}]
        if system == ICD11.id:
            own = reverse_crosswalk(store, code, *asked)
            tables.insert(0, {"title": "ICD-10-CM codes that become it", "own": True, "found": own})
        concept = store.concept(system, code, *asked)
        return page("reverse.html", concept=concept, system=SYSTEMS[system], tables=tables)
    gone = _gone(code)
    release = request.args.get("release") or (gone.last_release if gone else None)
    day = None if gone and release == gone.last_release else asked_day()
    found = crosswalk_of(store, code, release, day)
    return page(
        "crosswalk.html",
        found=found,
        target=found.recommended,
        alternatives=found.targets[1:],
        rows=facet_rows(found.recommended) if found.recommended else [],
        graph=neighbourhood(store, found),
        concept=store.concept(ICD10CM.id, code, release, day),
        gone=gone,
    )


def facet_rows(target: Target) -> list[dict[str, str | None]]:
    """Return one row per facet, ``dimension, source, target, state``, those kept first.

    What ICD-10-CM itself leaves open is ``silent`` rather than lost. A dimension that the source loses and
    the target adds otherwise stays two rows: they are not the same.
    """
    states = (
        ("kept", target.facets_kept, True, True),
        ("lost", target.facets_lost, True, False),
        ("added", target.facets_added, False, True),
    )
    return [
        {
            "state": "silent" if state == "lost" and says_nothing(facet) else state,
            "facet": facet,
            "source": facet if in_source else None,
            "target": facet if in_target else None,
        }
        for state, facets, in_source, in_target in states
        for facet in facets
    ]


def _gone(code: str) -> Resolution | None:
    state = resolve(opened().store, ICD10CM.id, code, asked_day())
    return None if state.exists or state.status is CodeStatus.UNKNOWN else state


def _system(code: str) -> str:
    named = request.args.get("system")
    if named:
        system = code_system(named).id
        if system not in (ICD10CM.id, ICD10.id, ICD11.id):
            raise InvalidRequestError("system", f"there is no crosswalk of {system}")
        return system
    store = opened().store
    loaded = store.systems()
    release = request.args.get("release")
    if ICD10CM.id in loaded and not store.has(ICD10CM.id, code, release):
        for other in (ICD11.id, ICD10.id):
            if other in loaded and store.has(other, code):
                return other
    return ICD10CM.id

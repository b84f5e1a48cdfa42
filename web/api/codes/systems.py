"""Code systems and their releases."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from terminology.bundle.life.not_loaded import missing, stand_ins
from terminology.bundle.store import Store
from terminology.release import Release
from terminology.systems import SYSTEMS
from web.api.schemas.systems import SystemsOut
from web.opened import opened
from web.responses import answer

systems = APIBlueprint("systems", __name__, tag="Code systems")


@systems.get("/systems")
@systems.output(SystemsOut)
@systems.doc(summary="Loaded code systems and releases")
def list_systems() -> Response:
    """List the code systems of the bundle with their releases, counts, licences and attributions.

    ``missing`` says what a client could expect and will not find here, ``stand_ins`` which systems come from
    Python packages in place of their publishers' files, ``notices`` what the build had to say.
    """
    store = opened().store
    return answer(
        {
            "systems": [_system(store, name) for name in store.systems()],
            "missing": missing(store),
            "stand_ins": stand_ins(store),
            "notices": store.manifest.notices,
        }
    )


def _system(store: Store, name: str) -> dict[str, Any]:
    system = SYSTEMS[name]
    default = store.release(name).release
    return {
        "id": system.id,
        "uri": system.uri,
        "title": system.title,
        "publisher": system.publisher,
        "releases": [_release(store, r, r == default) for r in reversed(store.releases(name))],
    }


def _release(store: Store, release: Release, default: bool) -> dict[str, Any]:
    record = store.release_record(release)
    return {
        "id": release.id,
        "default": default,
        "effective_from": record.effective_from,
        "effective_to": record.effective_to,
        "counts": record.counts,
        "sources": record.sources,
        "notices": record.notices,
        "licence": record.licence,
        "attribution": record.attribution,
    }

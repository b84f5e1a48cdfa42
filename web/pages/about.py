"""Releases, licences, attributions, and what is missing."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response

from terminology.bundle.life.not_loaded import missing
from terminology.bundle.store import Store
from terminology.release import Release
from terminology.systems import SYSTEMS
from web.http.languages import NAMES
from web.opened import opened
from web.pages.parts.frame import page

about = Blueprint("about", __name__)


@about.get("/about")
def show() -> Response:
    """Answer with what this server holds and under which terms."""
    store = opened().store
    systems = [
        {
            "system": SYSTEMS[name],
            "default": store.release(name).release,
            "in_force": _in_force(store.release(name).release),
            "releases": [store.release_record(r) for r in reversed(store.releases(name))],
            "titles": {r.id: _titles(store, r) for r in store.releases(name)},
        }
        for name in store.systems()
    ]
    return page(
        "about.html", manifest=store.manifest, systems=systems, missing=missing(store), language_names=NAMES
    )


def _in_force(release: Release) -> bool | None:
    """Whether a release is in force today, ``None`` where its dates are not known."""
    if release.effective_from is None and release.effective_to is None:
        return None
    return release.in_force(date.today())


def _titles(store: Store, release: Release) -> list[tuple[str, int]]:
    """How many concepts of a release have a title in each language but English."""
    prefix = f"titles.{release.system}.{release.id}."
    counts = store.manifest.counts.items()
    return [(name.removeprefix(prefix), n) for name, n in counts if name.startswith(prefix)]

"""Releases, licences, attributions, and what is missing."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response

from terminology.bundle.not_loaded import missing
from terminology.release import Release
from terminology.systems import SYSTEMS
from web.opened import opened
from web.pages.frame import page

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
        }
        for name in store.systems()
    ]
    return page("about.html", manifest=store.manifest, systems=systems, missing=missing(store))


def _in_force(release: Release) -> bool | None:
    """Whether a release is in force today, ``None`` where its dates are not known."""
    if release.effective_from is None and release.effective_to is None:
        return None
    return release.in_force(date.today())

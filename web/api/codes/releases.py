"""What changed between two releases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from apiflask import APIBlueprint
from flask import Response

from terminology.bundle.concepts.release_diff import Change, diff_releases
from web.api.contract.problems import PROBLEM_RESPONSES
from web.api.schemas.releases import DiffOut, DiffQuery
from web.opened import opened
from web.responses import answer

releases = APIBlueprint("releases", __name__, tag="Releases")


@releases.get("/releases/<system>/diff")
@releases.input(DiffQuery, location="query")
@releases.output(DiffOut)
@releases.doc(summary="Compare two releases", responses=PROBLEM_RESPONSES)
def diff(system: str, query_data: dict[str, Any]) -> Response:
    """Return added, deleted and retitled concepts and codes that began or ceased to be billable.

    Each list has its own ``total``; ``limit`` and ``offset`` page through all four alike.
    """
    found = diff_releases(opened().store, system, query_data["old"], query_data["new"])
    page = slice(query_data["offset"], query_data["offset"] + query_data["limit"])
    return answer(
        {
            "system": found.system,
            "from": found.old,
            "to": found.new,
            **{name: _changes(changes, page) for name, changes in found.lists()},
        }
    )


def _changes(changes: Sequence[Change], page: slice) -> dict[str, Any]:
    billable = sum(1 for change in changes if change.billable)
    return {"total": len(changes), "billable": billable, "items": changes[page]}

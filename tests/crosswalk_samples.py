"""Targets of a crosswalk, made by hand for tests."""

from __future__ import annotations

from typing import Any

from terminology.cluster import parse
from terminology.crosswalk import Relationship, Target


def target(expression: str = "5A11", **parts: Any) -> Target:
    """Return a target with this expression; ``parts`` replace what is said of it."""
    given: dict[str, Any] = {
        "rank": 1,
        "titles": (),
        "relationship": Relationship.EQUIVALENT,
        "confidence": 0.9,
    }
    return Target(groups=parse(expression).groups, **(given | parts))

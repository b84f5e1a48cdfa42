"""What the tools answer with. Their output schemas are made of these types.

Every answer says ``release`` (what was asked) and ``source`` (who says so). ``left_out`` counts what did not
fit into the size of an answer; ``more`` says how to get it. The answers themselves have no slots: the SDK
would take a slot for a default value, and make no schema.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Failure:
    """Why one of a list could not be answered; ``suggestions`` are codes that exist."""

    detail: str
    suggestions: tuple[str, ...] = ()

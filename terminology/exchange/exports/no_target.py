"""How an export says that ICD-11 has no target, and who decided so."""

from __future__ import annotations

from terminology.crosswalk import Crosswalk

NO_TARGET = "ICD-11 has no target"


def no_target(answer: Crosswalk, said: str = NO_TARGET) -> str:
    """Return what is said of an answer without targets, with the reviewed decision where one was taken."""
    return f"{said}; {answer.decision.detail}" if answer.decision else said

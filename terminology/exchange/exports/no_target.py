"""How an export says that ICD-11 has no target, and who decided so."""

from __future__ import annotations

from typing import Any

NO_TARGET = "ICD-11 has no target"


def no_target(answer: dict[str, Any], said: str = NO_TARGET) -> str:
    """Return what is said of an answer without targets, with the reviewed decision where one was taken."""
    decision = answer.get("decision")
    return f"{said}; {decision['detail']}" if decision else said

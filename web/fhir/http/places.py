"""The places below a mount, and the methods that each is offered with."""

from __future__ import annotations

from web.fhir.http.reading import LISTS
from web.fhir.operations.offered import CHANGING, OPERATIONS

_READ = ("GET", "HEAD", "OPTIONS")
_ASK = (*_READ, "POST")
_SEND = ("POST", "OPTIONS")


def offered_methods(rest: str) -> tuple[str, ...]:
    """Return the methods of a path below a mount, none for a path there is nothing at.

    >>> offered_methods("ValueSet/$expand"), offered_methods("Patient/1")
    (('GET', 'HEAD', 'OPTIONS', 'POST'), ())
    """
    steps = rest.strip("/").split("/")
    if steps == [""]:
        return _SEND
    if steps == ["metadata"]:
        return _READ
    kind = steps[0] if steps[0] in LISTS else ""
    last = steps[-1]
    if last.startswith("$"):
        called = last.removeprefix("$")
        if (kind, called) not in OPERATIONS or len(steps) not in ((2, 3) if kind else (1,)):
            return ()
        return _SEND if called in CHANGING else _ASK
    if not kind or len(steps) > 2:
        return ()
    return _SEND if last == "_search" else () if last.startswith("_") else _READ

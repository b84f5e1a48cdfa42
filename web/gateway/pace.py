"""How long requests of a kind have taken lately: the quick ones need no thread of their own.

Changing to a thread and back costs a short request as much as its answer, and two threads that run at once
slow each other down. A request is of the kind that the beginning of its path says; a kind is quick as long as
its slowest request, forgotten over a thousand, was.
"""

from __future__ import annotations

QUICK_SECONDS = 0.02
_FORGETTING = 0.998
_DEPTH = 4
_MOST_KINDS = 512


class Pace:
    """The slowest recent time, in seconds of processor time, of each kind of request of one worker."""

    def __init__(self) -> None:
        self._slowest: dict[str, float] = {}

    def is_quick(self, path: str) -> bool:
        """Return whether requests like this one have all been quick lately; what is not known yet is not."""
        return self._slowest.get(_kind(path), 1.0) < QUICK_SECONDS

    def note(self, path: str, seconds: float) -> None:
        """Take a request's time into account."""
        kind = _kind(path)
        if kind not in self._slowest and len(self._slowest) >= _MOST_KINDS:
            self._slowest.clear()
        self._slowest[kind] = max(seconds, self._slowest.get(kind, 0.0) * _FORGETTING)


def _kind(path: str) -> str:
    """Return the beginning of a path, and its end where that names an operation.

    >>> _kind("/api/v1/codes/icd-10-cm/E11.9/children"), _kind("/search"), _kind("/fhir/ValueSet/x/$expand")
    ('/api/v1/codes children', '/search', '/fhir/ValueSet/x $expand')
    """
    steps = path.split("/", _DEPTH)
    last = path.rpartition("/")[2]
    named = len(steps) > _DEPTH and (last.startswith("$") or (last.isalpha() and last.islower()))
    return "/".join(steps[:_DEPTH]) + (f" {last}" if named else "")

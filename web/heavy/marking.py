"""Which views are answered by processes of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

V = TypeVar("V", bound=Callable[..., Any])
_MARK = "heavy_above"


def heavy(above: int = 0) -> Callable[[V], V]:
    """Have a view answered in a process of its own where the request's body has more than ``above`` bytes.

    Below that the time of a fork (about 20 ms) would be longer than the work.

    >>> @heavy(above=4096)
    ... def count_codes() -> None: ...
    >>> heavy_above(count_codes)
    4096
    """

    def marked(view: V) -> V:
        setattr(view, _MARK, above)
        return view

    return marked


def heavy_above(view: Callable[..., Any]) -> int | None:
    """Return the size above which a view's requests are heavy; ``None`` if they never are."""
    found: int | None = getattr(view, _MARK, None)
    return found

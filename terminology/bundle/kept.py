"""Answers that are kept as long as the bundle they are from is open, and let go with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, partial, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, TypeVar


class KeepsAnswers(Protocol):
    """What is open, with the answers kept for it by the function that gave them."""

    @property
    def kept(self) -> dict[Any, Any]:
        """Return the keeper of each function."""


P = ParamSpec("P")
R = TypeVar("R")
B = TypeVar("B", bound=KeepsAnswers)


def kept_with_bundle(
    maxsize: int,
) -> Callable[[Callable[Concatenate[B, P], R]], Callable[Concatenate[B, P], R]]:
    """Keep a function's latest answers on the open bundle that is its first argument.

    No answer outlives its bundle, and none of another bundle is ever given. What depends on today's date
    takes the date, or the release that follows from it, as an argument.
    """

    def keeping(function: Callable[Concatenate[B, P], R]) -> Callable[Concatenate[B, P], R]:
        @wraps(function)
        def kept(bundle: B, /, *args: P.args, **kwargs: P.kwargs) -> R:
            answers = bundle.kept.get(function)
            if answers is None:
                answers = bundle.kept.setdefault(function, lru_cache(maxsize)(partial(function, bundle)))
            answer: R = answers(*args, **kwargs)
            return answer

        return kept

    return keeping

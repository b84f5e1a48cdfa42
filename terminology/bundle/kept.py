"""Answers that are kept as long as the bundle they are from is open, and let go with it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache, partial, wraps
from typing import Any, Concatenate, Generic, ParamSpec, Protocol, TypeVar


class KeepsAnswers(Protocol):
    """What is open, with the answers kept for it by the function that gave them."""

    @property
    def kept(self) -> dict[Any, Any]:
        """Return the keeper of each function."""


P = ParamSpec("P")
R = TypeVar("R")
B = TypeVar("B", bound=KeepsAnswers)

#: What the place of an answer takes beside the text of the question, in bytes.
_PLACE = 700
_NONE: Any = object()


class RecentAnswers(Generic[R]):
    """The latest answers of a function, as many as go into ``most`` bytes; ``size_of`` says what one takes.

    They are in two halves. What is asked for is put into the newer one; when that is full it becomes the
    older, and what was in the older and not asked for since is let go: to find an answer takes no lock and
    no list of what was asked when. Threads that meet may answer twice, never wrongly.
    """

    def __init__(self, function: Callable[..., R], most: int, size_of: Callable[[R], int]) -> None:
        self._function, self._half, self._size_of = function, most // 2, size_of
        self._newer: dict[Hashable, R] = {}
        self._older: dict[Hashable, R] = {}
        self._taken = 0

    def __call__(self, *asked: Hashable) -> R:
        """Return the answer kept of a question, else the function's, which is kept."""
        answer: R = self._newer.get(asked, _NONE)
        if answer is _NONE:
            answer = self._older.get(asked, _NONE)
            if answer is _NONE:
                answer = self._function(*asked)
            self._keep(asked, answer)
        return answer

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._newer.keys() | self._older.keys())

    def _keep(self, asked: tuple[Hashable, ...], answer: R) -> None:
        told = sum(len(part) for part in asked if isinstance(part, str | bytes))
        size = self._size_of(answer) + told + _PLACE
        if size > self._half:
            return
        if self._taken + size > self._half:
            self._older, self._newer, self._taken = self._newer, {}, 0
        self._newer[asked] = answer
        self._taken += size


def kept_with_bundle(
    maxsize: int,
) -> Callable[[Callable[Concatenate[B, P], R]], Callable[Concatenate[B, P], R]]:
    """Keep a function's latest answers on the open bundle that is its first argument.

    No answer outlives its bundle, and none of another bundle is ever given. What depends on today's date
    takes the date, or the release that follows from it, as an argument.
    """

    def keeping(function: Callable[Concatenate[B, P], R]) -> Callable[Concatenate[B, P], R]:
        return _kept(function, lru_cache(maxsize))

    return keeping


def kept_by_size(
    most: int, size_of: Callable[[Any], int]
) -> Callable[[Callable[Concatenate[B, P], R]], Callable[Concatenate[B, P], R]]:
    """Keep a function's latest answers as :func:`kept_with_bundle` does, as many as go into ``most`` bytes.

    ``size_of`` says what an answer takes. The arguments are given by place.
    """

    def keeping(function: Callable[Concatenate[B, P], R]) -> Callable[Concatenate[B, P], R]:
        return _kept(function, partial(RecentAnswers, most=most, size_of=size_of))

    return keeping


def _kept(
    function: Callable[Concatenate[B, P], R], keeper: Callable[[Callable[..., Any]], Callable[..., Any]]
) -> Callable[Concatenate[B, P], R]:
    @wraps(function)
    def kept(bundle: B, /, *args: P.args, **kwargs: P.kwargs) -> R:
        answers = bundle.kept.get(function)
        if answers is None:
            answers = bundle.kept.setdefault(function, keeper(partial(function, bundle)))
        answer: R = answers(*args, **kwargs)
        return answer

    return kept

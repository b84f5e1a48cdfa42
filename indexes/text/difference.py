"""What a title says beyond another, in the words it is printed in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from indexes.text.analysis import STOP_WORDS, words

_PRINTED = re.compile(r"[^\s,;:()\[\]]+")
#: Words that turn what follows them, and belong to it wherever they stand right before it.
_TURNING = frozenset({"with", "without", "no", "not", "unspecified", "other"})
#: What may stand between a word that turns a part and the part, and between two words of one.
_PASSED = STOP_WORDS | {"mention", "specified"}
_BRACKETS = re.compile(r"[()]")


def difference(title: str, added: Collection[str]) -> str:
    """Return the parts of a title that hold its ``added`` words (folded), each as it is printed.

    Small words between two of them stay, and so does what turns a part: "without", "unspecified".

    >>> difference("Parkinson's disease without mention of fluctuations", {"fluctuations"})
    'without mention of fluctuations'
    >>> difference("Myasthenia gravis without (acute) exacerbation", {"acute", "exacerbation"})
    'without (acute) exacerbation'
    >>> difference("Crohn's disease of both small and large intestine", {"both", "small", "large"})
    'both small and large'
    >>> difference("Displaced fracture of right radius", {"displaced", "right"})
    'displaced, right'
    >>> difference("Colles' fracture", {"colle"})
    "Colles'"
    """
    return ", ".join(_in_running_text(title, start, end) for start, end in _parts(title, added))


def _parts(title: str, added: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield where each part begins and ends."""
    printed = list(_PRINTED.finditer(title))
    last: re.Match[str] | None = None
    begin: int | None = None
    for place, word in enumerate(printed):
        if not any(each in added for each in words(word.group())):
            continue
        if begin is None or last is None or not _only_small_words(title[last.end() : word.start()]):
            if begin is not None and last is not None:
                yield begin, last.end()
            begin = _turned_from(title, printed[: place + 1])
        last = word
    if begin is not None and last is not None:
        yield begin, last.end()


def _only_small_words(between: str) -> bool:
    """Whether what stands between two words is small words alone, no punctuation among them."""
    return (_PASSED | _TURNING).issuperset(_BRACKETS.sub(" ", between.lower()).split())


def _turned_from(title: str, printed: list[re.Match[str]]) -> int:
    """Where a part begins that ends with the last of some words: at the word that turns it, if any."""
    begin = printed[-1].start()
    for word in reversed(printed[:-1]):
        said = word.group().lower()
        apart = _BRACKETS.sub(" ", title[word.end() : begin]).strip()
        if apart or said not in _PASSED | _TURNING:
            break
        if said in _TURNING:
            return word.start()
        begin = word.start()
    return printed[-1].start()


def _in_running_text(title: str, start: int, end: int) -> str:
    """A part of a title, its first word in small letters where a capital only begins the title."""
    first = _PRINTED.match(title, start)
    named = first is None or not first.group()[1:].islower() or "'" in first.group() or "’" in first.group()
    said = title[start:end]
    said = said if said.count("(") == said.count(")") else _BRACKETS.sub("", said)
    return said if start or named else said[:1].lower() + said[1:]

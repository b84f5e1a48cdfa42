"""Codes as queries: exact, unfinished, in a cluster, or mistyped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from indexes.disk.shard import Card, Shard
from terminology.codes import code_key, placed, read_code, unfilled
from terminology.systems import ICD10, ICD10CM

_LIKE_A_CODE = re.compile(r"(?=.*\d)[A-Z0-9]{1,9}(?:-[A-Z]?[0-9A-Z]{1,6})?", re.ASCII)
_LIKE_A_MODIFIER = re.compile(r"[A-Z0-9]{2}", re.ASCII)
_PARTED_CODE = re.compile(r"[A-Z]\d[0-9A-Z]?[ .]{0,3}[0-9A-Z]{0,4}", re.ASCII | re.IGNORECASE)
_PARTS = re.compile(r"[&/;,]")
_AROUND_PARTS = re.compile(r"\s*([&/;,])\s*")
_MARKS = " ?%"
_LONGEST_EXPRESSION = 200
_LONGEST_WORD = 60
_LONGEST_GUESSED = 8
_MOST_WORDS = 24
_CONFUSED = {
    "O": "0", "0": "OQD", "I": "1L", "1": "IL", "L": "1", "S": "5", "5": "S", "B": "8", "8": "B", "Z": "2",
    "2": "Z", "G": "6", "6": "G", "Q": "0", "D": "0",
}  # fmt: skip
_FILLED_SYSTEMS = (ICD10CM.id, ICD10.id)
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def code_parts(text: str) -> tuple[str, ...]:
    """Return the keys of the codes ``text`` consists of, a cluster taken apart; empty if it is no code.

    >>> code_parts("e11.9,"), code_parts("nc32.5&xk9k"), code_parts("heart failure"), code_parts("LT")
    (('E119',), ('NC325', 'XK9K'), (), ('LT',))
    """
    joined = _AROUND_PARTS.sub(r"\1", read_code(text.strip(_MARKS)).text)
    if len(joined) > _LONGEST_EXPRESSION or (" " in joined and not _PARTED_CODE.fullmatch(joined)):
        return ()
    keys = [code_key(part) for part in _PARTS.split(joined) if part]
    if len(keys) == 1 and _LIKE_A_MODIFIER.fullmatch(keys[0]):
        return tuple(keys)
    return tuple(keys) if keys and all(_LIKE_A_CODE.fullmatch(key) for key in keys) else ()


def codes_within(text: str) -> tuple[str, ...]:
    """Return the keys of words in a longer query that look like codes: ``diabetes e11.9``.

    >>> codes_within("diabetes E11.9 and pain"), codes_within("stage 3b")
    (('E119',), ())
    """
    found = (code_key(word) for word in text.split()[:_MOST_WORDS] if len(word) <= _LONGEST_WORD)
    return tuple(key for key in found if 2 < len(key) <= _LONGEST_GUESSED and _like_a_clinical_code(key))


def _like_a_clinical_code(key: str) -> bool:
    return key[0].isalpha() and _LIKE_A_CODE.fullmatch(key) is not None


def unit_of_code(shard: Shard, key: str) -> int | None:
    """Return the unit that holds a code; of a category without codes below it also filled up with X."""
    unit = shard.find_key(key)
    category = unfilled(key) if unit is None and shard.system in _FILLED_SYSTEMS else None
    if category is None:
        return unit
    unit = shard.find_key(category)
    return None if unit is None or shard.has_children[unit] else unit


def units_for_code(shard: Shard, key: str, limit: int) -> Iterator[tuple[int, float]]:
    """Yield (unit, score) of the code with this key and of up to ``limit`` that it begins.

    Letters alone begin nothing: they are a modifier or an abbreviation.
    """
    exact = unit_of_code(shard, key)
    seen = set()
    if exact is not None:
        seen.add(exact)
        yield exact, 1.0
    if not any(character.isdigit() for character in key):
        return
    for found, unit in shard.keys_from(key, limit):
        if unit not in seen:
            seen.add(unit)
            yield unit, 0.9 - 0.01 * (len(found) - len(key))


def mistyped(shards: Sequence[Shard], key: str, most: int = 5) -> list[str]:
    """Return codes one keystroke from ``key``: placeholders first, then look-alikes (O and 0, I and 1)."""
    if not 2 < len(key) <= _LONGEST_GUESSED:
        return []
    guesses = list(dict.fromkeys(_guesses(key)))
    each = [(shard, shard.find_keys(guesses)) for shard in shards]
    found: dict[tuple[str, int], str] = {}
    for number, guess in enumerate(guesses):
        for shard, units in each:
            if units[number] >= 0 and shard.held_by(shard.release)[units[number]]:
                found.setdefault((shard.system, units[number]), _code_of(shard.card(units[number]), guess))
        if len(found) >= most:
            break
    return list(dict.fromkeys(found.values()))[:most]


def filled_up(shards: Sequence[Shard], keys: Sequence[str]) -> list[str]:
    """Return the keys that some become with the placeholder X before their 7th character: ``W2189A``."""
    guesses = (guess for key in keys if 2 < len(key) <= _LONGEST_GUESSED for guess in placed(key))
    return [guess for guess in guesses if any(shard.find_key(guess) is not None for shard in shards)]


def _code_of(card: Card, key: str) -> str:
    return next((code for code, _, _ in card.variants if code_key(code) == key), card.code)


def _guesses(key: str) -> Iterator[str]:
    yield from placed(key)
    look_alike = [c for at in range(len(key)) for c in _replaced(key, at, _CONFUSED.get(key[at], ""))]
    yield from look_alike
    yield key[0] + key[1:].replace("O", "0").replace("I", "1").replace("L", "1")
    for once in look_alike:
        for at in range(len(key)):
            yield from _replaced(once, at, _CONFUSED.get(once[at], ""))
    for at in range(len(key) - 1):
        yield key[:at] + key[at + 1] + key[at] + key[at + 2 :]
    for at in range(len(key) - 1, 0, -1):
        yield key[:at] + key[at + 1 :]
    for at in range(len(key) - 1, -1, -1):
        yield from _replaced(key, at, _ALPHABET)
    for at in range(len(key), 0, -1):
        yield from (key[:at] + c + key[at:] for c in _ALPHABET)


def _replaced(key: str, at: int, by: str) -> Iterator[str]:
    return (key[:at] + c + key[at + 1 :] for c in by)

"""How a scored unit is shown: the fitting variant, the term it matched on, the words that fit."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from indexes.disk.shard import TERM_KINDS, Card, Shard
from indexes.query.parsed import ParsedQuery
from indexes.ranking.found import Hit
from indexes.ranking.score import preference
from indexes.response import Choice, Explanation, Refinement, SearchResult, Variant
from indexes.text.analysis import normal_form, tokens

_WORD = re.compile(r"\w+")
_tokens_of = lru_cache(maxsize=65_536)(lambda text: frozenset(tokens(text)))
"""The tokens of the words and of the ends of titles that are shown again and again."""


def present(
    shard: Shard, unit: int, score: float, hit: Hit, parsed: ParsedQuery, release: str, explain: bool
) -> SearchResult:
    """Return the row of a unit, as a result of ``release``."""
    card = shard.card(unit)
    asked = _asked_tokens(parsed, hit)
    code, title, billable = _variant(card, asked, hit)
    by_code = bool(hit.named)
    kind = "code" if by_code else hit.special or "context"
    shown = title
    source = shard.system
    trust = 1.0
    if hit.phrase >= 0:
        kind = TERM_KINDS[shard.phrase_kind[hit.phrase]].value
        source = shard.sources[shard.phrase_source[hit.phrase]]
        trust = float(shard.phrase_trust[hit.phrase])
        if kind != "title":
            shown = shard.phrase_text(hit.phrase)
    explanation = None
    if explain:
        label = parsed.readings[hit.reading].label if hit.reading >= 0 else ""
        explanation = Explanation(
            shown, source, round(trust, 4), round(hit.similarity, 4), round(hit.coverage, 4),
            round(float(preference(shard)[unit]), 4), label or "as typed",
        )  # fmt: skip
    return SearchResult(
        system=shard.system,
        release=release,
        code=code,
        title=title,
        kind=card.kind if code == card.code else "code",
        billable=billable,
        score=round(min(score, 1.0), 4),
        matched_on=kind,
        highlight=code if by_code else highlighted(shown, asked),
        base=card.code if card.variants else None,
        variants=tuple(Variant(*v) for v in card.variants),
        refine=tuple(Refinement(axis, tuple(Choice(*v) for v in values)) for axis, values in card.refine),
        explanation=explanation,
    )


def offered(card: Card, hit: Hit) -> tuple[str, str]:
    """Return code and title that typeahead offers: the variant whose code was typed, else the unit's own."""
    named = [v for v in card.variants if hit.special and v[0].replace(".", "") == hit.special]
    return (named[0][0], named[0][1]) if named else (card.code, card.title)


def _asked_tokens(parsed: ParsedQuery, hit: Hit) -> frozenset[str]:
    number = max(hit.reading, 0)
    chosen = parsed.readings[number].slots + parsed.readings[0].slots
    return frozenset(token for slot in chosen for token, _ in slot.tokens)


def _variant(card: Card, asked: frozenset[str], hit: Hit) -> tuple[str, str, bool | None]:
    own = card.code, card.title, card.billable
    if not card.variants:
        return own
    if hit.named:
        named = [v for v in card.variants if v[0].replace(".", "") == hit.named]
        return named[0] if named else own
    words = [_tokens_of(title[len(card.title) :]) for _, title, _ in card.variants]
    common = frozenset.intersection(*words).union(tokens(card.title))
    fits = [len((w - common) & asked) for w in words]
    if max(fits):
        return card.variants[fits.index(max(fits))]
    return next(v for v in card.variants if v[0] == card.shown)


def unmarked(highlight: str) -> str:
    """Return the text of what :func:`highlighted` made.

    >>> unmarked("<mark>Heart</mark> failure &amp; more")
    'Heart failure & more'
    """
    return html.unescape(highlight.replace("<mark>", "").replace("</mark>", ""))


def highlighted(text: str, asked: frozenset[str]) -> str:
    """Return ``text`` HTML-escaped with the words that answer the query in ``<mark>``.

    >>> highlighted("Heart failure & more", frozenset(["heart"]))
    '<mark>Heart</mark> failure &amp; more'
    """
    parts = []
    at = 0
    for found in _WORD.finditer(text):
        word = found.group()
        if normal_form(word.lower()) in asked or not asked.isdisjoint(_tokens_of(word)):
            parts.append(f"{html.escape(text[at : found.start()])}<mark>{html.escape(word)}</mark>")
            at = found.end()
    return "".join(parts) + html.escape(text[at:])

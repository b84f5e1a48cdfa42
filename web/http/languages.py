"""In which language titles are asked for: by ``lang=``, else by ``Accept-Language``, else English."""

from __future__ import annotations

from flask import Response, request
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from terminology.bundle.concepts.designations import ENGLISH, languages
from terminology.bundle.store import Store
from terminology.errors import InvalidRequestError

VARY = "Accept-Language"
NAMES = {
    "ar": "العربية", "cs": "Čeština", "de": "Deutsch", "en": "English", "es": "Español", "fa": "فارسی",
    "fr": "Français", "it": "Italiano", "ja": "日本語", "kk": "Қазақша", "ko": "한국어", "pl": "Polski",
    "pt": "Português", "ru": "Русский", "sv": "Svenska", "tr": "Türkçe", "uk": "Українська",
    "uz": "Oʻzbekcha", "zh": "中文",
}  # fmt: skip
"""What languages are called in themselves."""
_RIGHT_TO_LEFT = frozenset(("ar", "fa", "he", "ur"))


def asked_language(store: Store, system: str | None, lang: str | None) -> str | None:
    """Return the language other than English in which titles are wanted, ``None`` for English.

    ``system`` is that of the titles, ``None`` for all that are loaded; ``lang`` is the parameter as sent.
    Raises :class:`InvalidRequestError` for one that the bundle has no titles in; what a browser sends of
    itself is obeyed where it can be.
    """
    if lang is None and "Accept-Language" not in request.headers:
        return None
    systems = store.systems() if system is None else [system]
    loaded = tuple(dict.fromkeys(tag for each in systems for tag in languages(store, each)))
    if lang is None:
        return wanted(loaded, request.headers["Accept-Language"])
    chosen = _alike(lang, (ENGLISH, *loaded))
    if chosen is None:
        raise InvalidRequestError(
            "lang", f"no titles in {lang[:20]} here; there are: {ENGLISH}, {', '.join(loaded)}"
        )
    return None if chosen == ENGLISH else chosen


def wanted(loaded: tuple[str, ...], header: str) -> str | None:
    """Return which of the languages a header ``Accept-Language`` wants most, ``None`` for English.

    >>> wanted(("es", "pt"), "pt-BR,pt;q=0.9,en;q=0.5"), wanted(("es",), "de,en;q=0.5")
    ('pt', None)
    """
    accepted = parse_accept_header(header, LanguageAccept)
    best = accepted.best_match((ENGLISH, *loaded), default=ENGLISH)
    return None if best == ENGLISH else best


def direction(language: str | None) -> str:
    """Return how a language is written, for HTML's ``dir``."""
    return "rtl" if (language or ENGLISH).partition("-")[0] in _RIGHT_TO_LEFT else "ltr"


def varying(response: Response) -> Response:
    """Say that the answer depends on the language asked for."""
    response.vary.add(VARY)
    return response


def _alike(lang: str, loaded: tuple[str, ...]) -> str | None:
    wanted_tag = lang.lower()
    exact = (tag for tag in loaded if tag.lower() == wanted_tag)
    primary = (tag for tag in loaded if tag.lower().partition("-")[0] == wanted_tag.partition("-")[0])
    return next(exact, next(primary, None))

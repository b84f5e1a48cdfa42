"""What every template sees: addresses of pages and assets, names of systems, words of the crosswalk."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Response, render_template, request, url_for

from terminology.bundle.concepts.designations import languages
from terminology.bundle.index.book import has_index
from terminology.bundle.life.not_loaded import BUILD_WITH_DATA, absent_systems, stand_ins
from terminology.errors import InvalidRequestError
from terminology.release_words import release_words, span
from terminology.systems import SYSTEMS
from web.http.languages import direction
from web.opened import opened
from web.pages.parts.words import DIMENSIONS, KINDS, MOTIFS, RELATIONSHIPS, REPRESENTATIONS, STATES, STEPS

_STATIC = Path(__file__).parent.parent.parent / "static"
_FACET_FIRST = re.compile(r"^([a-z-]+=.+?)( is (?:said by|a condition))")
_ICD10_KEY = re.compile(r"^ICD-10 ([A-Z]\d\d)(\w+) ")
_MEETS = re.compile(r"meets the source title by (\d\.\d+)")
_A_YEAR = "public, max-age=31536000, immutable"


def register(app: Flask) -> None:
    """Make names and addresses known to the templates; let browsers keep assets whose address has a hash."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=asset,
        code_url=code_url,
        system_title=system_title,
        loaded_systems=_loaded_systems,
        has_index=_has_index,
        has_changes=_has_changes,
        has_volumes=_has_volumes,
        stand_ins=_stand_ins,
        absent_systems=_absent_systems,
        build_command=BUILD_WITH_DATA,
        direction=direction,
        current_release=_current_release,
        ended=_ended,
        span=span,
        kinds=KINDS,
        states=STATES,
        steps=STEPS,
        motifs=MOTIFS,
        relationships=RELATIONSHIPS,
        representations=REPRESENTATIONS,
        SYSTEMS=SYSTEMS,
    )
    app.jinja_env.filters.update(
        axis_name=axis_name,
        capital=capital,
        facet=facet_words,
        members=members,
        percent=percent,
        release_words=release_words,
        shared_length=shared_length,
        shown_code=shown_code,
        step=step_words,
    )
    app.after_request(_kept)


def page(template: str, partial: str | None = None, **context: Any) -> Response:
    """Render a page, or its part that changes when htmx asks for it."""
    wanted = partial if partial and asks_for_part() else template
    response = Response(render_template(wanted, **context), mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    if partial:
        response.vary.add("HX-Request")
    return response


def asks_for_part() -> bool:
    """Whether htmx asks, and not for a page it lost from its history."""
    return "HX-Request" in request.headers and "HX-History-Restore-Request" not in request.headers


def asset(name: str) -> str:
    """Return the address of a static file with a hash of its content."""
    return url_for("static", filename=name, v=_hash(name))


def asked_day() -> date | None:
    """Return the day that the address asks for, ``None`` for today; raises as :func:`day_in`."""
    return day_in(request.args.get("date", ""))


def day_in(text: str) -> date | None:
    """Return the day that a field says, ``None`` for an empty one.

    Raises :class:`InvalidRequestError` for what is no day.
    """
    text = text.strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidRequestError("date", "write the day like 2026-10-01") from None


def code_url(system: str, code: str, release: str | None = None, day: str | None = None) -> str:
    """Return the address of a code's page; it keeps the day asked for, whose release is not named in it.

    It keeps the language of titles that the address names too, where the system has titles in it.
    ``day`` (ISO) is that of a row which has one of its own.
    """
    lang = request.args.get("lang")
    if lang is not None and lang not in languages(opened().store, system):
        lang = None
    if day is not None:
        return url_for("pages.code.show", system=system, code=code, date=day, lang=lang)
    day_asked = asked_day()
    if release is not None and release == opened().store.release(system, on=day_asked).release.id:
        release = None
    shown = None if day_asked is None or release is not None else day_asked.isoformat()
    return url_for("pages.code.show", system=system, code=code, release=release, date=shown, lang=lang)


def system_title(system: str) -> str:
    """Return the short title of a code system."""
    return SYSTEMS[system].title.removesuffix(" Level II")


def facet_words(facet: str) -> tuple[str, str]:
    """Return dimension and value of ``dimension=value`` in words.

    >>> facet_words("fracture-opening=closed")
    ('fracture opening', 'closed')
    """
    dimension, _, value = facet.partition("=")
    return DIMENSIONS.get(dimension, dimension.replace("-", " ")), value.replace("-", " ")


def step_words(detail: str) -> str:
    """Return an engine's step as a sentence for people.

    >>> step_words("fracture-opening=closed is said by XJ44E Closed fracture")
    'fracture opening closed is said by XJ44E Closed fracture'
    >>> step_words("ICD-10 S525 Fracture -> NC32.5Z"), step_words("title 'X' meets the source title by 0.95")
    ('ICD-10 S52.5 Fracture → NC32.5Z', "title 'X' agrees with the source title to 95%")
    """
    detail = _FACET_FIRST.sub(lambda m: f"{' '.join(facet_words(m[1]))}{m[2]}", detail.replace("->", "→"))
    detail = _ICD10_KEY.sub(r"ICD-10 \1.\2 ", detail)
    return _MEETS.sub(lambda m: f"agrees with the source title to {float(m[1]):.0%}", detail)


def axis_name(axis: str) -> str:
    """Return WHO's name of an axis of postcoordination in words.

    >>> axis_name("http://id.who.int/icd/schema/hasManifestation"), axis_name("specificAnatomy")
    ('manifestation', 'specific anatomy')
    """
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", axis.rpartition("/")[2].removeprefix("has"))
    return words.lower()


def shown_code(code: str) -> str:
    """Return a code as it is shown: WHO's names of blocks without their level.

    >>> shown_code("BlockL2-5A1"), shown_code("S50-S59")
    ('5A1', 'S50-S59')
    """
    return code.partition("-")[2] or code if code.startswith("Block") else code


def capital(text: str) -> str:
    """Return a sentence with a capital letter and without its full stop, code systems by their titles.

    >>> capital("icd-10-cm 2027 has no code 'E11.99'")
    "ICD-10-CM 2027 has no code 'E11.99'"
    """
    first, space, rest = text.rstrip(".").partition(" ")
    said = system_title(first) if first in SYSTEMS else first[:1].upper() + first[1:]
    return said + space + rest


def percent(value: float | None) -> str:
    """Return a probability as a whole percentage, a dash when it is not stated."""
    return "\u2013" if value is None else f"{value:.0%}"


def members(expression: str) -> list[tuple[str, str]]:
    """Split an expression into ``(separator before, code)``, for linking each code.

    >>> members("NC32.5Z&XK9K")
    [('', 'NC32.5Z'), ('&', 'XK9K')]
    """
    found: list[tuple[str, str]] = []
    before = code = ""
    for character in f"{expression}\0":
        if character in "&/\0":
            found.append((before, code))
            before, code = character, ""
        else:
            code += character
    return found


def shared_length(titles: list[str]) -> int:
    """Return how many characters titles share, up to a comma: what follows tells them apart.

    >>> titles = ["Burn, left, initial encounter for type IIIA, IIIB, or IIIC", "Burn, left, sequela"]
    >>> [title[shared_length(titles):] for title in titles]
    ['initial encounter for type IIIA, IIIB, or IIIC', 'sequela']
    """
    first, last = min(titles), max(titles)
    shared = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), len(first))
    end = first.rfind(", ", 0, shared)
    return 0 if end < 0 else end + 2


def _loaded_systems() -> list[str]:
    return opened().store.systems()


def _has_index() -> bool:
    return has_index(opened().store)


def _has_changes() -> bool:
    store = opened().store
    return any(len(store.releases(system)) > 1 for system in store.systems())


def _has_volumes() -> bool:
    return bool(opened().store.manifest.counts.get("volumes"))


def _stand_ins() -> tuple[str, ...]:
    return stand_ins(opened().store)


def _absent_systems() -> tuple[str, ...]:
    return absent_systems(opened().store)


def _current_release(system: str) -> str:
    return opened().store.release(system, on=asked_day()).release.id


def _ended(system: str) -> date | None:
    """The last day of the release that answers today, where it is past."""
    last = opened().store.release(system).release.effective_to
    return last if last is not None and last < date.today() else None


@cache
def _hash(name: str) -> str:
    return hashlib.sha256((_STATIC / name).read_bytes()).hexdigest()[:10]


def _kept(response: Response) -> Response:
    named = request.args.get("v")
    if named and request.endpoint == "static" and response.status_code in (200, 304):
        if named != _hash((request.view_args or {})["filename"]):
            return response
        response.headers["Cache-Control"] = _A_YEAR
    return response

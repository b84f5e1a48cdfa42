"""The publishers' own addresses of release files, read from ``publishers.toml`` beside this module."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from terminology.errors import DataNotAvailableError, InvalidRequestError
from terminology.systems import CPT, code_system

_ENGLISH = "SimpleTabulation-ICD-11-MMS-en.zip"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]+)?")
EDITS = "edits"
"""What the tables of claim checks are fetched under."""


@dataclass(frozen=True, slots=True)
class Publication:
    """One file a publisher offers for download.

    ``filename`` is the name it is kept under. ``listed_on`` is the publisher's page that links to it,
    where a person can download it by hand. ``verified`` says whether the address was found together with
    a record of what came back. ``sha256`` is set only where it is known beforehand. ``default`` is false
    for what is fetched only on request. ``by_hand`` says what a person has to do on that page first, where a
    licence must be accepted there; such a file is never fetched.
    """

    system: str
    release: str
    content: str
    url: str
    filename: str
    listed_on: str
    verified: bool
    sha256: str | None = None
    default: bool = True
    by_hand: str = ""

    @property
    def place(self) -> PurePosixPath:
        """Where the file is kept below the download folder: ``icd-11/2025-01/mapping.zip``.

        The folder tells releases apart whose files have the same names, as WHO's have.
        """
        return PurePosixPath(self.system, self.release, self.filename)


def publications(
    systems: Collection[str] = (), *, older: bool = False, languages: Collection[str] = ()
) -> tuple[Publication, ...]:
    """Return what the publishers of ``systems`` (ids or canonical URIs; none: of all) offer, newest first.

    ``edits`` stands for the tables of claim checks, which belong to no code system. ``older`` adds the
    editions that are fetched only on request, ``languages`` (``es``, ``pt`` ...) the translations of ICD-11's
    tabulation beside the English one, whose addresses differ in the language alone. Raises
    ``UnknownSystemError``, and :class:`DataNotAvailableError` for a system that nobody may download: CPT.
    """
    wanted = {name if name == EDITS else code_system(name).id for name in systems}
    if CPT.id in wanted:
        raise DataNotAvailableError(
            "cpt cannot be fetched: it is the AMA's and needs a licence; give the folder of your own "
            "licensed files with --data"
        )
    asked = (row for row in _rows() if not wanted or row.system in wanted)
    chosen = [row for row in asked if row.default or older or (row.system == EDITS and EDITS in wanted)]
    translated = [_translation(row, tag) for row in chosen for tag in languages if _ENGLISH in row.url]
    return (*chosen, *translated)


def _translation(row: Publication, language: str) -> Publication:
    """Return the translation of an English tabulation; :class:`InvalidRequestError` for no language tag."""
    if not _LANGUAGE.fullmatch(language):
        raise InvalidRequestError("lang", f"{language[:20]!r} is no language such as es or zh")
    ending = _ENGLISH.replace("-en.", f"-{language}.")
    return replace(
        row,
        content=f"{row.content} ({language})",
        url=row.url.replace(_ENGLISH, ending),
        filename=row.filename.replace(_ENGLISH, ending),
        verified=False,
        sha256=None,
    )


@cache
def _rows() -> tuple[Publication, ...]:
    table = tomllib.loads((files("loaders.acquire") / "publishers.toml").read_text(encoding="utf-8"))
    return tuple(_publication(row) for row in table["publication"])


def _publication(row: dict[str, Any]) -> Publication:
    last = unquote(urlsplit(row["url"]).path).rsplit("/", 1)[-1]
    return Publication(**{"filename": last, **row})

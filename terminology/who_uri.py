"""WHO's URIs of ICD-11 entities, in every form that WHO's own files and tools print them.

An entity has a number that never changes. WHO writes it as a foundation URI, as a linearization URI with
or without a release, and inside links to its browsers (WHO, "ICD-API: ICD URIs and supporting web
services"). A residual category ("other specified", "unspecified") has no entity of its own: its URI is its
parent's with ``/other`` or ``/unspecified`` behind it. What identifies a category across all forms and
releases is therefore its *path*: the number and, for a residual, the suffix.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from terminology.errors import InvalidRequestError

_HOST = r"https?://id\.who\.int/icd/"
_ENTITY = r"(?P<entity>\d+)(?:/(?:(?:mms|icf)/)?(?P<residual>other|unspecified))?"
_RELEASE = r"(?:(?P<release>\d{4}(?:-\d\d)?)/)?"
_URI = re.compile(rf"{_HOST}(?:entity|release/11/{_RELEASE}(?P<linearization>mms|icf))/{_ENTITY}")
_BROWSER = re.compile(
    r"https?://icd\.who\.int/browse/(?:latestrelease|(?P<release>\d{4}(?:-\d\d)?))"
    rf"/(?:foundation|(?P<linearization>mms|icf))/[\w-]+#{_ENTITY}"
)
_LINK = re.compile(r"https?://icd\.who\.int/[^#]*#/(?=https?:|https?%3A)", re.IGNORECASE)
_ROOT = re.compile(rf"{_HOST}(?:entity|release/11(?:/\d{{4}}(?:-\d\d)?)?(?:/(?:mms|icf))?)/?")


@dataclass(frozen=True, slots=True)
class WhoUri:
    """One entity as a URI names it.

    ``entity`` is the number, ``residual`` is ``other``, ``unspecified`` or ``None``, ``linearization`` is
    ``mms`` or ``icf`` and ``None`` for a foundation URI, ``release`` the release where the URI names one.

    >>> uri = match_who_uri("http://id.who.int/icd/release/11/2025-01/mms/135352227/unspecified")
    >>> uri.path, uri.release, uri.mms
    ('135352227/unspecified', '2025-01', 'http://id.who.int/icd/release/11/mms/135352227/unspecified')
    """

    entity: str
    residual: str | None = None
    linearization: str | None = None
    release: str | None = None

    @property
    def path(self) -> str:
        """What identifies the category across releases: the number, with the suffix of a residual."""
        return self.entity if self.residual is None else f"{self.entity}/{self.residual}"

    @property
    def foundation(self) -> str | None:
        """The foundation URI; ``None`` for a residual, which no foundation entity stands for."""
        return None if self.residual else f"http://id.who.int/icd/entity/{self.entity}"

    @property
    def mms(self) -> str:
        """The MMS linearization URI without a release, as the simple tabulation prints it."""
        return self.uri_in("mms")

    def uri_in(self, linearization: str) -> str:
        """The URI in a linearization (``mms``, ``icf``), without a release."""
        return f"http://id.who.int/icd/release/11/{linearization}/{self.path}"


def match_who_uri(text: str) -> WhoUri | None:
    """Return the entity that a WHO URI or a link to a WHO browser names, ``None`` for any other text.

    >>> match_who_uri("https://icd.who.int/browse/latestrelease/mms/en#588616678").path
    '588616678'
    """
    found = _URI.fullmatch(text)
    if found is None:
        text = text.strip()
        link = _LINK.match(text)
        text = unquote(text[link.end() :] if link else text)
        found = _URI.fullmatch(text) or _BROWSER.fullmatch(text)
    if found is None:
        return None
    linearization = found["linearization"]
    if found["residual"] and linearization is None:
        linearization = "mms"
    return WhoUri(found["entity"], found["residual"], linearization, found["release"])


def leading_who_uri(text: str, at: int = 0) -> tuple[WhoUri, int] | None:
    """Return the WHO URI that begins at a place in a text, with the place behind it; else ``None``.

    >>> leading_who_uri("http://id.who.int/icd/entity/257068234&XN8P1")[1]
    38
    """
    found = _URI.match(text, at)
    if found is None:
        return None
    uri = WhoUri(found["entity"], found["residual"], found["linearization"], found["release"])
    return uri, found.end()


def entity_path(uri: str) -> str:
    """Return the path of a WHO URI; raise :class:`InvalidRequestError` for text that is none.

    >>> entity_path("http://id.who.int/icd/entity/257068234")
    '257068234'
    """
    found = match_who_uri(uri)
    if found is None:
        raise InvalidRequestError("uri", f"'{uri}' is not the URI of a WHO ICD-11 entity")
    return found.path


def is_classification_root(uri: str) -> bool:
    """Whether a URI names a whole classification (the parent of chapters) instead of one of its entities.

    >>> is_classification_root("http://id.who.int/icd/release/11/2025-01/mms")
    True
    """
    return _ROOT.fullmatch(uri) is not None

"""What changed between two releases of a code system: to read, to filter, to take away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from terminology.bundle.concepts.release_diff import Change, ReleaseDiff, diff_releases, split_codes
from terminology.errors import InvalidRequestError, UnknownReleaseError
from terminology.systems import ICD10CM, SYSTEMS, code_system
from web.opened import opened
from web.pages.parts.download import download
from web.pages.parts.frame import page

SHOWN = 200
LISTS = {
    "added": "Added",
    "deleted": "Deleted",
    "split": "Split",
    "retitled": "Retitled",
    "billable_changes": "Billable or no longer",
}
COLUMNS = ("change", "code", "title", "kind", "billable", "title_before", "replaces", "replaced_by")

changes = Blueprint("changes", __name__)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change and what its list is called."""

    name: str
    change: Change

    @property
    def replaces(self) -> list[str]:
        """The codes that were used before an added one."""
        return _codes([r.previous for r in self.change.related], self.change) if self.name == "added" else []

    @property
    def replaced_by(self) -> list[str]:
        """The codes to use in place of a deleted or split one."""
        return _codes([r.code for r in self.change.related], self.change) if self.name != "added" else []


@changes.get("/changes")
def begin() -> AnyResponse:
    """Lead to ICD-10-CM, else to the first code system, of those of which two releases can be compared."""
    store = opened().store
    loaded = store.systems()
    compared = [system for system in loaded if len(store.releases(system)) > 1] or loaded
    system = ICD10CM.id if ICD10CM.id in compared else compared[0]
    return redirect(url_for("pages.changes.show", system=system))


@changes.get("/changes/<system>")
def show(system: str) -> Response:
    """Answer with the lists of changes between ``from`` and ``to``, or one of them as a file."""
    store, asked = opened().store, request.args
    known = SYSTEMS[code_system(system).id]
    releases = [release.id for release in store.releases(known.id)]
    if not releases:
        raise UnknownReleaseError(known.id, "(default)", ())
    old, new = _pair(releases)
    diff = diff_releases(store, known.id, asked.get("from") or old, asked.get("to") or new)
    wanted, query = _list_asked(), asked.get("q", "").strip()[:200]
    billable = asked.get("billable") == "true"
    every = _rows(diff, split_codes(store, diff.system, diff.old, diff.new))
    rows = [row for row in every if _fits(row.change, query, billable=billable)]
    chosen = [row for row in rows if wanted in ("", row.name)]
    if asked.get("format"):
        name = f"{known.id}-{diff.old}-to-{diff.new}{'-' + wanted if wanted else ''}"
        return download(asked["format"], name, COLUMNS, map(_cells, chosen))
    return page(
        "changes.html",
        system=known,
        releases=releases,
        diff=diff,
        lists=[(name, label, sum(row.name == name for row in rows)) for name, label in LISTS.items()],
        labels=LISTS,
        wanted=wanted,
        query=query,
        billable=billable,
        total=len(chosen),
        rows=chosen[_offset() : _offset() + SHOWN],
        offset=_offset(),
        shown=SHOWN,
    )


def _pair(releases: Sequence[str]) -> tuple[str, str]:
    """The newest release and the one before it; the only one twice."""
    return releases[-2] if len(releases) > 1 else releases[-1], releases[-1]


def _rows(diff: ReleaseDiff, split: Sequence[Change]) -> list[ChangeRow]:
    held = {**dict(diff.lists()), "split": split}
    return [ChangeRow(name, change) for name in LISTS for change in held[name]]


def _fits(change: Change, query: str, *, billable: bool) -> bool:
    """Whether a code begins so or every word stands in one of its titles."""
    if billable and not change.billable:
        return False
    text = f"{change.title} {change.before or ''}".casefold()
    begins = change.code.replace(".", "").casefold().startswith(query.replace(".", "").casefold())
    return begins or all(word in text for word in query.casefold().split())


def _cells(row: ChangeRow) -> tuple[Any, ...]:
    change = row.change
    state = "" if change.billable is None else "yes" if change.billable else "no"
    before, after = " ".join(row.replaces), " ".join(row.replaced_by)
    return (row.name, change.code, change.title, change.kind, state, change.before or "", before, after)


def _codes(codes: Sequence[str], change: Change) -> list[str]:
    return list(dict.fromkeys(_others(codes, change.code)))


def _others(codes: Sequence[str], own: str) -> Iterator[str]:
    return (code for code in codes if code and code != own)


def _list_asked() -> str:
    wanted = request.args.get("list", "")
    if wanted and wanted not in LISTS:
        raise InvalidRequestError("list", f"'{wanted[:40]}' is none of {', '.join(LISTS)}")
    return wanted


def _offset() -> int:
    text = request.args.get("offset", "0")
    if not (text.isascii() and text.isdecimal()):
        raise InvalidRequestError("offset", "must be a number")
    return int(text[:9])

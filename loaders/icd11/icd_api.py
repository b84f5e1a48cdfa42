"""ICD-11 entities as WHO's ICD-API (version 2) gives them, saved as JSON from a local deployment.

The fields are those of ``LinearizationEntity`` and ``FoundationEntity`` in WHO's API reference
(https://id.who.int/swagger, "ICD API Release Notes version 2.0"). A file holds one entity, an array of
entities or one per line. What entities say beyond the simple tabulation is put onto its concepts by
:attr:`Concept.uri`, which is the linearization URI without a release, or through
:func:`terminology.who_uri.entity_path`.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType
from typing import Any, BinaryIO, NamedTuple

from loaders.files.json_stream import read_objects
from terminology.concept import AXES_STATED, Concept, Kind, Note, NoteKind, PostcoordinationAxis, Synonym
from terminology.errors import ReleaseFormatError
from terminology.systems import ICD11
from terminology.who_uri import WhoUri, is_classification_root, match_who_uri

SYNONYM = "ICD-API synonym"
INDEX_TERM = "ICD-API index term"

_KINDS = {"chapter": Kind.CHAPTER, "block": Kind.BLOCK, "window": Kind.BLOCK, "category": Kind.STEM}
_EXTENSIONS = "X"
_MULTIPLE = frozenset(("AllowAlways", "NotAllowed", "AllowedExceptFromSameBlock"))
_REQUIRED = {"true": True, "false": False}
_FOUNDATION = "foundation"


class _Entity(NamedTuple):
    line: int
    uri: WhoUri
    fields: dict[str, Any]


def read_entities(file: BinaryIO, path: str) -> Iterator[Concept]:
    """Yield every entity of a file as a concept, in the order of the file.

    Terms become synonyms (``ICD-API synonym``, ``ICD-API index term``; those that only repeat the title
    and deprecated ones are left out), inclusions, exclusions and coding notes become notes, the
    postcoordination scale becomes axes. ``parent`` is the parent's code where the file holds the parent;
    the property ``parent_uri`` names it in any case. A foundation entity belongs to no classification:
    it is a ``CATEGORY`` under its number with the property ``layer``, without ``uri`` and parent. The
    object of the classification itself is no entity and is passed over.

    Reads the file twice. Raises :class:`ReleaseFormatError` for malformed JSON, an entity of another
    classification or of version 1 of the API, and one saved twice.
    """
    codes = {(e.uri.linearization, e.uri.path): _code(e, path) for e in _entities(file, path)}
    seen: dict[tuple[str | None, str], int] = {}
    for entity in _entities(file, path):
        first = seen.setdefault((entity.uri.linearization, entity.uri.path), entity.line)
        if first != entity.line:
            found = f"{entity.uri.path}, already on line {first}"
            raise ReleaseFormatError(path, entity.line, "an entity saved once", found)
        yield _Reader(entity, path).concept(codes)


def _entities(file: BinaryIO, path: str) -> Iterator[_Entity]:
    for line, fields in read_objects(file, path):
        named = fields.get("@id")
        if isinstance(named, str) and is_classification_root(named):
            continue
        uri = match_who_uri(named) if isinstance(named, str) else None
        if uri is None or uri.linearization not in (None, "mms"):
            expected = "the URI of an ICD-11 MMS or foundation entity"
            raise ReleaseFormatError(path, line, expected, f"'{named}'", column="@id")
        yield _Entity(line, uri, fields)


def _code(entity: _Entity, path: str) -> str:
    """Return the code an entity is known by: as in the simple tabulation."""
    if entity.uri.linearization is None:
        return entity.uri.path
    return _Reader(entity, path).code()


class _Reader:
    """Reads the fields of one entity; every fault is an error at its line and field."""

    def __init__(self, entity: _Entity, path: str) -> None:
        self._line, self._uri, self._fields = entity
        self._path = path

    def code(self) -> str:
        """Return the code of a chapter or category, the BlockId of a block, else the entity's number."""
        code = self._string("code") or self._string("blockId")
        if not code and self._string("classKind") in ("category", "chapter"):
            raise self._error("code", "a code", "none")
        return code or self._uri.path

    def concept(self, codes: dict[tuple[str | None, str], str]) -> Concept:
        """Return the concept of the entity; ``codes`` are those of the entities in its file."""
        language, title = self._text("title", self._fields.get("title"))
        if not title:
            raise self._error("title", "a title", "none")
        layer = self._uri.linearization
        code = codes[layer, self._uri.path]
        parents = self._strings("parent", self._fields.get("parent"))
        properties = {
            "leaf": str(not self._strings("child", self._fields.get("child"))),
            "language": language,
        }
        above = [uri for uri in parents if not is_classification_root(uri)]
        if above:
            properties["parent_uri"] = " ".join(above)
        if self._uri.release:
            properties["release"] = self._uri.release
        if self._uri.residual:
            properties["residual"] = self._uri.residual
        if self._string("codeRange"):
            properties["code_range"] = self._string("codeRange")
        if layer is None:
            properties["layer"] = _FOUNDATION
        elif self._string("classKind") == "category":
            properties[AXES_STATED] = "stated"
        return Concept(
            system=ICD11.id,
            code=code,
            title=title,
            kind=self._kind(code, properties),
            parent=self._parent(above, codes),
            notes=self._notes(),
            synonyms=self._synonyms(language, title),
            axes=tuple(self._axes()),
            uri=None if layer is None else self._uri.mms,
            foundation_uri=self._uri.foundation,
            properties=MappingProxyType(properties),
        )

    def _kind(self, code: str, properties: dict[str, str]) -> Kind:
        if self._uri.linearization is None:
            return Kind.CATEGORY
        stated = self._string("classKind")
        kind = _KINDS.get(stated)
        if kind is None:
            raise self._error("classKind", "chapter, block, category or window", f"'{stated}'")
        if stated == "window":
            properties["class_kind"] = stated
        return Kind.EXTENSION if kind is Kind.STEM and code.startswith(_EXTENSIONS) else kind

    def _parent(self, above: list[str], codes: dict[tuple[str | None, str], str]) -> str | None:
        if self._uri.linearization is None or not above:
            return None
        parent = match_who_uri(above[0])
        if parent is None or len(above) > 1:
            raise self._error("parent", "the URI of one WHO entity", ", ".join(above))
        return codes.get((parent.linearization, parent.path))

    def _notes(self) -> tuple[Note, ...]:
        notes = [Note(NoteKind.INCLUSION_TERM, text) for _, text in self._terms("inclusion")]
        notes += [Note(NoteKind.EXCLUDES, text) for _, text in self._terms("exclusion")]
        if self._fields.get("codingNote"):
            _, text = self._text("codingNote", self._fields["codingNote"])
            notes.append(Note(NoteKind.CODING_NOTE, text))
        return tuple(notes)

    def _synonyms(self, language: str, title: str) -> tuple[Synonym, ...]:
        known = {(language, title.casefold())}
        found = []
        for field, source in (("synonym", SYNONYM), ("indexTerm", INDEX_TERM)):
            for spoken, text in self._terms(field):
                if (spoken, text.casefold()) not in known:
                    known.add((spoken, text.casefold()))
                    found.append(Synonym(text, source, spoken))
        return tuple(found)

    def _axes(self) -> Iterator[PostcoordinationAxis]:
        for scale in self._objects("postcoordinationScale"):
            name, required, multiple = (
                scale.get(key) for key in ("axisName", "requiredPostcoordination", "allowMultipleValues")
            )
            if not isinstance(name, str) or not name:
                raise self._error("axisName", "the name of an axis", repr(name))
            stated = required if isinstance(required, bool) else _REQUIRED.get(str(required))
            if stated is None:
                raise self._error("requiredPostcoordination", "true or false", repr(required))
            if multiple not in _MULTIPLE:
                raise self._error("allowMultipleValues", " or ".join(sorted(_MULTIPLE)), repr(multiple))
            values = self._strings("scaleEntity", scale.get("scaleEntity"))
            for value in values:
                if match_who_uri(value) is None:
                    raise self._error("scaleEntity", "URIs of WHO entities", f"'{value}'")
            yield PostcoordinationAxis(name.rsplit("/", 1)[-1], stated, str(multiple), tuple(values))

    def _terms(self, field: str) -> Iterator[tuple[str, str]]:
        """Yield language and text of the terms of a field that are not deprecated."""
        for term in self._objects(field):
            if not term.get("deprecated"):
                yield self._text(field, term.get("label"))

    def _text(self, field: str, value: object) -> tuple[str, str]:
        if isinstance(value, dict):
            language, text = value.get("@language"), value.get("@value")
            if isinstance(language, str) and isinstance(text, str):
                return language, text.strip()
        raise self._error(field, "@language and @value (ICD-API version 2)", repr(value)[:80])

    def _string(self, field: str) -> str:
        value = self._fields.get(field) or ""
        if not isinstance(value, str):
            raise self._error(field, "text", repr(value)[:80])
        return value

    def _strings(self, field: str, values: object) -> list[str]:
        values = values or []
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self._error(field, "a list of URIs", repr(values)[:80])
        return values

    def _objects(self, field: str) -> list[dict[str, Any]]:
        values = self._fields.get(field) or []
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            raise self._error(field, "a list of objects", repr(values)[:80])
        return values

    def _error(self, field: str, expected: str, found: str) -> ReleaseFormatError:
        return ReleaseFormatError(self._path, self._line, expected, found, column=f"{self._uri.path} {field}")

"""The table of elements against the models of fhir.resources, which are made from HL7's definitions."""

from __future__ import annotations

import importlib
import re
from typing import Any

import pytest

from web.fhir.xml.elements import RESOURCES, TypeRow, element_types

_PACKAGES = {"r4": "fhir.resources.R4B", "r5": "fhir.resources"}
_HEAD = ("id", "extension", "modifierExtension")
_HEAD_OF_RESOURCES = ("meta", "implicitRules", "language", "text", "contained")
_PRIMITIVES = {"bool": "boolean", "Annotated[int": "integer", "Decimal": "decimal", "Xhtml": "xhtml"}
ROWS = [(row, release) for row in element_types() for release in row.releases]


def model(release: str, name: str) -> Any:
    """Return the model of a type; those of a resource's parts stand in its module."""
    for end in range(len(name), 0, -1):
        try:
            module = importlib.import_module(f"{_PACKAGES[release]}.{name[:end].lower()}")
        except ModuleNotFoundError:
            continue
        if hasattr(module, name):
            return getattr(module, name)
    raise KeyError(name)


def kind(annotation: str) -> str:
    named = re.search(r"abc\.(\w+?)Type\b", annotation)
    if named:
        return named.group(1)
    return next((kind for mark, kind in _PRIMITIVES.items() if mark in annotation), "text")


def words(release: str, name: str) -> list[str]:
    """Return the elements of a model as the table writes them."""
    of, found = model(release, name), []
    head = (*_HEAD, *(_HEAD_OF_RESOURCES if name in RESOURCES else ()))
    by_alias = {field.alias or key: field for key, field in of.model_fields.items()}
    for element in of.elements_sequence():
        field = by_alias[element]
        choice = (field.json_schema_extra or {}).get("one_of_many")
        of_kind = kind(str(field.annotation))
        many = "*" if "List[" in str(field.annotation) else ""
        word = f"{choice}[x]" if choice else f"{element}{'' if of_kind == 'text' else ':' + of_kind}{many}"
        if element not in head and word not in found:
            found.append(word)
    return found


@pytest.mark.parametrize(("row", "release"), ROWS, ids=[f"{row.type}-{release}" for row, release in ROWS])
def test_a_row_has_the_elements_of_the_definition_in_its_order(row: TypeRow, release: str) -> None:
    assert list(row.elements) == words(release, row.type)


@pytest.mark.parametrize("release", _PACKAGES)
def test_every_type_that_an_element_names_has_a_row(release: str) -> None:
    types = {row.type: row.elements for row in element_types() if release in row.releases}
    named = {w.rstrip("*").partition(":")[2] for elements in types.values() for w in elements}
    assert {n for n in named if n[:1].isupper()} - set(types) == {"Resource"}
    assert set(RESOURCES) <= set(types)

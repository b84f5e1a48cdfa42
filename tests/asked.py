"""What can be asked of an operation, by its published description: its example, and each part otherwise.

A parameter and a member of a body is left out, given twice, empty, of another type, at each bound and one
beyond it, and each of the words it may be; and there are those that the operation does not know.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from web.openapi.operations import OPERATIONS, Operation

_JSON = "application/json"
_OTHERS: tuple[Any, ...] = (None, "", "~", -1, 0.5, True, [], {}, [None])


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: what is other than in the example, its address, and its body if it has one."""

    what: str
    method: str
    address: str
    body: bytes | None = None
    kind: str = _JSON


def asked_of(spec: Mapping[str, Any], key: str) -> Iterator[Asked]:
    """Yield the requests of an operation of the published document ``spec``."""
    method, path = key.split()
    example, published = OPERATIONS[key], spec["paths"][path][method.lower()]
    base = dict(example.parameters)
    body, kind = _example_body(example)
    schemas = {p["name"]: p for p in published.get("parameters", ()) if p["in"] in ("query", "path")}
    yield Asked("example", method, _address(path, [*base.items()]), body, kind)
    for name, parameter in schemas.items():
        rest = [pair for pair in base.items() if pair[0] != name]
        if parameter["in"] == "query":
            yield Asked(f"{name} left out", method, _address(path, rest), body, kind)
            twice = [*rest, (name, "x"), (name, "y")]
            yield Asked(f"{name} twice", method, _address(path, twice), body, kind)
        for value in ("", "~", *_values(spec, parameter["schema"])):
            if value or parameter["in"] == "query":
                given = _address(path, [*rest, (name, value)])
                yield Asked(f"{name}={_short(value)}", method, given, body, kind)
    yield Asked("unknown", method, _address(path, [*base.items(), ("no_such", "1")]), body, kind)
    if body is not None and kind == _JSON:
        schema = published["requestBody"]["content"][_JSON]["schema"]
        address = _address(path, [*base.items()])
        for what, changed in _bodies(spec, schema, example.body):
            yield Asked(what, method, address, json.dumps(changed).encode())
        yield Asked("cut", method, address, body[:-3])
        yield Asked("not JSON", method, address, body, "text/plain")
        yield Asked("no body", method, address, b"")


def _example_body(example: Operation) -> tuple[bytes | None, str]:
    if example.body is None or isinstance(example.body, str):
        return (None if example.body is None else example.body.encode()), "text/csv"
    return json.dumps(example.body).encode(), _JSON


def _address(path: str, parameters: list[tuple[str, Any]]) -> str:
    query = []
    for name, value in parameters:
        place = "{" + name + "}"
        if place in path:
            path = path.replace(place, quote(str(value), safe=""))
        else:
            query.append((name, value))
    return f"{path}?{urlencode(query, doseq=True)}" if query else path


def _values(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[Any]:
    """The values at the bounds of a schema and beyond them, and the words it names."""
    schema = _resolved(spec, schema)
    parts = (schema, *schema.get("anyOf", ()), *schema.get("oneOf", ()))
    for part in (_resolved(spec, part) for part in parts):
        yield from part.get("enum", ())
        if "minimum" in part:
            yield from (part["minimum"] - 1, part["minimum"])
        if "maximum" in part:
            yield from (part["maximum"], part["maximum"] + 1)
        if "maxLength" in part and part["maxLength"] < 5_000:
            yield from ("x" * part["maxLength"], "x" * (part["maxLength"] + 1))
        if part.get("format") == "date":
            yield from ("2026-11-02", "2016-01-01", "2026-13-01", "1850-01-01")
        if part.get("type") == "boolean":
            yield from ("true", "false")


def _bodies(spec: Mapping[str, Any], schema: Mapping[str, Any], body: Any) -> Iterator[tuple[str, Any]]:
    """The body with one member otherwise, those of its members' members too."""
    if not isinstance(body, dict):
        yield from ((f"body {_short(other)}", other) for other in _OTHERS)
        return
    schema = _resolved(spec, schema)
    schema = _resolved(spec, next(iter(schema.get("anyOf", schema.get("oneOf", (schema,))))))
    members = schema.get("properties", {})
    yield "unknown member", {**body, "no_such": 1}
    for name in {**body, **members}:
        value = body.get(name)
        if name in body:
            yield f"without {name}", {key: each for key, each in body.items() if key != name}
        published = members.get(name, {})
        for other in (*_OTHERS, *_values(spec, published), *_lists(published, value)):
            yield f"{name}: {_short(other)}", {**body, name: other}
        if isinstance(value, dict):
            yield from (
                (f"{name}.{what}", {**body, name: each}) for what, each in _bodies(spec, published, value)
            )
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            item = _resolved(spec, published).get("items", {})
            for what, each in _bodies(spec, item, value[0]):
                yield f"{name}[0].{what}", {**body, name: [each, *value[1:]]}


def _lists(schema: Mapping[str, Any], value: Any) -> Iterator[Any]:
    """Lists as long as a schema allows, and one longer, where that is not very long."""
    if isinstance(value, list) and value and schema.get("maxItems", 10_000) < 1_100:
        yield from ([value[0]] * (schema["maxItems"] + more) for more in (0, 1))
    if isinstance(value, list) and value:
        yield [value[0], value[0]]


def _resolved(spec: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        found: Any = spec
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        schema = found
    return schema


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) < 60 else f"{text[:40]}... {len(text)}"

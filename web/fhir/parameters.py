"""The inputs of an operation, from a query string or a Parameters resource, and its outputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote_plus

from web.fhir.outcome import refuse
from web.fhir.shape import check_shape

Json = dict[str, Any]
_TRUE, _FALSE = ("true", "1"), ("false", "0")


class Inputs:
    """The named inputs of one operation. Values are JSON values: text, numbers, datatypes, resources.

    ``of_address``: they come from a query string alone, and there is no resource among them.
    """

    def __init__(
        self,
        values: Mapping[str, list[Any]],
        kinds: Mapping[str, str] | None = None,
        *,
        of_address: bool = False,
    ) -> None:
        self._values, self._kinds, self.of_address = values, kinds or {}, of_address

    @property
    def described(self) -> str:
        """Name the inputs with their types, for messages; those of the inner one of merged inputs."""
        return ", ".join(f"{name}:{self._kinds.get(name, 'string')}" for name in self._kinds or self._values)

    @classmethod
    def of_query(cls, query: Iterable[tuple[str, str]]) -> Inputs:
        """Read a query string's pairs."""
        values: dict[str, list[Any]] = {}
        for name, value in query:
            values.setdefault(name, []).append(value)
        return cls(values, of_address=True)

    @classmethod
    def of_query_string(cls, text: str) -> Inputs:
        """Read a query string; faster than :func:`urllib.parse.parse_qsl`, and with the same result.

        >>> Inputs.of_query_string("code=E11.9&system=http%3A%2F%2Fa&x=a+b&y").all("x")
        ['a b']
        """
        values: dict[str, list[Any]] = {}
        for pair in text.split("&"):
            if pair:
                name, _, value = pair.partition("=")
                if "%" in pair or "+" in pair:
                    name, value = unquote_plus(name), unquote_plus(value)
                values.setdefault(name, []).append(value)
        return cls(values, of_address=True)

    @classmethod
    def of_resource(cls, resource: Json) -> Inputs:
        """Read a Parameters resource. Raises :class:`FhirError` for any other."""
        if resource.get("resourceType") != "Parameters":
            reason = f"expected a Parameters resource, found {resource.get('resourceType') or 'none'}"
            raise refuse(400, "INVALID_BODY", reason=reason)
        values: dict[str, list[Any]] = {}
        kinds: dict[str, str] = {}
        listed = resource.get("parameter", [])
        if not isinstance(listed, list):
            raise refuse(400, "INVALID_BODY", "Parameters.parameter", reason="parameter must be a list")
        for number, parameter in enumerate(listed):
            if not isinstance(parameter, dict) or not isinstance(parameter.get("name"), str):
                where = f"Parameters.parameter[{number}]"
                raise refuse(400, "INVALID_BODY", where, reason="a parameter needs a name")
            name = parameter["name"]
            values.setdefault(name, []).append(parameter_value(parameter))
            kinds[name] = next(
                (k.removeprefix("value") for k in parameter if k.startswith("value")), "Resource"
            )
        return cls(values, kinds)

    def merged(self, over: Inputs) -> Inputs:
        """Return these inputs with those of another laid over them, name by name."""
        return Inputs({**self._values, **over._values}, over._kinds)

    @property
    def names(self) -> list[str]:
        """The names of the inputs, in the order of their first value."""
        return list(self._values)

    def all(self, name: str) -> list[Any]:
        """Return all values of an input."""
        return self._values.get(name, [])

    def text(self, *names: str) -> str | None:
        """Return the first value of the first of these inputs that is given, as text."""
        for name in names:
            for value in self._values.get(name, ()):
                if isinstance(value, dict | list):
                    raise refuse(400, "INVALID_PARAMETER", parameter=name, reason="must be a simple value")
                if value is not None and value != "":
                    return str(value).strip() if isinstance(value, str) else str(value)
        return None

    def flag(self, name: str) -> bool | None:
        """Return a boolean input, ``None`` when it is not given."""
        value = self.text(name)
        if value is None:
            return None
        if value.lower() not in (*_TRUE, *_FALSE):
            raise refuse(400, "INVALID_PARAMETER", parameter=name, reason=f"is no boolean: '{value}'")
        return value.lower() in _TRUE

    def number(self, name: str) -> int | None:
        """Return an input that is a count, ``None`` when it is not given."""
        value = self.text(name)
        if value is None:
            return None
        if not value.isdecimal():
            reason = f"must be a whole number, 0 or more, not '{value}'"
            raise refuse(400, "INVALID_PARAMETER", parameter=name, reason=reason)
        return int(value)

    def coding(self, name: str) -> Json | None:
        """Return a Coding; in a query string it is written ``system|code``."""
        for value in self._values.get(name, ()):
            if isinstance(value, dict):
                check_shape(value, "Coding")
                return value
            system, bar, code = str(value).rpartition("|")
            return {"system": system, "code": code} if bar else {"code": code}
        return None

    def concepts(self, name: str) -> list[Json]:
        """Return the CodeableConcepts given under a name."""
        found = [c for c in self._values.get(name, ()) if isinstance(c, dict)]
        for concept in found:
            check_shape(concept, "CodeableConcept")
        return found

    def resources(self, name: str, kind: str | None = None) -> list[Json]:
        """Return the resources given under a name, those of one type only if ``kind`` is set."""
        found = [r for r in self._values.get(name, ()) if isinstance(r, dict) and "resourceType" in r]
        return [r for r in found if kind is None or r["resourceType"] == kind]


def parameter_value(parameter: Json) -> Any:
    """Return what an element of Parameters holds: its value, its resource, or its parts by name."""
    if "resource" in parameter:
        return parameter["resource"]
    for key, value in parameter.items():
        if key.startswith("value"):
            return value
    parts: dict[str, Any] = {}
    listed = parameter.get("part", [])
    if not isinstance(listed, list):
        raise refuse(400, "INVALID_BODY", "Parameters.parameter.part", reason="part must be a list")
    for part in listed:
        if isinstance(part, dict) and "name" in part:
            parts[str(part["name"])] = parameter_value(part)
    return parts


class Outputs:
    """The parameters of an answer, in the order they are added."""

    def __init__(self) -> None:
        self._parameters: list[Json] = []

    def add(self, name: str, kind: str, value: object) -> None:
        """Add a value of a FHIR type (``Code``, ``String``, ``Boolean`` ...) unless it is ``None``."""
        if value is not None:
            self._parameters.append({"name": name, f"value{kind}": value})

    def add_resource(self, name: str, resource: Json) -> None:
        """Add a resource."""
        self._parameters.append({"name": name, "resource": resource})

    def add_parts(self, name: str, *parts: Json | None) -> None:
        """Add a parameter of parts; ``None`` among them is left out."""
        self._parameters.append({"name": name, "part": [p for p in parts if p is not None]})

    def extend(self, name: str, parts: list[Json]) -> None:
        """Add a parameter of these parts."""
        self._parameters.append({"name": name, "part": parts})

    def json(self) -> Json:
        """Return the Parameters resource."""
        return {"resourceType": "Parameters", "parameter": self._parameters}


def part(name: str, kind: str, value: object) -> Json | None:
    """Return a part of a parameter, ``None`` when there is no value."""
    return None if value is None else {"name": name, f"value{kind}": value}


def canonical(url: str | None, version: str | None) -> str:
    """Return ``url|version``, or the url alone.

    >>> canonical("http://example.org/vs", "1"), canonical("http://example.org/vs", None)
    ('http://example.org/vs|1', 'http://example.org/vs')
    """
    return f"{url or ''}|{version}" if version else (url or "")


def split_canonical(text: str) -> tuple[str, str | None]:
    """Split ``url|version``.

    >>> split_canonical("http://example.org/cs|2.0")
    ('http://example.org/cs', '2.0')
    """
    url, _, version = text.partition("|")
    return url, version or None

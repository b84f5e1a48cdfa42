"""One request: who is asked (registry, search), in what FHIR release, and in what languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from indexes.search import SearchIndex
from terminology.bundle.store import Store
from web.fhir.fhir_release import FhirRelease
from web.fhir.outcome import refuse
from web.fhir.parameters import Inputs
from web.fhir.registry import Registry
from web.fhir.shape import check_shape
from web.fhir.systems.display import Languages
from web.opened import Opened

Json = dict[str, Any]
#: Versions of imported value sets; the second is its name before tx-ecosystem 1.7.6.
_VALUESET_VERSION = ("default-valueset-version", "valueset-version")
_PARAMETER = (
    "http://hl7.org/fhir/tools/StructureDefinition/valueset-expansion-parameter",
    "http://hl7.org/fhir/StructureDefinition/valueset-expansion-parameter",
)


@dataclass(frozen=True, slots=True)
class Asking:
    """What an operation needs besides its inputs. ``accept_language`` is the header as sent."""

    fhir: FhirRelease
    here: Opened
    registry: Registry
    accept_language: str | None = None

    @property
    def store(self) -> Store:
        """The bundle's database."""
        return self.here.store

    @property
    def search(self) -> SearchIndex | None:
        """The bundle's search index, if it has one."""
        return self.here.search

    @classmethod
    def of(
        cls, fhir: FhirRelease, here: Opened, inputs: Inputs, accept_language: str | None = None
    ) -> Asking:
        """Gather a request's own resources; raises when a supplement it needs is not among them."""
        supplied: list[Json] = []
        if not inputs.of_address:
            supplied += inputs.resources("tx-resource")
            for name in ("valueSet", "codeSystem", "conceptMap"):
                for resource in inputs.resources(name):
                    contained = resource.get("contained", ())
                    supplied += [resource, *(r for r in contained if isinstance(r, dict))]
            for resource in supplied:
                check_shape(resource)
        wanted = [str(s) for s in inputs.all("useSupplement")]
        day = asked_day(inputs)
        pinned = [str(c) for name in _VALUESET_VERSION for c in inputs.all(name)]
        registry = Registry(here.store, supplied, wanted, pinned, fhir.version, day, here.resources)
        return cls(fhir, here, registry, accept_language)

    def languages_of(self, inputs: Inputs, valueset: Json | None = None) -> Languages | None:
        """Return the languages wanted: by parameter, by the value set, by header, in this order."""
        text = inputs.text("displayLanguage")
        if text is None and valueset is not None:
            text = expansion_parameter(valueset, "displayLanguage") or valueset.get("language")
        if text is None:
            text = self.accept_language
        found = Languages.of(text)
        if text and found is None and text.strip() != "*" and text != self.accept_language:
            raise refuse(400, "INVALID_DISPLAY_NAME", language=text)
        return found


def asked_day(inputs: Inputs) -> date | None:
    """Return the day of the ``date`` parameter (a dateTime): which version counts where none is named.

    A year or month means its first day. Raises :class:`FhirError` for what is no date.
    """
    text = inputs.text("date")
    if text is None:
        return None
    try:
        year, month, day = (*text.strip()[:10].split("-"), "01", "01")[:3]
        return date(int(year), int(month), int(day))
    except ValueError:
        reason = "must be a date or dateTime such as 2026-10-01"
        raise refuse(400, "INVALID_PARAMETER", "date", parameter="date", reason=reason) from None


def versions_match(inputs: Inputs, valueset: Json) -> bool:
    """Whether codes of several versions of a system count as one, by parameter or by the value set."""
    return bool(stated_versions_match(inputs, valueset))


def stated_versions_match(inputs: Inputs, valueset: Json) -> bool | None:
    """What is said of :func:`versions_match`: by parameter, else by the value set; ``None`` if nothing is."""
    flag = inputs.flag("versionsMatch")
    if flag is not None:
        return flag
    stated = expansion_parameter(valueset, "versionsMatch")
    return None if stated is None else stated.lower() == "true"


def expansion_parameter(valueset: Json, name: str) -> str | None:
    """Return an expansion parameter that a value set's definition states in an extension."""
    for extension in valueset.get("compose", {}).get("extension", ()):
        if extension.get("url") in _PARAMETER:
            parts = {p.get("url"): p for p in extension.get("extension", ())}
            if parts.get("name", {}).get("valueCode", parts.get("name", {}).get("valueString")) == name:
                value = parts.get("value", {})
                return next((str(v) for k, v in value.items() if k.startswith("value")), None)
    return None

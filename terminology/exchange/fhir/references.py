"""What a resource refers to: resources it contains, or that stand beside it in a Bundle."""

from __future__ import annotations

from dataclasses import dataclass, field

from terminology.exchange.fhir.element import Element


@dataclass(slots=True)
class Beside:
    """The resources of a Bundle by the addresses they can be referred to."""

    resources: dict[str, Element] = field(default_factory=dict)

    def add(self, full_url: str | None, resource: Element) -> None:
        """Take up an entry."""
        if full_url:
            self.resources[full_url] = resource
        kind, name = resource.child("resourceType").text(), resource.child("id").text()
        if kind and name:
            self.resources.setdefault(f"{kind}/{name}", resource)

    def referred(self, reference: Element, owner: Element) -> Element | None:
        """Return what a Reference of ``owner`` points to, ``None`` where that was not sent along."""
        address = reference.child("reference").text() or ""
        if address.startswith("#"):
            inside = owner.children("contained")
            return next((each for each in inside if f"#{each.child('id').text()}" == address), None)
        return self.resources.get(address) or self.resources.get("/".join(address.split("/")[-2:]))

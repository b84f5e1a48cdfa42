"""Episodes of care after a user's own definition: what triggers one, how long it lasts, what belongs to it.

No definition is shipped: bundled payment models publish theirs (TEAM: five surgical episodes of 30 days after
discharge), and a user brings them as data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class EpisodeDefinition:
    """One kind of episode.

    A stay in one of ``trigger_drgs``, or a line with one of ``trigger_codes``, opens it; it lasts until
    ``days`` after the discharge (or the service). What begins within it belongs to it, but for
    ``excluded_drgs`` and claims whose principal diagnosis begins with one of ``excluded_diagnoses``;
    ``included_codes``, if any, are the only ones of claims without a DRG that belong to it.
    """

    name: str
    days: int
    trigger_drgs: frozenset[str] = frozenset()
    trigger_codes: frozenset[str] = frozenset()
    excluded_drgs: frozenset[str] = frozenset()
    excluded_diagnoses: tuple[str, ...] = ()
    included_codes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class EpisodeClaim:
    """A claim as episodes need it. ``patient`` is the user's own word; ``paid`` in US dollars."""

    id: str
    patient: str
    starts: date
    ends: date
    paid: float
    drg: str | None = None
    codes: tuple[str, ...] = ()
    diagnosis: str | None = None


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode: its trigger, its period, what belongs to it and what was left out, and the sum."""

    definition: str
    patient: str
    trigger: str
    starts: date
    ends: date
    claims: tuple[str, ...]
    excluded: tuple[str, ...]
    paid: float


def episodes(claims: Iterable[EpisodeClaim], definitions: Sequence[EpisodeDefinition]) -> list[Episode]:
    """Group claims into episodes, patient by patient and in time; a trigger inside an episode opens no other.

    A claim belongs to the first episode it falls into, and to one only.
    """
    by_patient: dict[str, list[EpisodeClaim]] = {}
    for claim in claims:
        by_patient.setdefault(claim.patient, []).append(claim)
    return [
        episode
        for held in by_patient.values()
        for episode in _of_patient(sorted(held, key=lambda c: (c.starts, c.id)), definitions)
    ]


def _of_patient(
    claims: Sequence[EpisodeClaim], definitions: Sequence[EpisodeDefinition]
) -> Iterator[Episode]:
    taken: set[str] = set()
    open_until: date | None = None
    for claim in claims:
        definition = next((each for each in definitions if _triggers(claim, each)), None)
        inside = open_until is not None and claim.starts <= open_until
        if definition is None or inside or claim.id in taken:
            continue
        open_until = claim.ends + timedelta(days=definition.days)
        yield _episode(claim, definition, claims, open_until, taken)


def _episode(
    trigger: EpisodeClaim,
    definition: EpisodeDefinition,
    claims: Sequence[EpisodeClaim],
    until: date,
    taken: set[str],
) -> Episode:
    within = [c for c in claims if trigger.starts <= c.starts <= until and c.id not in taken]
    inside = [c for c in within if c is trigger or _belongs(c, definition)]
    taken.update(claim.id for claim in inside)
    return Episode(
        definition.name,
        trigger.patient,
        trigger.id,
        trigger.starts,
        until,
        tuple(claim.id for claim in inside),
        tuple(claim.id for claim in within if claim not in inside),
        round(sum(claim.paid for claim in inside), 2),
    )


def _triggers(claim: EpisodeClaim, definition: EpisodeDefinition) -> bool:
    return claim.drg in definition.trigger_drgs or bool(definition.trigger_codes & set(claim.codes))


def _belongs(claim: EpisodeClaim, definition: EpisodeDefinition) -> bool:
    if claim.drg in definition.excluded_drgs:
        return False
    if (claim.diagnosis or "").startswith(definition.excluded_diagnoses or ("\0",)):
        return False
    return (
        not definition.included_codes
        or claim.drg is not None
        or bool(definition.included_codes & set(claim.codes))
    )

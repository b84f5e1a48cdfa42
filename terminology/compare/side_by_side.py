"""The ICD-10-CM code and its ICD-11 form, facet by facet, then what differs in each care setting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from terminology.bundle.crosswalk.crosswalks import crosswalk, main_stems
from terminology.bundle.crosswalk.icd11_places import icd11_places
from terminology.bundle.store import Store
from terminology.bundle.tables.facility_tables import payment_of, volumes_of
from terminology.claims.tables.poa_exempt import POA_EXEMPT
from terminology.codes import code_key
from terminology.crosswalk import Crosswalk, Target
from terminology.crosswalk.record import payload, target_payload
from terminology.errors import InvalidRequestError, UnknownCodeError
from terminology.facility import PaymentScheme, Setting
from terminology.impact.measures.documentation import query
from terminology.rule_tables import read_rules
from terminology.systems import ICD10CM

CARE_SETTINGS = (Setting.INPATIENT.value, Setting.OUTPATIENT.value, Setting.OFFICE.value)
_COUNTED = {
    Setting.INPATIENT.value: (Setting.INPATIENT,),
    Setting.OUTPATIENT.value: (Setting.OUTPATIENT, Setting.EMERGENCY, Setting.SURGERY),
    Setting.OFFICE.value: (Setting.OFFICE,),
}
_PAYS = {
    Setting.INPATIENT.value: (PaymentScheme.MS_DRG, PaymentScheme.HCC_V28),
    Setting.OUTPATIENT.value: (PaymentScheme.HCC_V28,),
    Setting.OFFICE.value: (PaymentScheme.HCC_V28,),
}
NO_VOLUME = {
    Setting.OFFICE.value: (
        "No physician-office volume is in this bundle, and no other setting stands in for it."
    ),
}


@dataclass(frozen=True, slots=True)
class GuidelineRule:
    """What the official rules of both classifications say of one topic in one care setting."""

    setting: str
    topic: str
    codes: re.Pattern[str]
    title: re.Pattern[str]
    poa: str
    icd_10_cm: str
    icd_11: str
    source: str

    def applies(self, setting: str, key: str, title: str, poa: str) -> bool:
        """Whether the rule is about a code (its key and title) in a care setting.

        ``poa`` is whether the code needs a present-on-admission indicator: ``needed``, ``exempt``,
        ``unknown``.
        """
        return (
            self.setting in ("all", setting)
            and self.poa in ("any", poa)
            and self.codes.search(key) is not None
            and self.title.search(title.lower()) is not None
        )


def guideline_rules() -> tuple[GuidelineRule, ...]:
    """Return what official rules say, one row per setting and topic, each with its section and page."""
    return read_rules("terminology.compare", "guideline_rules.tsv", GuidelineRule)


def compare_code(
    store: Store,
    code: str,
    settings: Sequence[str] = (),
    release: str | None = None,
    on: date | None = None,
) -> dict[str, Any]:
    """Return ``source, target, facets, alternatives, settings`` of a code.

    ``settings`` are care settings (``inpatient``, ``outpatient``, ``office``), all when empty.
    ``facets`` has a
    row per facet with ``icd_10_cm`` and ``icd_11`` as booleans. Raises :class:`InvalidRequestError` for
    another setting, and as :func:`terminology.bundle.crosswalk.crosswalks.crosswalk_json`.
    """
    wanted = tuple(settings) or CARE_SETTINGS
    for setting in wanted:
        if setting not in CARE_SETTINGS:
            raise InvalidRequestError("settings", f"'{setting}' is not one of {', '.join(CARE_SETTINGS)}")
    found = crosswalk(store, code, release, on)
    first = found.recommended
    return {
        "source": payload(found)["source"],
        "representation": found.representation,
        "motif": found.motif,
        "target": target_payload(first) if first else None,
        "facets": _facets(first),
        "alternatives": [target_payload(target) for target in found.targets[1:]],
        "settings": [_setting(store, found, setting) for setting in wanted],
    }


def _facets(target: Target | None) -> list[dict[str, Any]]:
    if target is None:
        return []
    kinds = (
        (target.facets_kept, True, True),
        (target.facets_lost, True, False),
        (target.facets_added, False, True),
    )
    return [
        {
            "facet": facet.split("=", 1)[0],
            "value": facet.split("=", 1)[-1],
            "icd_10_cm": ten,
            "icd_11": eleven,
        }
        for facets, ten, eleven in kinds
        for facet in facets
    ]


def _asked(store: Store, found: Crosswalk) -> list[str]:
    """What a physician could have to be asked, with the ICD-11 stems that answer it."""
    first = found.recommended
    if first is None:
        return []
    asked = query(
        found.source_code,
        found.source_title,
        first.stem,
        first.relationship,
        first.facets_lost,
        first.facets_added,
        icd11_places(store, found.target_release),
        _category_title(store, found),
        main_stems(store, found.source_code[:3]) - {first.stem},
    )
    return [] if asked is None else [f"{asked.about} (ICD-11 tells apart: {', '.join(asked.options)})"]


def _category_title(store: Store, found: Crosswalk) -> str:
    try:
        return store.concept(ICD10CM.id, found.source_code[:3], found.source_release).title
    except UnknownCodeError:
        return ""


def _setting(store: Store, found: Crosswalk, setting: str) -> dict[str, Any]:
    code, first = found.source_code, found.recommended
    volumes = [v for v in volumes_of(store, code) if v[1] in _COUNTED[setting]]
    return {
        "setting": setting,
        "codes_to_enter": {"icd_10_cm": 1, "icd_11": len(first.members) if first else 0},
        "documentation": _asked(store, found),
        "volumes": [
            {"source": source, "setting": where.value, "count": count, "rank": rank}
            for source, where, count, rank in volumes
        ],
        "volume_notice": None
        if volumes
        else NO_VOLUME.get(setting, "No volume of this code is in this bundle."),
        "payment": [
            {"scheme": p.scheme.value, "status": p.status, "source": p.source}
            for p in payment_of(store, code)
            if p.scheme in _PAYS[setting]
        ],
        "rules": [
            {
                "setting": setting,
                "topic": r.topic,
                "icd_10_cm": r.icd_10_cm,
                "icd_11": r.icd_11,
                "source": r.source,
            }
            for r in guideline_rules()
            if r.applies(setting, code_key(code), found.source_title, _poa(store, code))
        ],
    }


def _poa(store: Store, code: str) -> str:
    """Whether a code needs a present-on-admission indicator: ``needed``, ``exempt`` or ``unknown``."""
    tables = store.edit_tables
    newest = tables.releases(POA_EXEMPT)[-1:]
    if not newest:
        return "unknown"
    return "exempt" if any(e.release in newest for e in tables.find(POA_EXEMPT, code_key(code))) else "needed"

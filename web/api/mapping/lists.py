"""Lists of codes that move to ICD-11."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from terminology.exchange.reports.write import known_setting
from terminology.impact.measures.error_range import PAIRS
from terminology.impact.survival import LevelSurvival, Survival, sentences, survival
from terminology.impact.table import Certainty
from web.api.contract.problems import PROBLEM_RESPONSES
from web.api.schemas.lists import ListIn, SurvivalOut
from web.heavy.marking import heavy
from web.opened import opened
from web.responses import answer

lists = APIBlueprint("lists", __name__, tag="Impact")


@lists.post("/lists/survival")
@lists.input(ListIn)
@lists.output(SurvivalOut)
@lists.doc(summary="What replaces a list of codes in ICD-11", responses=PROBLEM_RESPONSES)
@heavy()
def survive(json_data: dict[str, Any]) -> Response:
    """Return what replaces a list of ICD-10-CM codes, by whole expression and by stems alone, and what leaks.

    Headings stand for the codes below them. An ``exact`` form is taken by codes of the list alone. Volumes
    are the bundle's own, of one ``setting`` or of all. The codes are those of the edition in force on
    ``date``, today without one, or of ``release``.
    """
    setting = known_setting(json_data.get("setting"))
    found = survival(
        opened().store,
        json_data["codes"],
        setting.value if setting else None,
        release=json_data.get("release"),
        on=json_data.get("date"),
    )
    return answer(survival_payload(found))


def survival_payload(found: Survival) -> dict[str, Any]:
    """Return what becomes of a list as JSON-ready values."""
    return {
        "release": found.release,
        "notices": list(found.notices),
        "other_editions": list(found.other_editions),
        "codes": found.codes,
        "volume": found.volume,
        "unknown_codes": list(found.unknown),
        "headings": list(found.headings),
        "represented": [
            {"representation": kind.value, "codes": count} for kind, count in found.represented.items()
        ],
        "sentences": sentences(found),
        "certainty": Certainty.UNMEASURED.value,
        "why": PAIRS,
        "expression": _level(found.expression),
        "stem": _level(found.stem),
    }


def _level(level: LevelSurvival) -> dict[str, Any]:
    return {
        "codes_exact": level.codes_exact,
        "codes_in": level.codes_in,
        "codes_out": level.codes_out,
        "volume_exact": level.volume_exact,
        "volume_in": level.volume_in,
        "volume_out": level.volume_out,
        "codes_reported": level.codes_reported,
        "codes_exact_reported": level.codes_exact_reported,
        "volume_exact_reported": level.volume_exact_reported,
        "replacements": [
            {
                "icd_11": row.target,
                "exact": row.exact,
                "inside": list(row.inside),
                "outside": list(row.outside),
                "volume_inside": row.volume_inside,
                "volume_outside": row.volume_outside,
            }
            for row in level.replacements
        ],
    }

"""Why a code is not answered: it is not known, or not in use on the day; and what may be meant."""

from __future__ import annotations

from functools import partial

from terminology.bundle.concepts.concept_reader import ConceptReader, LoadedRelease
from terminology.bundle.life.code_status import Resolution
from terminology.bundle.life.icd9_codes import became_icd10, codes_in_use
from terminology.bundle.life.not_loaded import remark_elsewhere
from terminology.bundle.store_face import StoreFace
from terminology.codes import key_in, suggested_keys
from terminology.errors import CodeNotValidError, UnknownCodeError
from terminology.icd9.shape import remark_on
from terminology.systems import ICD10CM


def unknown_code(
    store: StoreFace, reader: ConceptReader, loaded: LoadedRelease, code: str
) -> UnknownCodeError:
    """Return the error for a code that a release does not have: what it may mean, or where it is."""
    release = loaded.release
    elsewhere = store.releases_with(release.system, code)
    became = became_icd10(store, code) if release.system == ICD10CM.id else None
    if became is not None:
        near = codes_in_use(store, became)
        remark = f"{became.code} is {became.sentence}"
        return UnknownCodeError(release.system, release.id, code, near, elsewhere, remark)
    remark = remark_on(release.system, code)
    other = "" if remark or elsewhere else remark_elsewhere(store, release.system, code)
    suggested = [] if other else near_codes(reader, loaded, code)
    return UnknownCodeError(release.system, release.id, code, suggested, elsewhere, remark or other)


def near_codes(reader: ConceptReader, loaded: LoadedRelease, code: str) -> list[str]:
    """Return codes a mistyped one may mean (:func:`~terminology.codes.near_keys`)."""
    key = key_in(loaded.release.system, code)
    rows = (
        reader.by_key(loaded, near) for near in suggested_keys(key, partial(reader.exists, loaded.number))
    )
    return [row.code for row in rows if row is not None]


def not_valid(found: Resolution, code: str, elsewhere: list[str]) -> CodeNotValidError:
    """Return the error for a code that is not in use on the day it is asked for."""
    return CodeNotValidError(
        found.system,
        code,
        found.status,
        found.message,
        successors=[s.code for s in found.successors],
        heading=found.heading,
        begins=found.begins,
        ended=found.ended,
        elsewhere=elsewhere,
    )

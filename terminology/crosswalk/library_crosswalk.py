"""The crosswalk of a whole library: every ICD-10-CM code of any of its releases, to its newest ICD-11."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from terminology.codes import code_key
from terminology.concept import Concept, Kind
from terminology.crosswalk.corpus import Corpus
from terminology.crosswalk.engine import build_crosswalk
from terminology.crosswalk.model import Crosswalk
from terminology.crosswalk.review.overrides import Override
from terminology.edition import Edition, Library
from terminology.errors import InvalidRequestError
from terminology.systems import ICD10, ICD10CM, ICD11

_TOLD_EVERY = 500


@dataclass(frozen=True, slots=True)
class LibraryCorpus:
    """What of a library the engine reads, and the newest release that holds each source code, by key."""

    corpus: Corpus
    release_of: Mapping[str, str]


def library_corpus(library: Library, target: str | None = None) -> LibraryCorpus | None:
    """Choose what the engine reads: nothing where ICD-10-CM or ICD-11 is not loaded.

    The source is the newest ICD-10-CM release with the codes that only older ones hold; the target is the
    ICD-11 release named ``target``, the newest without it. Raises :class:`InvalidRequestError` for one that
    is not loaded.
    """
    cm, eleven, ten = (_newest_first(library, system.id) for system in (ICD10CM, ICD11, ICD10))
    if not cm or not eleven:
        return None
    chosen = next((edition for edition in eleven if target in (None, edition.release.id)), None)
    if chosen is None:
        loaded = ", ".join(edition.release.id for edition in eleven)
        raise InvalidRequestError("target-release", f"ICD-11 {target} is not loaded; loaded are {loaded}")
    source: list[Concept] = []
    release_of: dict[str, str] = {}
    for edition in cm:
        for concept in edition.concepts:
            key = code_key(concept.code)
            if key not in release_of:
                release_of[key] = edition.release.id
                source.append(concept)
    corpus = Corpus(
        source_release=cm[0].release.id,
        source=source,
        target_release=chosen.release.id,
        target=chosen.concepts,
        icd10=ten[0].concepts if ten else (),
        mappings=library.mappings,
        earlier_targets={edition.release.id: edition.concepts for edition in eleven if edition is not chosen},
    )
    return LibraryCorpus(corpus, release_of)


def map_corpus(
    chosen: LibraryCorpus | None,
    overrides: Sequence[Override] = (),
    on_progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Crosswalk]:
    """Map every category and code, each under the newest release that holds it.

    ``on_progress`` is told now and then how many of how many are mapped. Errors of the overrides
    pass through.
    """
    if chosen is None:
        return []
    corpus = chosen.corpus
    total = sum(concept.kind in (Kind.CATEGORY, Kind.CODE) for concept in corpus.source)

    def tell(done: int) -> None:
        if done % _TOLD_EVERY == 0 or done == total:
            on_progress(done, total)

    return [
        replace(crosswalk, source_release=chosen.release_of[code_key(crosswalk.source_code)])
        for crosswalk in build_crosswalk(corpus, overrides, tell)
    ]


def _newest_first(library: Library, system: str) -> list[Edition]:
    return [edition for edition in reversed(library.in_order()) if edition.release.system == system]

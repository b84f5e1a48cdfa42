"""What a build does without: systems of which no file is there, and files that nobody reads."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from loaders.files.archive import SourceFile
from loaders.files.catalog import Format, ReleaseFile, recognise

_MOST = 200

#: What is said when none of these formats is there.
_NEEDS: tuple[tuple[frozenset[Format], str], ...] = (
    (
        frozenset({Format.ICD10CM_ORDER, Format.ICD10CM_CODE_LIST}),
        "ICD-10-CM is not loaded: give CMS's code descriptions zip and NCHS's Tabular List with --data",
    ),
    (
        frozenset({Format.ICD11_TABULATION, Format.ICD11_CODE_LIST}),
        "ICD-11 is not loaded: give WHO's SimpleTabulation-ICD-11-MMS-en.zip with --data",
    ),
    (
        frozenset({Format.ICD10_CODES, Format.ICD10_CODE_LIST}),
        "WHO's ICD-10 is not loaded: give its metadata files (icd102019syst_codes.txt and those beside it) "
        "with --data",
    ),
    (
        frozenset({Format.HCPCS}),
        "HCPCS Level II is not loaded: no package carries it; give CMS's file with --data",
    ),
    (
        frozenset({Format.WHO_MAP}),
        "WHO's ICD-10 to ICD-11 tables are not loaded: the crosswalk answers from titles alone; "
        "give WHO's mapping.zip with --data",
    ),
)


def absent_notices(formats: Collection[Format]) -> Iterator[str]:
    """Yield a sentence for each system and table of which none of the files is there."""
    return (notice for needed, notice in _NEEDS if needed.isdisjoint(formats))


def unrecognised_notice(sources: Sequence[SourceFile], files: Sequence[ReleaseFile]) -> list[str]:
    """Return what files of a folder no loader reads, a sentence for copies and one for the others."""
    read = {file.label for file in files}
    unread = [source for source in sources if source.label not in read]
    copies = [source.label for source in unread if recognise(source.name) is not None]
    others = [source.label for source in unread if recognise(source.name) is None]
    return [
        *_listed(copies, "not read, for a file of that name without the marks of a copy is"),
        *_listed(others, "not recognised and not read"),
    ]


def _listed(names: Sequence[str], what: str) -> list[str]:
    if not names:
        return []
    files = "1 file is" if len(names) == 1 else f"{len(names):,} files are"
    more = f" and {len(names) - _MOST:,} more" if len(names) > _MOST else ""
    return [f"{files} {what}: {', '.join(names[:_MOST])}{more}"]

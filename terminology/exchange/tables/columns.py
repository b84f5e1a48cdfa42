"""Which column of a table holds what: the one list of names, and names for the columns that are added.

Names are compared word by word (``columns.tsv``), in any case, with any punctuation or none, so that
``ICD10DX``, ``I10_DX1``, ``Principal Diagnosis Code`` and ``dx_cd_25`` are all known for what they are.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from terminology.errors import InvalidRequestError
from terminology.rule_tables import read_rules

_TEN = re.compile(r"icd[\W_]*10(?:[\W_]*cm)?|(?<![a-z])i10(?!\d)")
_NINE = re.compile(r"icd[\W_]*0?9(?!\d)(?:[\W_]*cm)?|(?<![a-z])i9(?!\d)")
_ELEVEN = re.compile(r"icd[\W_]*11")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=\d)|(?<=\d)(?=[A-Za-z])")
_BARE = frozenset({"diagnosis", "diagnoses", "diagnostic", "condition", "source"})
_SHORT_DX = frozenset({"pdx", "odx", "sdx"})
_VERSION_WORD = re.compile(r"version|vrsn|ver")
_WITHIN = re.compile(r"(\D+)(\d{1,2})(\D+)")
_LONGEST_TOKEN = 40


@dataclass(frozen=True, slots=True)
class CodeColumns:
    """The columns that hold diagnosis codes.

    ``main`` is the first-listed, ``others`` those of the same kind beside it (``DX2`` ... ``DX25``, and an
    ``I10_DX4`` too), in order; ``apart`` those that hold no diagnosis of the stay (admitting, reason for
    visit). ``versions`` names the column that says which ICD a code column holds; ``older`` are columns of
    ICD-9-CM by name; ``unread`` those that speak of diagnoses otherwise and are no codes of the stay.
    """

    main: str
    others: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    older: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[str, ...]:
        """The columns of diagnoses of the stay."""
        return (self.main, *self.others)


@dataclass(frozen=True, slots=True)
class _NameRow:
    """A row of ``columns.tsv``: a name of a column, or a word in one, and what it is for."""

    role: str
    name: str
    source: str


@dataclass(frozen=True, slots=True)
class _CodeName:
    """What a name says of a column of codes; the least is the surest."""

    tier: int
    worded: int
    apart: bool
    later: bool
    number: int
    core: tuple[str, ...] = ()
    older: bool = False

    @property
    def rank(self) -> tuple[int, bool, int, bool, int]:
        return self.tier, self.apart, self.worded, self.later, self.number

    @property
    def place(self) -> tuple[bool, int, int]:
        """Where it stands among columns of one kind, the first-listed diagnosis first."""
        return self.later, self.number, self.worded


def code_columns(columns: Sequence[str], wanted: str | None = None) -> CodeColumns:
    """Return the columns of codes: the one that is ``wanted``, else those whose names say so.

    Case, blanks and punctuation do not matter, unless two columns differ in nothing else. Raises
    :class:`InvalidRequestError` naming the columns there are.
    """
    if wanted is not None:
        main = named_column(columns, wanted)
        name = _code_name(main)
        return CodeColumns(
            main, versions=_versions(columns, [main]), older=(main,) if name and name.older else ()
        )
    known = {column: name for column in columns if (name := _code_name(column)) is not None}
    usable = [column for column in known if not known[column].older]
    if not usable:
        raise InvalidRequestError("column", _nothing_found(columns, list(known)))
    surest = min(usable, key=lambda column: known[column].rank)
    kind = known[surest].tier, known[surest].core
    alike = [c for c in usable if kind[1] and (known[c].tier, known[c].core) == kind and not known[c].apart]
    coded = {known[c].number for c in alike if not known[c].worded} - {0}
    # beside I10_DX2 a DX2 holds the same diagnosis in words or in ICD-9
    listed_first = [c for c in alike if not known[c].worded or known[c].number not in coded]
    main, *others = sorted(listed_first, key=lambda c: known[c].place) or [surest]
    apart = tuple(c for c in usable if c != main and known[c].apart)
    unread = tuple(c for c in known if c not in (main, *others, *apart))
    return CodeColumns(main, tuple(others), apart, _versions(columns, [main, *others]), unread=unread)


def named_column(columns: Sequence[str], wanted: str) -> str:
    """Return the column a user names; raises :class:`InvalidRequestError` naming those there are."""
    if wanted in columns:
        return wanted
    found = next((name for name in columns if plain(name) == plain(wanted)), None)
    if found is None:
        raise InvalidRequestError("column", f"there is no column '{wanted}'; columns: {listed(columns)}")
    return found


def role_column(columns: Sequence[str], role: str) -> str | None:
    """Return the column with a usual name for a role (``count``, ``setting``, ...); ``None`` for none."""
    places = {plain(name): name for name in reversed(columns)}
    return next((places[name] for name in _names(role) if name in places), None)


def plain(text: str) -> str:
    """Return the letters and digits of a text, small."""
    return "".join(c for c in text.casefold() if c.isalnum())


def listed(columns: Sequence[str]) -> str:
    """Return the first names of columns, for a message."""
    return ", ".join(name[:40] for name in columns[:30]) or "none"


def distinct(names: Iterable[object]) -> list[str]:
    """Return column names without gaps and doubles: a blank third is ``column_3``, a second ``x`` ``x_2``."""
    made: list[str] = []
    taken: set[str] = set()
    for place, name in enumerate(names, 1):
        shown = str(name).strip() if name is not None else ""
        base = shown or f"column_{place}"
        candidate, number = base, 2
        while candidate in taken:
            candidate, number = f"{base}_{number}", number + 1
        taken.add(candidate)
        made.append(candidate)
    return made


def _nothing_found(columns: Sequence[str], older: Sequence[str]) -> str:
    said = "no column has a usual name for codes"
    if older:
        said = f"the column '{older[0][:40]}' says that its codes are ICD-9-CM, which are not mapped"
    return f"{said}; name the column of the codes; columns: {listed(columns)}"


def _code_name(column: str) -> _CodeName | None:
    """Return what a name says, ``None`` where it does not speak of codes of diagnoses alone."""
    if plain(column) in _names("code"):
        return _CodeName(2 if plain(column) in _BARE else 1, 0, False, False, 0)
    text, older = _without_system(column)
    if text is None:
        return None
    words: list[str] = []
    number = 0
    for token in re.findall(r"[^\W\d_]+|\d+", _CAMEL.sub(" ", text).casefold()):
        if token.isdecimal():
            number = int(token[:6])
            continue
        parts = _parts(token[:_LONGEST_TOKEN])
        if parts is None:
            return None
        words += parts
    diagnoses = [word for word in words if word in _words("diagnosis")]
    if not diagnoses:
        return None
    coded = "icd" in diagnoses or any(word in _words("word") for word in words)
    core = {"dx" if word in _SHORT_DX else word.removesuffix("s") for word in diagnoses}
    core = core - {"icd"} or core
    bare = not coded and not number and bool(set(diagnoses) & _BARE)
    later = any(word in _words("other") for word in words) or bool({"odx", "sdx"} & set(diagnoses))
    first = any(word in _words("first") for word in words) or "pdx" in diagnoses
    return _CodeName(
        tier=2 if bare else 0,
        worded=0 if coded else 1,
        apart=any(word in _words("apart") for word in words),
        later=later and not first,
        number=0 if first else number,
        core=tuple(sorted(core)),
        older=older,
    )


def _without_system(column: str) -> tuple[str | None, bool]:
    """Return a name with ``icd`` for ``ICD-10-CM``, and whether it says ICD-9; no text for ICD-11."""
    small = column.lower()
    if _ELEVEN.search(small):
        return None, False
    older = bool(_NINE.search(small)) and not _TEN.search(small) and "10" not in small
    spelled = _NINE.sub(" icd ", _TEN.sub(" icd ", small)) if older or _TEN.search(small) else column
    return spelled, older


@cache
def _parts(token: str) -> list[str] | None:
    """Divide a token into known words, the longest first: ``diagnosiscode``, ``icddgnscd``."""
    known = _every_word()
    if token in known:
        return [token]
    for end in range(len(token) - 1, 1, -1):
        if token[:end] in known and (rest := _parts(token[end:])) is not None and len(token) - end > 1:
            return [token[:end], *rest]
    return None


def _versions(columns: Sequence[str], codes: Sequence[str]) -> dict[str, str]:
    """Pair columns of codes with those that say which ICD they hold."""
    known: dict[tuple[str, str], str] = {}
    for column in columns:
        stem, number = _numbered(plain(column))
        if plain(column) in _names("version") or stem in _names("version"):
            known.setdefault((stem, number), column)
    pairs: dict[str, str] = {}
    for code in codes:
        name = plain(code)
        digits = name[len(name.rstrip("0123456789")) :]
        own = [v for (stem, n), v in known.items() if _VERSION_WORD.sub("", stem) + n == name]
        numbered = [v for (_, n), v in known.items() if n and n.lstrip("0") == digits.lstrip("0")]
        general = [v for (_, n), v in known.items() if not n]
        best = next(iter((*own, *numbered, *general)), None)
        if best is not None and best != code:
            pairs[code] = best
    return pairs


def _numbered(name: str) -> tuple[str, str]:
    """Return a name and the number at its end or within it, ``dxversion`` and 2 of ``dx2version``."""
    within = _WITHIN.fullmatch(name)
    if within is not None:
        return within[1] + within[3], "" if within[1] == "icd" else within[2]
    stem = name.rstrip("0123456789")
    return stem, name[len(stem) :]


@cache
def _rows() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in read_rules(__package__, "columns.tsv", _NameRow):
        found[row.role].append(row.name)
    return {role: tuple(names) for role, names in found.items()}


@cache
def _names(role: str) -> tuple[str, ...]:
    return tuple(plain(name) for name in _rows()[role])


@cache
def _words(role: str) -> frozenset[str]:
    return frozenset(_rows()[role])


@cache
def _every_word() -> frozenset[str]:
    return frozenset().union(*(_words(role) for role in ("diagnosis", "word", "first", "other", "apart")))

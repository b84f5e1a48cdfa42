"""Which release and which page of a list is asked."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.fields import Date, Integer, String
from apiflask.validators import Length, Range

from terminology.errors import InvalidRequestError

LIMIT_DEFAULT = 20
LIMIT_MAX = 500


class DateQuery(Schema):
    """Of which day is asked; today without it."""

    date = Date(
        metadata={"description": "YYYY-MM-DD, the date of service (for inpatient stays of discharge)"}
    )


class ReleaseQuery(DateQuery):
    """Of which day, or of which release, is asked; today without either."""

    release = String(metadata={"description": "release id; the release of the day without it"})


class TitleQuery(ReleaseQuery):
    """Of which day or release, and in which language titles are wanted."""

    lang = String(metadata={"description": "language of titles, e.g. es; without it Accept-Language"})


class CodeQuery(ReleaseQuery):
    """A code, a WHO URI or an expression that a path cannot hold."""

    code = String(
        validate=Length(1, 2000), metadata={"description": "a code, a WHO URI or an ICD-11 expression"}
    )
    expression = String(validate=Length(1, 2000), metadata={"description": "another name of code"})


class TitledCodeQuery(TitleQuery, CodeQuery):
    """A code that a path cannot hold, and in which language titles are wanted."""


def asked_code(query: dict[str, Any]) -> str:
    """Return the code that ``code`` or ``expression`` of a query names; raise InvalidRequestError for none
    or both."""
    given = [query[name] for name in ("code", "expression") if query.get(name)]
    if len(given) != 1:
        raise InvalidRequestError("code", "give code=, or expression=, and not both")
    return str(given[0])


class PageQuery(ReleaseQuery):
    """Which page of a list is asked."""

    limit = Integer(load_default=LIMIT_DEFAULT, validate=Range(1, LIMIT_MAX))
    offset = Integer(load_default=0, validate=Range(0, 10_000_000))


class CodePageQuery(PageQuery, CodeQuery):
    """A code that a path cannot hold, and which page of a list."""


class TitledCodePageQuery(CodePageQuery, TitleQuery):
    """A code that a path cannot hold, which page of a list, and in which language titles are wanted."""


class TitlePageQuery(PageQuery, TitleQuery):
    """Which page of a list, and in which language titles are wanted."""

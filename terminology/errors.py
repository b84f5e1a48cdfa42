"""The one error hierarchy of the project.

Every error a user can cause or meet derives from :class:`TenElevenError` and its message says what is
wrong, where, and what to do. The command line turns an error into one line and its ``exit_code``; the web
layer turns it into ``application/problem+json``. Whoever else catches one says what is missing instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


class TenElevenError(Exception):
    """Base of all errors this project raises on purpose.

    ``exit_code`` is what the command line exits with: 1 user error, 3 data not available.
    """

    exit_code = 1


def _visible(text: str) -> str:
    """Write out what cannot be seen, such as a byte order mark."""
    return text if text.isprintable() else "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


class ReleaseFormatError(TenElevenError):
    """A release file does not have its publisher's format.

    ``line`` is the 1-based line (text), row (spreadsheet) or source line (XML) at which the fault was
    found, or ``None`` when the fault concerns the file as a whole. ``column`` names the cell or field.
    """

    def __init__(
        self,
        path: Path | str,
        line: int | None,
        expected: str,
        found: str,
        *,
        column: str | None = None,
    ) -> None:
        self.path = str(path)
        self.line = line
        self.column = column
        self.expected = expected
        self.found = found
        place = self.path if line is None else f"{self.path}, line {line}"
        if column is not None:
            place += f", {column}"
        super().__init__(f"{place}: expected {expected}, found {_visible(found)}")


class UnsafeArchiveError(TenElevenError):
    """An archive or document is refused: path traversal, unbounded expansion, external entity."""

    def __init__(self, path: Path | str, reason: str) -> None:
        self.path = str(path)
        self.reason = reason
        super().__init__(f"{path}: {reason}")


class TooLargeError(TenElevenError):
    """A file has more rows or bytes than the operator of a server lets one request have."""


class UnknownSystemError(TenElevenError):
    """A code system id that is not one of those known (docs/data-sources)."""

    def __init__(self, system: str, known: Sequence[str]) -> None:
        self.system = system
        self.known = tuple(known)
        super().__init__(f"unknown code system '{system}'; known systems: {', '.join(known)}")


class UnknownReleaseError(TenElevenError):
    """A release that the bundle does not hold."""

    def __init__(self, system: str, release: str, loaded: Sequence[str]) -> None:
        self.system = system
        self.release = release
        self.loaded = tuple(loaded)
        if loaded:
            said = f"{system} has no release '{release}' in this bundle; loaded: {', '.join(loaded)}"
        else:
            said = (
                f"{system} is not loaded: no release of it is in this bundle; build one with its files "
                "('teneleven build --data FOLDER')"
            )
        super().__init__(said)


class UnknownCodeError(TenElevenError):
    """A code that a release does not hold.

    ``suggestions`` are codes the user may have meant, ``elsewhere`` the loaded releases that do hold it,
    ``remark`` says what else it looks like.
    """

    def __init__(
        self,
        system: str,
        release: str,
        code: str,
        suggestions: Sequence[str] = (),
        elsewhere: Sequence[str] = (),
        remark: str = "",
    ) -> None:
        self.system = system
        self.release = release
        self.code = code
        self.suggestions = tuple(suggestions)
        self.elsewhere = tuple(elsewhere)
        message = f"{system} {release} has no code '{code}'"
        if elsewhere:
            message += f"; it is in release {', '.join(elsewhere)}"
        elif suggestions:
            message += f"; did you mean {', '.join(suggestions)}?"
        if remark:
            message += f" ({remark})"
        super().__init__(message)


class CodeNotValidError(UnknownCodeError):
    """A code that is known but not in use on the day asked for: ``status`` is what it is instead.

    ``successors`` are codes to use in its place, ``heading`` is the nearest heading in use, ``begins`` and
    ``ended`` are ISO dates. ``message`` says it in a sentence.
    """

    def __init__(
        self,
        system: str,
        code: str,
        status: str,
        message: str,
        successors: Sequence[str] = (),
        heading: str | None = None,
        begins: str | None = None,
        ended: str | None = None,
        elsewhere: Sequence[str] = (),
    ) -> None:
        super().__init__(system, "", code, elsewhere=elsewhere)
        self.code_status = status
        self.successors = tuple(successors)
        self.heading = heading
        self.begins = begins
        self.ended = ended
        self.args = (message,)


class IntegrityError(TenElevenError):
    """A release or the graph contradicts itself: a cycle, an orphan, a duplicate code."""


class ClusterSyntaxError(TenElevenError):
    """An ICD-11 expression that breaks the cluster grammar. ``position`` is a 0-based character index."""

    def __init__(self, expression: str, position: int, reason: str) -> None:
        self.expression = expression
        self.position = position
        self.reason = reason
        super().__init__(f"'{expression}', position {position}: {reason}")


class InvalidRequestError(TenElevenError):
    """A parameter, option or uploaded value that cannot be used. ``parameter`` names it."""

    def __init__(self, parameter: str, reason: str) -> None:
        self.parameter = parameter
        self.reason = reason
        super().__init__(f"{parameter}: {reason}")


class BundleError(TenElevenError):
    """The bundle cannot be written, or is damaged, or of another schema version."""


class DataNotAvailableError(TenElevenError):
    """Data that is needed is not loaded or cannot be had; the message says how to get it."""

    exit_code = 3


class DownloadError(DataNotAvailableError):
    """A publisher's file could not be fetched."""

    def __init__(self, url: str, reason: str) -> None:
        self.url = url
        self.reason = reason
        super().__init__(f"{url}: {reason}")

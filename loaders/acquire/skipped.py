"""Files that the user asked to leave out, by pattern."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase


@dataclass(slots=True)
class Skipped:
    """Patterns as of a shell (``*``, ``?``, ``[...]``), case ignored, and what each of them left out.

    A pattern is compared with the label of a file (``icd11/mapping.zip!11To10MapToOneCategory.txt``), with
    the name of the file and with the name of the member; a pattern for an archive leaves out all of it.
    """

    patterns: Sequence[str]
    left_out: dict[str, dict[str, None]] = field(default_factory=dict)

    def keeps(self, label: str) -> bool:
        """Say whether a file is to be read, and remember it if not.

        >>> Skipped(["*.XLSX"]).keeps("icd11/map.zip!readme.txt"), Skipped(["map.zip"]).keeps("icd11/map.zip")
        (True, False)
        """
        names = {label.lower(), label.lower().rsplit("!", 1)[-1].rsplit("/", 1)[-1]}
        for pattern in self.patterns:
            if any(fnmatchcase(name, pattern.lower()) for name in names):
                self.left_out.setdefault(pattern, {})[label] = None
                return False
        return True

    def notices(self) -> Iterator[str]:
        """Yield what each pattern left out, or that it fits nothing."""
        for pattern in self.patterns:
            labels = self.left_out.get(pattern)
            yield (
                f"left out as asked (--skip {pattern}): {', '.join(labels)}"
                if labels
                else f"--skip {pattern} fits no file"
            )

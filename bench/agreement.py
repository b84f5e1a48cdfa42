"""How far an expression the engine gives agrees with the one it is measured against."""

from __future__ import annotations

from abc import ABC, abstractmethod

from terminology.cluster import parse


class Agreement(ABC):
    """An expression found beside the right one; where none was found nothing agrees."""

    __slots__ = ()

    @property
    @abstractmethod
    def compared(self) -> tuple[str | None, str]:
        """The expression found and the right one."""

    @property
    def exact(self) -> bool:
        """Whether the whole expression is the right one, whatever the order of extension codes."""
        found, truth = self.compared
        return found is not None and parse(found).normal() == parse(truth).normal()

    @property
    def stem_agrees(self) -> bool:
        """Whether the first stem is the right one."""
        found, truth = self.compared
        return found is not None and parse(found).stem == parse(truth).stem

    @property
    def category_agrees(self) -> bool:
        """Whether the first stem lies in the right four-character category."""
        found, truth = self.compared
        return found is not None and parse(found).stem[:4] == parse(truth).stem[:4]

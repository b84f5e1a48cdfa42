"""How far two reviewers agree, as lines to read and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from terminology.crosswalk.review.agreement import ReviewAgreement


def agreement_lines(found: ReviewAgreement) -> Iterator[str]:
    """Yield what a person reads: the figures, then each difference."""
    yield f"{len(found.pairs):,} codes decided by both, {len(found.differences):,} differently"
    yield f"same stem        {found.stem_share:.3f}   kappa {found.stem_kappa:.3f}"
    yield f"same expression  {found.share:.3f}   kappa {found.kappa:.3f}"
    for name, sources in (("first", found.only_first), ("second", found.only_second)):
        if sources:
            yield f"only in the {name} sheet: {', '.join(sources)}"
    for pair in found.differences:
        yield f"{pair.source}\t{pair.first or '(no target)'}\t{pair.second or '(no target)'}"


def agreement_payload(found: ReviewAgreement) -> dict[str, Any]:
    """Return the figures and differences for JSON."""
    return {
        "compared": len(found.pairs),
        "stem": {"share": round(found.stem_share, 4), "kappa": round(found.stem_kappa, 4)},
        "expression": {"share": round(found.share, 4), "kappa": round(found.kappa, 4)},
        "only_first": found.only_first,
        "only_second": found.only_second,
        "differences": [
            {"source": p.source, "first": p.first, "second": p.second} for p in found.differences
        ],
    }

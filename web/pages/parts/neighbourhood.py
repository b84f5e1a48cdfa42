"""The two-sided graph a mapping lies in: codes left, ICD-11 right, as drawn coordinates."""

from __future__ import annotations

from typing import Any

from terminology.bundle.crosswalk.crosswalks import sources_of
from terminology.bundle.store import Store
from terminology.crosswalk import Crosswalk
from terminology.systems import ICD10, ICD11

_MOST = 8
_ROW = 36
_TEXT = 60
_READ = 120


def neighbourhood(store: Store, found: Crosswalk) -> dict[str, Any] | None:
    """Return the nodes and edges from which the motif is read (Boyd, Li, Burton 2013), laid out in rows.

    Forward edges lead from ICD-10-CM codes to the expression recommended for them, those of the code's own
    alternatives are ``alternative``, and ``backward`` edges are WHO's ICD-11 to ICD-10 table. At most eight
    codes a side are drawn; ``hidden`` says how many more share the recommended expression, ``None`` inside
    it when that is not counted to its end.
    """
    if found.recommended is None:
        return None
    code, first = found.source_code, found.recommended.expression
    sharing = [row for row in sources_of(store, first, _READ) if row.rank == 1 and row.expression == first]
    others = [row for row in sharing if row.code != code]
    left = [(code, found.source_title), *((r.code, r.title) for r in others[: _MOST - 1])]
    right = {t.expression: "; ".join(filter(None, t.titles)) for t in found.targets[:_MOST]}
    back = [
        row
        for row in store.mappings_to(ICD10.id, code)
        if row.source_system == ICD11.id and row.source_code and row.release == found.target_release
    ]
    for row in back[:_MOST]:
        if len(right) < _MOST and row.source_code:
            right.setdefault(row.source_code, row.source_title)
    rows = max(len(left), len(right))
    at_left = {name: _y(i, len(left), rows) for i, (name, _) in enumerate(left)}
    at_right = {name: _y(i, len(right), rows) for i, name in enumerate(right)}
    edges = [("forward", at_left[name], at_right[first]) for name, _ in left]
    edges += [
        ("alternative", at_left[code], at_right[t.expression])
        for t in found.targets[1:]
        if t.expression in at_right
    ]
    backward = dict.fromkeys(r.source_code for r in back if r.source_code in at_right)
    edges += [("backward", at_left[code], at_right[str(stem)]) for stem in backward]
    return {
        "left": [{"code": c, "title": t, "shown": shortened(t), "y": at_left[c]} for c, t in left],
        "right": [{"code": c, "title": t, "shown": shortened(t), "y": at_right[c]} for c, t in right.items()],
        "edges": edges,
        "height": _ROW * rows + 30,
        "sharing": len(sharing),
        "hidden": max(0, len(others) - (_MOST - 1)),
        "backward": [str(stem) for stem in backward],
    }


def shortened(title: str, most: int = _TEXT) -> str:
    """Return a title that fits a line: its middle left out, for codes that meet differ at the end.

    >>> shortened("Fracture of radius, initial encounter", 20)
    'Fracture … encounter'
    """
    if len(title) <= most:
        return title
    half = most // 2 - 1
    begin, end = title[:half], title[-half:]
    return f"{begin.rsplit(' ', 1)[0]} … {end.split(' ', 1)[-1]}"


def _y(place: int, nodes: int, rows: int) -> int:
    """The height of a node: the shorter side stands in the middle of the longer one."""
    return round(_ROW * (place + (rows - nodes) / 2)) + 40

"""How far a long request is, for whoever sent it with an ``X-Request-ID``."""

from __future__ import annotations

import os
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response

from web.api.schemas.progress import ProgressOut
from web.heavy.board import WorkBoard
from web.process.serving import SCRATCH_VARIABLE
from web.responses import answer

progress = APIBlueprint("progress", __name__, tag="Server")


@progress.get("/progress/<request_id>")
@progress.output(ProgressOut)
@progress.doc(summary="How far a long request is")
def show(request_id: str) -> Response:
    """Return whether a request waits for a process or is being answered by one, and for how long.

    Send the long request with an ``X-Request-ID`` of your own (letters, digits, dots and hyphens, such that
    nobody guesses it), and ask by it meanwhile.
    """
    scratch = os.environ.get(SCRATCH_VARIABLE)
    found = WorkBoard(Path(scratch)).state(request_id) if scratch else None
    state = found or {"state": "none", "seconds": None, "before": 0}
    response = answer({"request": request_id, **state})
    response.headers["Cache-Control"] = "no-store"
    return response

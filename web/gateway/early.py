"""Answers quick requests in the thread in which granian receives them, before its event loop is woken.

To wake the loop, make a task of the request and come back takes granian some ten microseconds and two changes
of threads: more than a lookup that has been asked for before. granian has no setting for it, so its function
that schedules requests is wrapped. Where a later granian has none of that name, all take the long way.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

from web.gateway.rsgi import RequestProtocol, RequestScope

AtOnce = Callable[[RequestScope, RequestProtocol], bool]
Schedule = Callable[[Any], None]
_MODULE, _SCHEDULER = "granian._futures", "_cbsched_aioschedule"


def answer_early(at_once: AtOnce) -> bool:
    """Have every request of this process offered to ``at_once`` first, which returns whether it answered it.

    Returns whether this granian lets us; called once, before the worker begins.
    """
    try:
        futures = import_module(_MODULE)
        scheduler: Callable[..., Schedule] = getattr(futures, _SCHEDULER)
    except (ImportError, AttributeError):
        return False

    def offering(*arguments: Any) -> Schedule:
        schedule = scheduler(*arguments)

        def offer(request: Any) -> None:
            if not at_once(request.scope, request.proto):
                schedule(request)

        return offer

    setattr(futures, _SCHEDULER, offering)
    return True

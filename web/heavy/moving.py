"""A request that turns out to be long while it is answered, and begins again in a process of its own."""

from __future__ import annotations

from flask import has_request_context, request

#: Set in the environment of a request that can be moved.
KEY = "teneleven.movable"


class MovedError(BaseException):
    """The request is not answered here. No ``Exception``: nothing below the gateway is to answer it."""


def long_work() -> None:
    """Say that what follows takes a while, such as reading a whole code system.

    Raises :class:`MovedError` where the request can begin again in a process of its own; otherwise (in such a
    process, in a test, on the command line) returns, and the work is done here.
    """
    if has_request_context() and KEY in request.environ:
        raise MovedError

"""A code system as a segment of a path."""

from __future__ import annotations

from werkzeug.routing import BaseConverter

#: Paths beside ``/codes/<system>`` that take another method: no code system will be called so.
_TAKEN = "validate"


class SystemSegment(BaseConverter):
    """Any segment that is no other path: there a method that is not offered is 405 and not in ``Allow``."""

    regex = f"(?!{_TAKEN}$)[^/]+"

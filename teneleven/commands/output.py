"""What commands print."""

from __future__ import annotations

from typing import Any

import click
import orjson


def print_json(payload: Any) -> None:
    """Print dataclasses, mappings and lists as indented JSON."""
    click.echo(orjson.dumps(payload, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))

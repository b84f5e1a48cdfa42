"""Serves a bundle over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from terminology.errors import InvalidRequestError
from web.process.server import serve as start
from web.settings import CONFIG_VARIABLE, Settings, declared, variable_of
from web.stored_resources import read_resources


def _settings(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command an option for every setting, in the order they are declared."""
    for setting in reversed(list(declared())):
        told = f"{setting.metadata['told']} [{variable_of(setting)}; default: {_shown(setting.default)}]"
        flag = f"--{setting.name.replace('_', '-')}"
        if isinstance(setting.default, bool):
            option = click.option(f"{flag}/--no-{flag[2:]}", setting.name, default=None, help=told)
        else:
            option = click.option(flag, setting.name, metavar=_METAVARS[type(setting.default)], help=told)
        command = option(command)
    return command


_METAVARS: dict[type, str] = {int: "N", float: "SECONDS", str: "TEXT", type(Path()): "DIR"}


def _shown(default: object) -> str:
    return "none" if default == "" else ("no" if default is False else str(default))


@click.command()
@click.option(
    "--config",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    envvar=CONFIG_VARIABLE,
    help=f"TOML file of these settings, by their names. [{CONFIG_VARIABLE}]",
)
@_settings
def serve(config: Path | None, **flags: Any) -> None:
    """Serve a bundle over HTTP. SIGHUP takes up the bundle that is then in place.

    A flag wins over the environment variable, which wins over the file.
    """
    settings = Settings.gathered(flags, config)
    if not settings.bundle.is_dir():
        raise InvalidRequestError(
            "bundle", f"{settings.bundle} is no folder; run 'teneleven build' to make one"
        )
    read_resources(settings.resources)
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    told = f"http://{host}:{settings.port} serves {settings.bundle}  (documentation: /docs)"
    start(settings, begun=lambda: click.echo(told))

"""The ``teneleven`` command. A command's module is imported when it runs, so that a lookup starts at once."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from terminology.errors import TenElevenError

COMMANDS: dict[str, str] = {
    "build": "bundles.build:build",
    "fetch": "bundles.fetch:fetch",
    "verify": "bundles.verify:verify",
    "serve": "servers.serve:serve",
    "mcp": "servers.mcp:mcp",
    "lookup": "codes.lookup:lookup",
    "map": "codes.map:map_codes",
    "check": "claims.check:check",
    "denials": "claims.denials:denials",
    "estimate": "claims.estimate:estimate",
    "validate": "codes.validate:validate",
    "export": "codes.export:export",
    "search": "codes.search:search",
    "diff": "bundles.diff:diff",
    "impact": "facility.impact:impact",
    "survive": "facility.survive:survive",
    "scenario": "facility.scenario:scenario",
    "compare": "codes.compare:compare",
    "info": "bundles.info:info",
    "licences": "bundles.licences:licences",
}
"""Module in ``teneleven.commands`` and function of each command."""


EXTRAS: dict[str, str] = {
    "build": "build",
    "fetch": "build",
    "serve": "server",
    "export": "server",
    "mcp": "mcp",
}
"""The extra that a command needs; the others that need one need ``files``."""

OWN_PACKAGES = frozenset(("teneleven", "terminology", "loaders", "indexes", "web"))


def told_missing(command: str, missing: ModuleNotFoundError) -> str:
    """Return what to install for a command that lacks a package."""
    extra = EXTRAS.get(command, "files")
    return f"'teneleven {command}' needs {missing.name}: pip install 'teneleven[{extra}]'"


def _lacking(name: str, missing: ModuleNotFoundError) -> click.Command:
    """Return a command in place of one that lacks a package: it says what to install, whatever is asked."""
    told = told_missing(name, missing)

    @click.command(name, help=f"Not installed: {told}", add_help_option=False)
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def lacking(arguments: tuple[str, ...]) -> None:
        raise click.ClickException(told)

    lacking.context_settings = {"ignore_unknown_options": True, "allow_extra_args": True}
    return lacking


class Commands(click.Group):
    """The group of :data:`COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of a user's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command, importing its module; ``None`` for a name that is none."""
        if cmd_name not in COMMANDS:
            return None
        name, _, function = COMMANDS[cmd_name].partition(":")
        try:
            module = import_module(f"teneleven.commands.{name}")
        except ModuleNotFoundError as missing:
            return _lacking(cmd_name, missing)
        command: click.Command = getattr(module, function)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="teneleven")
def cli() -> None:
    """ICD-10 to ICD-11 crosswalk and code-terminology server."""


def main() -> None:
    """Run the command; an error becomes one line and its exit code."""
    try:
        cli(standalone_mode=False)
    except TenElevenError as error:
        click.echo(f"teneleven: {error}", err=True)
        sys.exit(error.exit_code)
    except ModuleNotFoundError as missing:
        if len(sys.argv) < 2 or (missing.name or "").partition(".")[0] in OWN_PACKAGES:
            raise
        click.echo(f"teneleven: {told_missing(sys.argv[1], missing)}", err=True)
        sys.exit(1)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("teneleven: interrupted", err=True)
        sys.exit(1)

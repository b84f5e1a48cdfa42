"""Every setting of ``teneleven serve``: by flag, by environment variable, or in a TOML file.

A flag wins over the environment, the environment over the file, the file over the default. The server
hands its settings to its workers through the environment, under the same names.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import Field, dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from flask import current_app

from terminology.errors import InvalidRequestError
from terminology.exchange.tables.limits import TableLimits

PREFIX = "TENELEVEN_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"
#: Where an application keeps its settings.
EXTENSION = "teneleven.settings"
NO_ORIGIN, ANY_ORIGIN = "off", "*"
_ORIGIN = re.compile(r"https?://[^/\s,*?#@]+")


def _setting(default: Any, told: str, least: float | None = None, most: float | None = None) -> Any:
    return field(default=default, metadata={"told": told, "least": least, "most": most})


@dataclass(frozen=True, slots=True)
class Settings:
    """How a bundle is served. Lists are written with commas; sizes are in MB of 2**20 bytes."""

    bundle: Path = _setting(Path("bundle"), "Folder of the bundle.")
    host: str = _setting("127.0.0.1", "Address to listen at; 0.0.0.0 or :: for all.")
    port: int = _setting(8011, "Port to listen at.", 1, 65535)
    workers: int = _setting(1, "Processes that answer.", 1, 64)
    threads: int = _setting(16, "Threads of a worker that answer what is not a quick lookup.", 1, 256)
    max_upload_mb: int = _setting(32, "Largest body of a request.", 1, 4096)
    max_bodies: int = _setting(256, "Bodies that a worker receives at once; more are told to wait.", 1, 4096)
    body_idle_seconds: float = _setting(20.0, "Longest pause in a body.", 0.1, 3600)
    body_seconds: float = _setting(300.0, "Longest time for a whole body.", 0.1, 86400)
    heavy_processes: int = _setting(2, "Long requests that a worker answers at once.", 1, 64)
    heavy_queue: int = _setting(
        8, "Long requests that wait for a process; more are told to come back.", 0, 1000
    )
    heavy_seconds: float = _setting(300.0, "Longest time of a long request, apart from waiting.", 1, 86400)
    heavy_memory_mb: int = _setting(2048, "Memory that a long request may take beyond the bundle.", 64, 2**20)
    check_hours: float = _setting(24.0, "Hours between checks of the bundle's files; 0 for none.", 0, 8760)
    max_restarts: int = _setting(
        10, "Workers that may die in ten minutes before the server gives up.", 1, 1000
    )
    max_rows: int = _setting(5_000_000, "Rows of an uploaded table that are read.", 1, 10**9)
    max_expanded_mb: int = _setting(256, "Size of an uploaded table once it is unpacked.", 1, 512)
    max_entries: int = _setting(10_000, "Entries of a FHIR batch.", 1, 10**6)
    hosts: str = _setting("", "Names the server is asked by; others are refused. Empty: any name.")
    public_url: str = _setting("", "Address that links begin with, e.g. https://codes.example.org.")
    cors_origins: str = _setting(
        "", "Origins whose pages may read the API: '*', 'off' or a list. Empty: any, none if CPT is loaded."
    )
    trusted_proxies: str = _setting("", "Addresses or networks whose X-Forwarded-* headers are believed.")
    api_key_file: str = _setting("", "File of keys, one a line, that long requests need. Empty: none needed.")
    rate_limit: int = _setting(0, "Long requests a minute from one address; 0 for no limit.", 0, 100000)
    resources: str = _setting(
        "", "Folder of FHIR resources (JSON) to answer beside the bundle, read only. Empty: none."
    )
    closures: str = _setting(
        "", "Folder to keep the tables of FHIR's $closure in. Empty: they go with the server."
    )
    log_format: str = _setting("text", "Log lines as 'text' or as 'json'.")
    access_log: bool = _setting(False, "A log line for every request: id, route, status and time.")

    @classmethod
    def gathered(cls, flags: Mapping[str, Any], config: Path | None = None) -> Settings:
        """Return the settings by flag, environment and file; ``flags`` has ``None`` for those not given.

        Raises :class:`InvalidRequestError` that names the setting and where its value stands.
        """
        named = config or (Path(os.environ[CONFIG_VARIABLE]) if os.environ.get(CONFIG_VARIABLE) else None)
        filed = {} if named is None else _read(named)
        found: dict[str, Any] = {}
        for each in declared():
            variable = variable_of(each)
            if flags.get(each.name) is not None:
                found[each.name] = _checked(each, flags[each.name], f"--{each.name.replace('_', '-')}")
            elif os.environ.get(variable):
                found[each.name] = _checked(each, os.environ[variable], variable)
            elif each.name in filed:
                found[each.name] = _checked(each, filed[each.name], f"{each.name} in {named}")
        settings = cls(**found)
        settings._check_together()
        return settings

    @property
    def environment(self) -> dict[str, str]:
        """Return the settings as the environment variables that give them."""
        return {variable_of(each): _as_text(getattr(self, each.name)) for each in declared()}

    @property
    def proxies(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """The networks of trusted proxies."""
        return tuple(ip_network(text, strict=False) for text in _listed(self.trusted_proxies))

    @property
    def table_limits(self) -> TableLimits:
        """How much of an uploaded table is read."""
        return TableLimits(self.max_rows, self.max_expanded_mb * 2**20)

    @property
    def host_names(self) -> tuple[str, ...]:
        """The names the server is asked by."""
        return tuple(_listed(self.hosts))

    @property
    def origins(self) -> tuple[str, ...] | None:
        """The origins whose pages may read the API: ``("*",)`` is any; ``None`` leaves it to what is loaded.

        Raises :class:`InvalidRequestError` for what is no origin.

        >>> Settings(cors_origins="off").origins, Settings(cors_origins="https://a.example, http://b").origins
        ((), ('https://a.example', 'http://b'))
        """
        given = tuple(part.rstrip("/") for part in _listed(self.cors_origins))
        if given in ((NO_ORIGIN,), (ANY_ORIGIN,)):
            return () if given == (NO_ORIGIN,) else given
        for origin in given:
            if not _ORIGIN.fullmatch(origin):
                told = f"'{origin}' is no origin; write off, *, or origins such as https://codes.example.org"
                raise InvalidRequestError("cors-origins", told)
        return given or None

    def _check_together(self) -> None:
        _ = self.origins
        try:
            _ = self.proxies
        except ValueError as fault:
            raise InvalidRequestError("trusted-proxies", str(fault)) from None
        if self.log_format not in ("text", "json"):
            raise InvalidRequestError("log-format", f"'{self.log_format}' is neither 'text' nor 'json'")
        address = urlsplit(self.public_url)
        if self.public_url and (address.scheme not in ("http", "https") or not address.hostname):
            raise InvalidRequestError("public-url", f"'{self.public_url}' is no http or https address")


def settings_in_use() -> Settings:
    """Return the settings of the application that answers the current request."""
    found: Settings = current_app.extensions[EXTENSION]
    return found


def declared() -> Iterator[Field[Any]]:
    """Yield the settings in the order of the help."""
    yield from fields(Settings)


def variable_of(setting: Field[Any]) -> str:
    """Return the environment variable of a setting."""
    return PREFIX + setting.name.upper()


def _read(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as fault:
        raise InvalidRequestError("config", f"{path} cannot be read: {fault.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise InvalidRequestError("config", f"{path} is no TOML: {fault}") from None
    known = {each.name for each in declared()}
    given = {name.replace("-", "_"): value for name, value in found.items()}
    unknown = sorted(set(given) - known)
    if unknown:
        raise InvalidRequestError("config", f"{path} has an unknown setting '{unknown[0]}'")
    return {name: ",".join(value) if isinstance(value, list) else value for name, value in given.items()}


def _checked(setting: Field[Any], value: Any, where: str) -> Any:
    """Return a value in the setting's type and within its bounds."""
    kind = get_type_hints(Settings)[setting.name]
    try:
        made = _as_flag(value) if kind is bool else kind(value)
    except (TypeError, ValueError):
        raise InvalidRequestError(where, f"'{value}' is no {_NAMES.get(kind, 'value')}") from None
    least, most = setting.metadata["least"], setting.metadata["most"]
    if least is not None and not least <= made <= most:
        raise InvalidRequestError(where, f"is {made}; it must lie between {least} and {most}")
    return made


_NAMES: dict[type, str] = {int: "whole number", float: "number", bool: "'true' or 'false'"}


def _as_flag(value: Any) -> bool:
    text = str(value).strip().lower()
    if text not in ("true", "false", "1", "0", "yes", "no"):
        raise ValueError(text)
    return text in ("true", "1", "yes")


def _as_text(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]

"""Every setting can be given by flag, environment and file, is listed, and is checked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from teneleven.commands.servers.serve import serve
from terminology.errors import InvalidRequestError
from web.settings import CONFIG_VARIABLE, Settings, declared, variable_of

DOCS = Path(__file__).parents[2] / "docs" / "operations.md"
NAMES = [setting.name for setting in declared()]


def other(name: str) -> Any:
    """Return a value of a setting that is not its default."""
    default = getattr(Settings(), name)
    special = {
        "cors_origins": "https://viewer.example.org",
        "log_format": "json",
        "public_url": "https://codes.example.org",
        "trusted_proxies": "10.0.0.0/8",
    }
    if name in special:
        return special[name]
    if isinstance(default, bool):
        return not default
    if isinstance(default, int | float):
        return default + 1
    return type(default)(f"{default}x")


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for setting in declared():
        monkeypatch.delenv(variable_of(setting), raising=False)


@pytest.mark.parametrize("name", NAMES)
def test_a_setting_is_taken_from_flag_environment_and_file_in_this_order(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    variable = next(variable_of(setting) for setting in declared() if setting.name == name)
    value, file = other(name), tmp_path / "settings.toml"
    shown = str(value).lower() if isinstance(value, bool) else str(value)
    file.write_text(f"{name} = {shown if isinstance(value, int | float) else repr(shown)}\n")
    assert getattr(Settings.gathered({}, file), name) == value
    monkeypatch.setenv(variable, str(getattr(Settings(), name)) or " ")
    if str(getattr(Settings(), name)):
        assert getattr(Settings.gathered({}, file), name) == getattr(Settings(), name)
    assert getattr(Settings.gathered({name: value}, file), name) == value


@pytest.mark.parametrize("setting", list(declared()), ids=NAMES)
def test_a_setting_is_listed_by_the_help_and_in_the_docs(setting: Any) -> None:
    flag, variable = f"--{setting.name.replace('_', '-')}", variable_of(setting)
    told = CliRunner().invoke(serve, ["--help"], terminal_width=400).output
    assert flag in told
    assert variable in told
    documented = DOCS.read_text(encoding="utf-8")
    assert f"`{flag}`" in documented
    assert f"`{variable}`" in documented


def test_the_environment_gives_the_same_settings_again(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(**{name: other(name) for name in NAMES})
    for variable, value in settings.environment.items():
        monkeypatch.setenv(variable, value)
    assert Settings.gathered({}) == settings


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ports = 1", "unknown setting 'ports'"),
        ("port = 'x'", "no whole number"),
        ("port = 0", "must lie between"),
        ("port = ", "is no TOML"),
        ("trusted_proxies = ['10.0.0.0/99']", "trusted-proxies"),
        ("access_log = 3", "'true' or 'false'"),
    ],
)
def test_a_wrong_line_of_the_file_is_named(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(text)
    with pytest.raises(InvalidRequestError, match=said):
        Settings.gathered({}, file)


def test_the_file_can_be_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("hosts = ['a.example.org', 'b.example.org']\n")
    monkeypatch.setenv(CONFIG_VARIABLE, str(file))
    assert Settings.gathered({}).host_names == ("a.example.org", "b.example.org")

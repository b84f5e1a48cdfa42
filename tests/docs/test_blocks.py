"""What stands in the documentation's blocks runs: requests are answered, commands are understood."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlsplit

import click
import pytest
from click.testing import CliRunner

from teneleven.command_line import cli
from tests.client import Client, client_of
from tests.docs.blocks import PAGES, Command, commands, fenced
from web.app import create_app

_LOCAL = re.compile(r"(?:http://)?(?:127\.0\.0\.1|localhost):8011(/.*)")
REQUESTS = [command for command in commands("curl") if any(_LOCAL.fullmatch(word) for word in command.words)]
COMMANDS = commands("teneleven")


def test_the_documentation_has_requests_and_commands() -> None:
    assert len(REQUESTS) >= 20
    assert len(COMMANDS) >= 40


def asked(client: Client, command: Command) -> int:
    """Send what a curl command would; return the status."""
    method, headers, body, target, words = "GET", {}, None, "", iter(command.words[1:])
    for word in words:
        if word in ("-X", "--request"):
            method = next(words)
        elif word in ("-H", "--header"):
            name, _, value = next(words).partition(":")
            headers[name] = value.strip()
        elif word in ("-d", "--data", "--data-binary"):
            body, method = next(words), "POST"
        elif word in ("-o", "--output"):
            next(words)
        elif found := _LOCAL.fullmatch(word):
            target = found[1]
        else:
            assert re.fullmatch(r"-[sSiIfL]+", word), f"{word} is not understood here"
    if body is not None and body.startswith("@"):
        return 0  # a file of the reader's own
    parts = urlsplit(target)
    return client.open(
        parts.path, method=method, query_string=parts.query, headers=headers, data=body
    ).status_code


@pytest.mark.parametrize("command", REQUESTS, ids=str)
def test_a_request_is_understood(small_bundle: Path, command: Command) -> None:
    """The small bundle has few codes: 404 is for one that it lacks. What must fail says so on its page."""
    client = client_of(create_app(small_bundle))
    wrong_on_purpose = any("relaese" in word for word in command.words)
    assert asked(client, command) in ((400,) if wrong_on_purpose else (0, 200, 404))


@pytest.mark.realdata
@pytest.mark.parametrize("command", REQUESTS, ids=str)
def test_a_request_is_answered_by_a_whole_bundle(real_bundle: Path, command: Command) -> None:
    client = client_of(create_app(real_bundle))
    wrong_on_purpose = any(word.endswith(("relaese=2027", "/E11.99")) for word in command.words)
    assert asked(client, command) in ((400, 404) if wrong_on_purpose else (0, 200))


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_a_command_has_the_arguments_it_is_given(command: Command) -> None:
    """What is given in brackets or with bars is a summary of forms, not a command to be typed."""
    words = list(command.words[1:])
    if not words or any("[" in word or "|" in word or "..." in word for word in words):
        return
    if words[0].startswith("-"):
        assert CliRunner().invoke(cli, words).exit_code == 0
        return
    context = click.Context(cli, info_name="teneleven")
    found = cli.get_command(context, words[0])
    assert found is not None, f"there is no command {words[0]}"
    try:
        found.make_context(words[0], words[1:], parent=context)
    except click.BadParameter as fault:
        assert re.search("does not exist|No such file", fault.message), fault.message


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_json_is_json(page: Path) -> None:
    for block in fenced(page, "json"):
        json.loads(block)


def test_the_tutorial_ends_with_a_mapped_file(small_bundle: Path) -> None:
    """Every command of the tutorial that looks codes up or maps, one after the other."""
    page = next(page for page in PAGES if page.name == "tutorial.md")
    runner = CliRunner()
    with runner.isolated_filesystem():
        Path("bundle").symlink_to(small_bundle)
        Path("encounters.csv").write_text(fenced(page, "csv")[0], "utf-8")
        run = {"info", "lookup", "search", "map", "impact"}
        told = [command for command in COMMANDS if command.page == "docs/tutorial.md"]
        assert run <= {command.words[1] for command in told}
        for command in told:
            if command.words[1] in run:
                done = runner.invoke(cli, list(command.words[1:]))
                assert done.exit_code == 0, done.output
        mapped = Path("mapped.csv").read_text("utf-8").splitlines()
        assert len(mapped) == 5
        assert "5A11" in mapped[1]
        assert "unknown-code" in mapped[4]
        assert "<html" in Path("report.html").read_text("utf-8")

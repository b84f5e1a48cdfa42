"""Episodes after a definition, by hand."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from terminology.claims.studies.episodes import EpisodeClaim, EpisodeDefinition, episodes
from terminology.errors import InvalidRequestError, ReleaseFormatError
from terminology.exchange.claims.episode_files import read_definitions, read_episode_claims

JOINT = EpisodeDefinition("joint", 30, frozenset({"470"}), frozenset({"G9901"}), frozenset({"945"}), ("S",))


def claim(name: str, day: int, paid: float = 100.0, patient: str = "P", **more: object) -> EpisodeClaim:
    """A claim of one day, counted from 1 January."""
    on = date.fromordinal(date(2026, 1, 1).toordinal() + day)
    return EpisodeClaim(name, patient, on, on, paid, **more)  # type: ignore[arg-type]


def test_what_begins_within_the_period_belongs_to_the_episode() -> None:
    held = [claim("stay", 10, 9000.0, drg="470"), claim("visit", 40), claim("late", 41), claim("early", 9)]
    (found,) = episodes(held, [JOINT])
    assert (found.trigger, found.claims, found.paid) == ("stay", ("stay", "visit"), 9100.0)
    assert found.ends == date(2026, 2, 10)


def test_excluded_stays_and_diagnoses_are_told_and_not_summed() -> None:
    held = [claim("stay", 0, drg="470"), claim("rehab", 3, drg="945"), claim("fall", 4, diagnosis="S52501A")]
    (found,) = episodes(held, [JOINT])
    assert (found.claims, found.excluded, found.paid) == (("stay",), ("rehab", "fall"), 100.0)


def test_a_trigger_inside_an_episode_opens_no_other() -> None:
    held = [claim("one", 0, drg="470"), claim("two", 30, drg="470"), claim("three", 31, codes=("G9901",))]
    assert [(e.trigger, e.claims) for e in episodes(held, [JOINT])] == [
        ("one", ("one", "two")),
        ("three", ("three",)),
    ]


def test_patients_are_kept_apart() -> None:
    held = [claim("a", 0, drg="470"), claim("b", 1, patient="Q")]
    (found,) = episodes(held, [JOINT])
    assert found.claims == ("a",)


DEFINITION = (
    b'[[episode]]\nname = "joint"\ndays = 30\ntrigger_drgs = [470, "469"]\nexcluded_diagnoses = ["S52.5"]\n'
)


def test_a_definition_is_read_with_its_codes_as_keys() -> None:
    (found,) = read_definitions(BytesIO(DEFINITION), "team.toml")
    assert (found.trigger_drgs, found.excluded_diagnoses) == (frozenset({"470", "469"}), ("S525",))


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"episode = 1", r"\[\[episode\]\]"),
        (b"[[episode]\n", "TOML"),
        (DEFINITION.replace(b"days = 30", b"days = -1"), "days from 0"),
        (DEFINITION + b"length = 3\n", "episode 1, length: no such field"),
        (b'[[episode]]\nname = "x"\ndays = 3\n', "needs trigger_drgs or trigger_codes"),
    ],
)
def test_a_definition_of_another_form_is_refused(data: bytes, match: str) -> None:
    with pytest.raises((ReleaseFormatError, InvalidRequestError), match=match):
        read_definitions(BytesIO(data), "team.toml")


def test_claims_are_read_and_a_wrong_cell_names_its_line(tmp_path: Path) -> None:
    path = tmp_path / "claims.csv"
    path.write_text(
        'claim,patient,from,through,paid,drg,codes\n1,P,2026-01-01,2026-01-03,"$1,000.50",470,G9901 g9902\n'
    )
    (found,) = read_episode_claims(path)
    assert (found.paid, found.drg, found.codes) == (1000.5, "470", ("G9901", "G9902"))
    path.write_text("claim,patient,from,through,paid\n1,P,2026-01-01,soon,1\n")
    with pytest.raises(ReleaseFormatError, match="line 2, through: expected a day"):
        list(read_episode_claims(path))

"""Answers kept of an open bundle take a bounded number of bytes."""

from __future__ import annotations

from typing import Any

from terminology.bundle.kept import RecentAnswers, kept_by_size

KIB = 1024


class Asked:
    """A function whose answers are all of one size, and what it was asked."""

    def __init__(self, size: int = KIB) -> None:
        self.size, self.questions = size, list[int]()

    def __call__(self, question: int) -> bytes:
        self.questions.append(question)
        return question.to_bytes(2, "big").ljust(self.size, b".")


def held(answers: RecentAnswers[bytes]) -> int:
    return sum(len(a) for half in (answers._newer, answers._older) for a in half.values())


def test_an_answer_is_given_again_without_asking() -> None:
    asked = Asked()
    answers = RecentAnswers(asked, 64 * KIB, len)
    assert answers(7) is answers(7)
    assert asked.questions == [7]


def test_what_is_kept_never_takes_more_than_it_may() -> None:
    answers = RecentAnswers(Asked(), 16 * KIB, len)
    for question in range(200):
        answers(question)
        assert held(answers) <= 16 * KIB


def test_what_is_asked_for_often_stays_while_others_come_and_go() -> None:
    asked = Asked()
    answers = RecentAnswers(asked, 16 * KIB, len)
    for question in range(1, 200):
        answers(question)
        answers(0)
    assert asked.questions.count(0) == 1


def test_an_answer_larger_than_half_of_the_room_is_given_and_not_kept() -> None:
    asked = Asked(9 * KIB)
    answers = RecentAnswers(asked, 16 * KIB, len)
    assert len(answers(1)) == len(answers(1)) == 9 * KIB
    assert asked.questions == [1, 1]
    assert held(answers) == 0


def test_no_answer_of_another_bundle_is_given() -> None:
    class Bundle:
        def __init__(self, name: str) -> None:
            self.name, self.kept = name, dict[Any, Any]()

    @kept_by_size(KIB * 8, len)
    def named(bundle: Bundle, code: str) -> str:
        return f"{bundle.name} {code}"

    one, other = Bundle("one"), Bundle("other")
    assert [named(one, "A00"), named(other, "A00"), named(one, "A00")] == ["one A00", "other A00", "one A00"]

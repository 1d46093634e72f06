"""Answers with three values."""

from __future__ import annotations

from itertools import product

import pytest

from pyconcepts_lint.base.answer import Answer, all_of, answer, any_of

MEANINGS = {Answer.YES: {True}, Answer.NO: {False}, Answer.UNKNOWN: {True, False}}


def answered(outcomes: set[bool]) -> Answer:
    return Answer.UNKNOWN if len(outcomes) == 2 else answer(outcomes.pop())


@pytest.mark.parametrize("given", [*product(Answer, repeat=2), *product(Answer, repeat=3), ()])
def test_joined_questions_are_answered_by_what_they_may_mean(given: tuple[Answer, ...]) -> None:
    possible = list(product(*(MEANINGS[each] for each in given)))
    assert all_of(given) is answered({all(each) for each in possible})
    assert any_of(given) is answered({any(each) for each in possible})


@pytest.mark.parametrize("given", Answer)
def test_the_opposite_answers_the_negated_question(given: Answer) -> None:
    assert given.opposite is answered({not each for each in MEANINGS[given]})
    assert given.opposite.opposite is given


@pytest.mark.parametrize("given", Answer)
def test_an_answer_is_not_taken_for_a_truth_value(given: Answer) -> None:
    with pytest.raises(TypeError, match="compare it"):
        bool(given)

"""Choices: one pass is a straight line, every opaque choice is a numbered question, and the explorer replays with other
answers."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from torchlint.interpreter.places import Place


class Question(NamedTuple):
    """What was asked in a pass: the options, best first, the index taken, and the place of the condition, if it is one.

    `is_input` says that it is about an input, `is_building` that no `forward` ran when it was asked, `is_likely` that the first
    option is what happens unless somebody has set an environment variable, `is_varying` that the rounds of a loop may answer it
    differently.
    """

    key: Hashable
    options: tuple[Any, ...]
    taken: int
    place: Place | None
    is_input: bool
    is_building: bool
    is_likely: bool
    is_varying: bool = False


class Answers:
    """The answers of one pass: those that the explorer fixed, and the best option for every other question.

    Questions are told apart by their key's order of appearance, so that a replay recognises them; the same key is answered the
    same way throughout a pass.
    """

    def __init__(self, fixed: dict[Hashable, int] | None = None) -> None:
        self.fixed = fixed or {}
        self.asked: dict[Hashable, Question] = {}

    def ask(
        self,
        key: Hashable,
        options: Sequence[Any],
        place: Place | None = None,
        is_input: bool = False,
        is_building: bool = False,
        is_likely: bool = False,
        is_varying: bool = False,
        best: int = 0,
    ) -> Any:
        """The option taken for this question: the one at index `best`, unless the answer is fixed."""
        question = self.asked.get(key)
        if question is None:
            taken = min(self.fixed.get(key, best), len(options) - 1)
            flags = is_input, is_building, is_likely, is_varying
            question = self.asked[key] = Question(key, tuple(options), taken, place, *flags)
        return question.options[question.taken]

    def alternatives(self, only_input: bool | None = None, first: int | None = None) -> list[dict[Hashable, int]]:
        """Every set of answers that differs from this pass in one question, earlier answers kept, later ones free again.

        `first` is how many questions, in their order, may be answered otherwise.
        """
        found: list[dict[Hashable, int]] = []
        kept: dict[Hashable, int] = dict(self.fixed)
        for key, question in islice(self.asked.items(), first):
            if only_input is None or question.is_input is only_input:
                for other in range(len(question.options)):
                    if other != question.taken and key not in self.fixed:
                        found.append({**kept, key: other})
            kept[key] = question.taken
        return found

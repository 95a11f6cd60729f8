"""What tests ask of answers about a text."""

from __future__ import annotations

from pathlib import Path

from torchlint.analysis import Project, analyze
from torchlint.editor.answers import About, Answers
from torchlint.editor.describing import Describer
from torchlint.remembering import Memory
from torchlint.settings import Settings
from torchlint.source.document import Document


class Editing:
    """A file whose text is replaced again and again, as in an editor."""

    def __init__(self, folder: Path) -> None:
        self._settings, self._memory, self._describer = Settings(budget_seconds=30.0), Memory(), Describer()
        self._project = Project(self._settings, folder)
        self._path = str(folder / "net.py")
        self.chosen: dict[str, str] = {}

    def answers(self, text: str) -> Answers:
        """What is known of the file with that text."""
        analysis = analyze(Document(self._path, text), self._project, self._settings, self._memory)
        return self._describer.describe(analysis, self._memory, self.chosen)


def answers_of(text: str, folder: Path) -> Answers:
    """What is known of a file with that text."""
    return Editing(folder).answers(text)


def hover(answers: Answers, piece: str, behind: str = "") -> str:
    """The hover at the start of the first place where a text stands, behind another one."""
    text = answers.document.text
    found = answers.hover(answers.document.position(text.index(piece, text.index(behind))))
    return found.text if found is not None else ""


def about(answers: Answers, name: str) -> About:
    """What is known of the definition of that name."""
    return next(part.about for part in answers.parts if part.about.name == name)


def shapes(answers: Answers, name: str) -> list[str]:
    """The hints of shapes in a definition."""
    return [hint.label for hint in about(answers, name).hints if hint.kind == "shape"]

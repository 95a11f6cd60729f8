"""What a rule's page promises is true: of torchlint, of its fixes, and of torch."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from execution import Run, execute
from marks import read_marks
from rules.pages import read_page
from torchlint.analysis import Analysis, Project, analyze
from torchlint.fixing import fix
from torchlint.rules import all_rules
from torchlint.rules.registry import Rule
from torchlint.settings import Settings
from torchlint.source.document import Document

_SETTINGS = Settings(select=("ALL",), budget_seconds=20)
_HEADINGS = ("## Why is this bad?", "## Example", "Use instead:", "## Fix safety", "## References")
_RULES = [pytest.param(rule, id=rule.name) for rule in all_rules()]
_WITH_EXAMPLE = [pytest.param(rule, id=rule.name) for rule in all_rules() if read_page(rule).example]
_ABOUT_TORCH = [p for p in _WITH_EXAMPLE if not p.values[0].code.startswith("TL9")]  # the others are about torchlint itself

torch.set_num_threads(1)


def _analyze(text: str) -> Analysis:
    return analyze(Document("page.py", text), Project(_SETTINGS, Path(__file__).parent), _SETTINGS)


def _names(text: str) -> list[str]:
    return [d.name for d in _analyze(text).diagnostics]


@pytest.mark.parametrize("rule", _RULES)
def test_page_has_its_sections(rule: Rule) -> None:
    """A page is a summary of one sentence and sections of a closed list, in order, each at most once."""
    page = read_page(rule)
    assert page.summary.endswith(".") and len(page.summary) <= 120
    wanted = [h for h in _HEADINGS if h in page.headings]
    assert list(page.headings) == wanted, "a section is out of order, unknown, or there twice"
    required = {"## Why is this bad?", "## Example"} | ({"Use instead:"} if page.example else set())
    required |= {"## Fix safety"} if rule.applicability is not None else set()
    assert required <= set(page.headings)
    assert ("## Fix safety" in page.headings) is (rule.applicability is not None)
    assert bool(page.example) is not bool(page.why_no_example), "two blocks of code, or a reason why there are none"


@pytest.mark.parametrize("rule", _WITH_EXAMPLE)
def test_example_fires_this_rule_and_no_other(rule: Rule) -> None:
    """The example has exactly one finding, and it is the rule's."""
    assert _names(read_page(rule).example) == [rule.name]


@pytest.mark.parametrize("rule", _WITH_EXAMPLE)
def test_what_to_use_instead_is_silent(rule: Rule) -> None:
    """What the page recommends is not reported by any rule."""
    assert _names(read_page(rule).instead) == []


@pytest.mark.parametrize("rule", _WITH_EXAMPLE)
def test_fix_makes_the_example_what_to_use_instead(rule: Rule) -> None:
    """A rule with a fix turns the example into the text below it, as safely as it says; one without offers none."""
    page = read_page(rule)
    found = _analyze(page.example).diagnostics[0]
    if rule.applicability is None:
        assert found.fix is None
        return
    assert found.fix is not None and found.fix.applicability is rule.applicability
    fixed = fix(Document("page.py", page.example), lambda document: _analyze(document.text).diagnostics, unsafe=True)
    assert fixed.document.text == page.instead
    assert not fixed.refused


@pytest.mark.parametrize("rule", _ABOUT_TORCH)
def test_torch_agrees_with_the_page(rule: Rule, tmp_path: Path) -> None:
    """The example of a rule about what torch rejects raises where it is reported; every other text of the page runs."""
    page = read_page(rule)
    errors = _errors(page.example, tmp_path)
    if "FilledHole" in rule.subject:  # torch takes no `...`, whoever runs it
        row = _analyze(page.example).diagnostics[0].span.start.row
        assert errors and all(row in run.rows for run in errors), errors
    elif "Failure" in rule.subject:
        row = _analyze(page.example).diagnostics[0].span.start.row
        if rule.name == "last-batch-of-one":  # it is told at the loader, and raises where the batch is used
            row = _analyze(page.example).diagnostics[0].notes[0].span.start.row
        assert len(errors) == 1 and row in errors[0].rows, errors
    else:
        assert not errors
    assert not _errors(page.instead, tmp_path)


def _errors(text: str, folder: Path) -> list[Run]:
    """The runs in which torch raises: of a text as a script, and of a dummy forward pass of each of its classes."""
    path = folder / "page.py"
    path.write_text(text)
    runs = execute(path, read_marks(path), _analyze(text))
    assert any(run.name for run in runs) or "class " not in text, "no class of the text ran"
    return [run for run in runs if run.error is not None]

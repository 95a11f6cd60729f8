"""What counts as a disagreement between reading and running."""

from __future__ import annotations

from torchlint.diagnostics import Diagnostic, Position, Severity, Span
from torchlint.execution.comparison import Difference, differences
from torchlint.execution.outcome import Outcome
from torchlint.summary import Summary, SummaryRow

_TOP = SummaryRow("", "Net", 0, ((1, 4),), (1, 2), 10, 0, None, 8)
_LAYER = SummaryRow("fc", "Linear", 1, ((1, 4),), (1, 2), 10, 10, None, 8)
_SUMMARY = Summary("Net", ((1, 4),), (_TOP, _LAYER), 10, 10, 0, 8)
_PLACE = Span(Position(7, 1), Position(7, 9))
_RAISED = Diagnostic("torch", "RuntimeError", Severity.ERROR, "no", "m.py", _PLACE)
_RAN = Outcome(_SUMMARY, None, True, "")
_FAILED = Outcome(_SUMMARY, _RAISED, False, "")


def test_what_both_know_is_compared() -> None:
    """Totals, and type, shape and counts of each layer."""
    assert differences(_SUMMARY, _RAN) == []
    other = _LAYER._replace(type="Conv2d", output_shape=(1, 3), params=9, mult_adds=7)
    read = _SUMMARY._replace(rows=(_TOP, other), trainable_params=9, buffers=1)
    assert differences(read, _RAN) == [
        Difference("", "trainable parameters", 9, 10),
        Difference("", "buffers", 1, 0),
        Difference("fc", "type", "Conv2d", "Linear"),
        Difference("fc", "output shape", (1, 3), (1, 2)),
        Difference("fc", "mult-adds", 7, 8),
        Difference("fc", "parameters", 9, 10),
    ]


def test_what_one_does_not_know_is_no_difference() -> None:
    """Unknown is no answer."""
    unknown = SummaryRow("fc", "Linear", 1)
    read = Summary("Net", (), (_TOP._replace(output_shape=None), unknown), None, None, None, None)
    assert differences(read, _RAN) == []
    assert differences(read._replace(rows=(_TOP,)), _RAN) == []


def test_layers_that_one_does_not_have() -> None:
    """Another structure is a difference where reading has seen all of it."""
    assert differences(_SUMMARY._replace(rows=(_TOP,)), _RAN) == [Difference("fc", "layer", None, "Linear")]
    more = _SUMMARY._replace(rows=(_TOP, _LAYER, _LAYER._replace(path="act", type="ReLU")))
    assert differences(more, _RAN) == [Difference("act", "layer", "ReLU", None)]


def test_failures() -> None:
    """Both must fail at the same line, or neither; a pass that was cut short says nothing."""
    fails = _SUMMARY._replace(fails_at=("m.py", 7))
    assert differences(fails, _FAILED) == []
    assert differences(_SUMMARY, _FAILED) == [Difference("", "failure", None, ("m.py", 7))]
    assert differences(fails, _RAN) == [Difference("", "failure", ("m.py", 7), None)]
    assert differences(_SUMMARY._replace(total_params=None), _FAILED) == []
    assert differences(fails, _RAN._replace(is_complete=False)) == []

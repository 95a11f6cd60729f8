"""From the worker's answer to what torchlint shows: the same summary as reading gives, and a diagnostic for what was raised."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from torchlint.diagnostics import Diagnostic, Note, Position, Severity, Span
from torchlint.execution.process import ExecutionError, Request, Worker
from torchlint.source.document import DecodeError, Document
from torchlint.summarizing import count_formula
from torchlint.summary import InputSpec, ShapeTree, Summary, SummaryRow, Target

_NOTES = 4


class Outcome(NamedTuple):
    """What came of a run: the summary of the model, if there is one, and the diagnostic of the exception that ended it.

    `is_complete` says that the forward ran to its end; `output` is what the code printed.
    """

    summary: Summary | None
    diagnostic: Diagnostic | None
    is_complete: bool
    output: str


def execute(worker: Worker, request: Request, target: Target, root: Path) -> Outcome:
    """Run a request. Raises ExecutionError where there is nothing to show: no interpreter, no model, a process that ended."""
    answer = worker.run(request)
    name = request["name"] or request["module"]
    if "stopped" in answer:
        raise ExecutionError(f"`{name}` was stopped: {answer['stopped']}")
    if "no_module" in answer:
        raise ExecutionError(f"`{name}` gives a value of type {answer['no_module']}, not an `nn.Module`")
    error = answer["error"]
    unfinished = answer["import_error"]
    summary = None
    if answer["rows"] is not None:
        notes = [*_import_note(unfinished), *_refusals(answer["refused"])]
        if error is not None and error["kind"] == "data":
            notes.append(f"the pass ends where {error['message']}, of which it has none{_where(error)}")
        elif answer["inputs"] is None and error is None:
            notes.append("no input is known, so `forward` was not run: --input says its shape, as --input 1,3,224,224")
        runner = f"torch {worker.torch} and Python {worker.python_version}"
        summary = _summary(answer, request, notes, runner)
    diagnostic = None
    if error is not None and (error["kind"] != "data" or summary is None):
        diagnostic = _diagnostic(error, answer, target, root)
        if diagnostic is None:
            raise ExecutionError(f"`{name}` cannot be run: {_spoken(error)}{_hint(error, answer['stage'])}")
    is_complete = answer["stage"] == "forward" and error is None and answer["inputs"] is not None
    return Outcome(summary, diagnostic, is_complete, answer.get("output", ""))


def _summary(answer: dict[str, Any], request: Request, notes: list[str], runner: str) -> Summary:
    rows = tuple(_row(row) for row in answer["rows"])
    used = answer["inputs"] or (request["inputs"][0] if request["inputs"] else [])
    inputs = tuple(InputSpec(i["name"], tuple(i["shape"]), i["dtype"]) for i in used)
    return Summary(
        class_name=answer["type"],
        input=tuple(i.shape for i in inputs),
        rows=rows,
        total_params=answer["parameters"],
        trainable_params=answer["trainable"],
        buffers=answer["buffers"],
        total_mult_adds=rows[0].mult_adds if answer["error"] is None else None,
        notes=tuple(notes),
        representation=answer["representation"],
        inputs=inputs,
        runner=runner,
    )


def _row(row: dict[str, Any]) -> SummaryRow:
    own = None if None in row["own"] else [tuple(shape) for shape in row["own"]]
    return SummaryRow(
        path=row["path"],
        type=row["type"],
        depth=row["depth"],
        input_shape=_tree(row["input"]),
        output_shape=_tree(row["output"]),
        params=row["parameters"],
        own_params=None if own is None else sum(_elements(shape) for shape in own),
        formula=count_formula(own) if own else None,
        mult_adds=row["mult_adds"],
        repeated=row["repeated"],
    )


def _tree(shape: Any) -> ShapeTree | None:
    if shape is None:
        return None
    return tuple(_tree(s) or () if isinstance(s, list) else s for s in shape)


def _elements(shape: Sequence[int]) -> int:
    count = 1
    for size in shape:
        count *= size
    return count


def _import_note(unfinished: dict[str, Any] | None) -> list[str]:
    if unfinished is None:
        return []
    return [f"the import of the file ends early: {_spoken(unfinished)}{_where(unfinished)}"]


def _refusals(refused: list[str]) -> list[str]:
    return [f"{what} was refused" for what in refused[:_NOTES]]


def _spoken(error: dict[str, Any]) -> str:
    return f"{error['type']}: {error['message']}" if error["message"] else str(error["type"])


def _hint(error: dict[str, Any], stage: str) -> str:
    """What to say on the command line where an argument is missing."""
    missing = re.search(r"missing \d+ required .*?arguments?: (.*)", error["message"])
    names = re.findall(r"'(\w+)'", missing[1]) if missing else []
    if not names:
        return ""
    if stage == "build":
        return '; give it with --args "' + ", ".join(f"{name}=..." for name in names) + '"'
    return f"; --input says the shape of each input, and that of {' and '.join(f'`{n}`' for n in names)} is not known"


def _where(error: dict[str, Any]) -> str:
    """The innermost place that is not torch's own."""
    frames = [f for f in error["frames"] if not _is_foreign(f["path"])]
    if not frames:
        return ""
    path = min(frames[-1]["path"], os.path.relpath(frames[-1]["path"]), key=len)
    return f" ({path}:{frames[-1]['row']})"


def _is_foreign(path: str) -> bool:
    """Whether the file is torch's, Python's or the worker's own."""
    parts = Path(path).parts
    if os.path.dirname(path) == os.path.dirname(__file__):
        return True
    if "site-packages" in parts or "dist-packages" in parts:
        at = max(i for i, part in enumerate(parts) if part in ("site-packages", "dist-packages"))
        return parts[at + 1] in ("torch", "torchgen", "functorch")
    return any(part.startswith("python3") for part in parts) and "lib" in parts


def _diagnostic(error: dict[str, Any], answer: dict[str, Any], target: Target, root: Path) -> Diagnostic | None:
    """What was raised, at the innermost line of the user's code; None where no file is to blame."""
    frames = [f for f in error["frames"] if not _is_foreign(f["path"])]
    users = [f for f in frames if f["path"] == str(target.path) or _is_below(f["path"], root)] or frames
    if not users:
        return None
    at, innermost = users[-1], error["frames"][-1]
    notes = [Note(_stage(answer))]
    if error["kind"] == "memory":
        notes.append(Note(f"it may use no more memory: {_spoken(error)}"))
    if frames[-1] is not at:
        notes.append(Note("it is raised here", frames[-1]["path"], _span(frames[-1])))
    notes += [Note("called from here", f["path"], _span(f)) for f in reversed(users[:-1][-_NOTES:])]
    notes += [Note(what) for what in _refusals(answer["refused"])]
    is_torch = _is_foreign(innermost["path"]) or error["module"].startswith("torch")
    code, name = ("torch" if is_torch else "Python"), error["type"]
    message = error["message"].strip().partition("\n")[0] or f"{name} is raised"
    if error["kind"] == "time":
        code, name, message = "limit", "time", "the run was still here when its time was over"
    elif error["kind"] == "data":
        message = f"{error['message']}, of which a dummy pass has none"
    elif name == "SystemExit":
        message = f"the program exits here with {error['message'] or 0}"
        notes += [Note(f"it printed: {line}") for line in answer.get("output", "").splitlines()[-1:]]
    help_ = None
    if any("network" in what or "checkpoints" in what for what in answer["refused"]):
        help_ = 'build the model without pretrained weights, as with --args "weights=None" or --args "pretrained=False"'
    return Diagnostic(code, name, Severity.ERROR, message, at["path"], _span(at), tuple(notes), help=help_)


def _is_below(path: str, root: Path) -> bool:
    inside = Path(path).is_relative_to(root)
    return inside and "site-packages" not in Path(path).relative_to(root).parts


def _stage(answer: dict[str, Any]) -> str:
    if answer["stage"] == "import":
        return "while the file is imported"
    return "while the model is built" if answer["stage"] == "build" else "while `forward` runs"


def _span(frame: dict[str, Any]) -> Span:
    """The place of a frame; the whole line where Python does not tell more."""
    try:
        document = Document.read(Path(frame["path"]))
    except (OSError, DecodeError):
        return Span(Position(frame["row"], 1), Position(frame["row"], 1))
    row, line = frame["row"], (document.lines[frame["row"] - 1] if frame["row"] <= len(document.lines) else "")
    column, end = frame["column"], frame["end_column"]
    if column is None or end is None:
        indent = len(line) - len(line.lstrip())
        return Span(Position(row, indent + 1), Position(row, len(line.rstrip()) + 1))
    end_row = frame["end_row"] or row
    return document.span(ast.Pass(lineno=row, col_offset=column, end_lineno=end_row, end_col_offset=end))

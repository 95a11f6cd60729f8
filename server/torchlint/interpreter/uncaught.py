"""Exceptions that nothing in the program catches, as failures: what the program itself forbids, and what Python cannot do."""

from __future__ import annotations

import ast

from torchlint.interpreter.machine import Machine, Step
from torchlint.interpreter.objects import ClassValue, Raised
from torchlint.interpreter.standins import is_standin
from torchlint.interpreter.trace import Failure
from torchlint.values.errors import ShapeError
from torchlint.values.unknown import Unknown

_NO_MISTAKES = (SystemExit, KeyboardInterrupt, GeneratorExit, StopIteration, ImportError, OSError, Warning)
"""What programs end with on purpose, and what depends on the machine."""
_OF_PYTHON = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError, NameError)
_LONGEST = 200


def note_uncaught(machine: Machine, raised: Raised, is_script: bool) -> None:
    """Note an exception that ends the program, or a statement of it, where it is certain to be raised.

    In a class that is run on its own nothing is said of methods that are left to subclasses, nor of what it forbids itself, nor
    of what is stated about its input, whose type is a guess.
    """
    if not raised.steps or not _is_mistake(raised, is_script) or (_is_supposed(machine, raised) and not is_script):
        return
    steps = raised.steps
    if raised.is_stated and steps[-1].in_forward and not is_script and not _is_about_values(steps[-1].place.node):
        return
    end = _blamed(raised, is_script)
    if end is None:
        return
    step, cause = steps[end], steps[-1]
    error = _contract(raised, step) if raised.is_stated else _of_python(raised)
    inside = cause.place if cause is not step and not is_standin(cause.place.unit.path) else None
    certain = all(question.is_input for question in machine.answers.asked.values())
    asked = len(machine.answers.asked)
    stack = tuple(s.place for s in steps[:-1])
    machine.trace.fail(
        Failure(error, step.place, inside, _callee(step), {}, None, stack, step.statement, cause.in_forward, certain, asked)
    )


def _is_mistake(raised: Raised, is_script: bool) -> bool:
    if isinstance(raised.type, ClassValue):
        bases = tuple(entry for entry in raised.type.mro if isinstance(entry, type))
        return not raised.type.open_ended and not any(issubclass(base, _NO_MISTAKES) for base in bases)
    if isinstance(raised.value, Unknown) or raised.value is None or not isinstance(raised.type, type):
        return False
    if issubclass(raised.type, NotImplementedError):
        return is_script
    return not issubclass(raised.type, _NO_MISTAKES) and (raised.is_stated or issubclass(raised.type, _OF_PYTHON))


def _is_about_values(node: ast.AST) -> bool:
    """Whether it is an assertion that asks for no type."""
    names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return isinstance(node, (ast.Assert, ast.Call)) and names.isdisjoint({"isinstance", "type", "hasattr", "callable"})


def _is_supposed(machine: Machine, raised: Raised) -> bool:
    """Whether it may come of an argument that is None, or what was made in its place, only because nobody gave it."""
    if not machine.supposes_none:
        return False
    if raised.is_stated:
        return bool(raised.steps[-1].lacks_argument)
    is_late = bool(machine.trace.module_calls) or not isinstance(raised.value, LookupError)
    return "NoneType" in raised.message or not is_late


def _blamed(raised: Raised, is_script: bool) -> int | None:
    """Which step is wrong: of what the program states, the innermost call in a checked file that leads there, if all that
    follows is certain; an assertion about the script's own values; of what Python cannot do, the place itself."""
    steps = raised.steps
    last = len(steps) - 1
    if not raised.is_stated:
        return next((i for i in range(last, -1, -1) if steps[i].place.unit.checked), None)
    if isinstance(steps[last].statement, ast.Raise):
        while last and steps[last].is_sure:  # a function that only raises: the call of it is what states that
            last -= 1
    call = next((i for i in range(last - 1, -1, -1) if steps[i].place.unit.checked), None)
    if call is None and is_script and isinstance(steps[last].place.node, (ast.Assert, ast.Call)):
        call = last
    if call is None or any(step.is_doubtful for step in steps[min(call + 1, last) :]):
        return None
    return call if steps[call].place.unit.checked else None


def _callee(step: Step) -> str:
    node = step.place.node
    return step.place.unit.source(node.func if isinstance(node, ast.Call) else node)


def _contract(raised: Raised, step: Step) -> ShapeError:
    said = f"`{raised.type_name}`" + (f": {raised.message}" if _is_text(raised.message) else "")
    if step is raised.steps[-1]:
        return ShapeError("contract-violated", "the assertion fails" + (f": {raised.message}" if raised.message else ""))
    return ShapeError("contract-violated", f"{{callee}} raises {_literal(said)}")


def _of_python(raised: Raised) -> ShapeError:
    said = f": {raised.message}" if _is_text(raised.message) else ""
    return ShapeError("invalid-operation", f"this raises `{raised.type_name}`{_literal(said)}")


def _is_text(message: str) -> bool:
    return bool(message) and len(message) <= _LONGEST and "\n" not in message


def _literal(text: str) -> str:
    """Braces in it name no arguments."""
    return text.replace("{", "(").replace("}", ")")

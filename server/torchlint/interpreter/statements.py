"""Execution of statements. A block returns None, or the signal that ended it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from typing import Any

from torchlint.dims.printing import show_shape
from torchlint.interpreter.annotations import Sizes
from torchlint.interpreter.bindings import bound_names
from torchlint.interpreter.budget import PartExhausted, extend
from torchlint.interpreter.contexts import Contexts
from torchlint.interpreter.exceptions import Exceptions
from torchlint.interpreter.frames import Frame
from torchlint.interpreter.functions import FunctionValue
from torchlint.interpreter.loops import Loops
from torchlint.interpreter.machine import Site
from torchlint.interpreter.objects import ClassValue, Instance, Raised
from torchlint.interpreter.patterns import match_pattern
from torchlint.interpreter.places import Place
from torchlint.interpreter.repeating import BREAK, CONTINUE, RETURN
from torchlint.interpreter.trace import Argument, Mismatch
from torchlint.values.errors import ShapeError, Undecided
from torchlint.values.module import Module
from torchlint.values.rounds import Series
from torchlint.values.tensor import InputTensor, Tensor, TorchSize
from torchlint.values.unknown import OpenArguments, Unknown

_DECORATOR_STEPS = 5_000


class Statements(Loops, Exceptions, Contexts):
    """The effects of statement nodes."""

    def execute(self, body: list[ast.stmt], frame: Frame) -> Any:
        visited, seen = self.trace.visited, self.trace.blind if self.is_blind else self.trace.sighted
        for statement in body:
            self.budget.step()
            frame.statement = statement
            visited.add(statement)
            seen.add(statement)
            try:
                signal = _EXECUTORS[statement.__class__](self, statement, frame)
            except Undecided as undecided:
                self.doubt(frame)
                self.bind_unknown(statement, self.unknown(str(undecided)), frame)
                continue
            if signal is not None:
                return signal
        return None

    def bind_unknown(self, statement: ast.stmt, unknown: Unknown, frame: Frame) -> None:
        """A statement that could not be followed binds its names to Unknown."""
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                self.assign(target, unknown, frame)
        elif isinstance(statement, (ast.AnnAssign, ast.AugAssign)):
            self.assign(statement.target, unknown, frame)
        elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            frame.store(statement.name, unknown)
        else:
            for name in set(bound_names([statement])) - set(frame.names):
                frame.store(name, unknown)

    def exec_expr(self, node: ast.Expr, frame: Frame) -> Any:
        self.evaluate(node.value, frame)

    def exec_assign(self, node: ast.Assign, frame: Frame) -> Any:
        self._hint_rank(node.targets[0], node.value, frame)
        value = self.evaluate(node.value, frame)
        for target in node.targets:
            self.assign(target, value, frame)

    def _hint_rank(self, target: ast.expr, value: ast.expr, frame: Frame) -> None:
        """`b, c, h, w = x.shape` and `b, n, d, heads = *x.shape, 8` say the rank of an input whose rank nobody has said."""
        if not isinstance(target, (ast.Tuple, ast.List)) or any(isinstance(e, ast.Starred) for e in target.elts):
            return
        count = len(target.elts)
        if isinstance(value, (ast.Tuple, ast.List)):
            stars = [e.value for e in value.elts if isinstance(e, ast.Starred)]
            if not stars and len(value.elts) == count:
                for inner, part in zip(target.elts, value.elts):
                    self._hint_rank(inner, part, frame)
            if len(stars) != 1:
                return
            count, value = count - len(value.elts) + 1, stars[0]
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "size":
            value = value if value.args else value.func
        if isinstance(value, ast.Attribute) and value.attr in ("shape", "size") and isinstance(value.value, ast.Name):
            tensor = frame.lookup(value.value.id)
            if isinstance(tensor, InputTensor) and count >= 0:
                tensor.decide((count,))

    def exec_annassign(self, node: ast.AnnAssign, frame: Frame) -> Any:
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value, frame), frame)
        elif isinstance(node.target, (ast.Attribute, ast.Subscript)):
            self.evaluate(node.target.value, frame)  # as Python does

    def exec_augassign(self, node: ast.AugAssign, frame: Frame) -> Any:
        target = node.target
        if isinstance(target, ast.Name):
            old: Any = self.eval_name(ast.copy_location(ast.Name(target.id, ast.Load()), target), frame)
        elif isinstance(target, ast.Attribute):
            owner = self.evaluate(target.value, frame)
            self.site = Site(frame, target)
            old = self.get_attribute(owner, target.attr)
        else:
            owner = self.evaluate(target.value, frame)
            index = self.evaluate(target.slice, frame)
            self.site = Site(frame, target)
            old = self.get_item(owner, index)
        value = self.evaluate(node.value, frame)
        self.site = Site(frame, node)
        new = self.augment(type(node.op), old, value)
        if isinstance(target, ast.Name):
            frame.store(target.id, new)
        elif isinstance(target, ast.Attribute):
            self.set_attribute(owner, target.attr, new)
        else:
            self.set_item(owner, index, new)
        if frame.seen is not None:
            self.trace.see(frame.seen, target, new)

    def augment(self, operator: type[ast.operator], old: Any, value: Any) -> Any:
        """`old op= value`: lists grow in place, objects may say what happens, everything else is the binary operation."""
        if isinstance(old, list) and operator is ast.Add:
            if isinstance(value, Series) and value.parts is not None:
                opened = self.opened(old)
                opened.extend(value.parts)
                return opened
            extend(old, self.iterate(value))
            return old
        if isinstance(old, Series) and old.kind is list and operator is ast.Add:
            return self.call_value(self.get_attribute(old, "extend"), (value,), {}) or old
        if isinstance(old, (set, dict)) and operator is ast.BitOr and isinstance(value, type(old)):
            old.update(value)
            return old
        method = self.find_method(old, f"__i{_IN_PLACE[operator]}__") if isinstance(old, Instance) else None
        if method is not None:
            return self.call_special(method, value)
        return self.binary(operator, old, value)

    def assign(self, target: ast.expr, value: Any, frame: Frame) -> None:
        if frame.seen is not None:
            self.trace.see(frame.seen, target, value)
        if isinstance(target, ast.Name):
            frame.store(target.id, value)
        elif isinstance(target, ast.Attribute):
            owner = self.evaluate(target.value, frame)
            self.site = Site(frame, target)
            try:
                self.set_attribute(owner, target.attr, value)
            except ShapeError as error:
                self.fail(error, target.attr, {})
        elif isinstance(target, ast.Subscript):
            owner = self.evaluate(target.value, frame)
            if isinstance(owner, Unknown):
                self.forget_elements(target.value, frame)
            index = self.evaluate(target.slice, frame)
            self.site = Site(frame, target)
            self.set_item(owner, index, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self.site = Site(frame, target)
            self._unpack(target, value, frame)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value, frame)

    def _unpack(self, target: ast.Tuple | ast.List, value: Any, frame: Frame) -> None:
        wanted = target.elts
        if isinstance(value, Unknown):
            for index, element in enumerate(wanted):
                inner = element.value if isinstance(element, ast.Starred) else element
                self.assign(inner, self.derived("item", value, index), frame)
            return
        try:
            values = list(self.iterate(value))
        except Undecided as undecided:
            self._unpack(target, self.unknown(str(undecided)), frame)
            return
        stars = [i for i, e in enumerate(wanted) if isinstance(e, ast.Starred)]
        if isinstance(value, OpenArguments) and len(values) < len(wanted):
            self._unpack(target, self.unknown("the caller may give more arguments"), frame)
            return
        if (not stars and len(values) != len(wanted)) or (stars and len(values) < len(wanted) - 1):
            value = self._unpack_failure(target, value, len(values), bool(stars))
            self._unpack(target, value, frame)
            return
        if isinstance(value, (Tensor, TorchSize)) and frame.unit.checked:
            self.trace.work(target, self.activation)
        if stars:
            star, after = stars[0], len(wanted) - stars[0] - 1
            split = len(values) - after
            values = [*values[:star], values[star:split], *values[split:]]
        for element, item in zip(wanted, values):
            self.assign(element, item, frame)

    def _unpack_failure(self, target: ast.Tuple | ast.List, value: Any, given: int, starred: bool) -> Any:
        wanted = len(target.elts) - starred
        statement = self.site.frame.statement if self.site is not None else None
        node = statement.value if isinstance(statement, ast.Assign) and target in statement.targets else None
        part = "size" if isinstance(value, TorchSize) else "row" if isinstance(value, Tensor) else "value"
        count = f"{given} {part}{'s' * (given != 1)}"
        few = given < wanted
        torch = (
            f"not enough values to unpack (expected {'at least ' * starred}{wanted}, got {given})"
            if few
            else f"too many values to unpack (expected {wanted})"
        )
        names = f"{'at least ' * starred}{wanted} name{'s' * (wanted != 1)}"
        error = ShapeError(
            "unpack-mismatch",
            f"{{input}} has {count}, but is unpacked into {names}" if node else f"{count} cannot be unpacked into {names}",
            torch=torch,
            label=f"of {show_shape(value)}" if isinstance(value, TorchSize) else None,
        )
        result = self.fail(error, "", {"input": Argument(node, value)})
        return result if isinstance(result, Unknown) else self.unknown("an operation before fails")

    def exec_return(self, node: ast.Return, frame: Frame) -> Any:
        frame.result = None if node.value is None else self.evaluate(node.value, frame)
        if frame.seen is not None and node.value is not None and frame.function is not None:
            self.trace.see(frame.seen, node, frame.result)
            if frame.annotated_sizes is not None:
                self._hold_result(node, frame.function, frame.annotated_sizes, frame)
        return RETURN

    def _hold_result(self, node: ast.Return, function: FunctionValue, sizes: Sizes, frame: Frame) -> None:
        """Compare what a function returns with its annotation."""
        declared = function.declarations.get("return")
        what = sizes.mismatch(declared, frame.result) if declared and isinstance(frame.result, Tensor) else None
        if what is not None and declared is not None:
            what = f"what `{function.name}` returns {what}"
            returned, said = (Place(frame.unit, one) for one in (node.value or node, declared.node))
            self.trace.mismatches.append(Mismatch(what, returned, said))

    def exec_if(self, node: ast.If, frame: Frame) -> Any:
        holds = self._holds(node.test, frame, prefer=not _gives_up(node.body))
        if not holds and frame.names is frame.module.members and _is_type_checking(node.test):
            frame.module.typing_only.append((frame.unit, node.body))
        return self.execute(node.body if holds else node.orelse, frame)

    def _holds(self, test: ast.expr, frame: Frame, prefer: bool) -> bool:
        """Whether a condition holds; `prefer` is what it is taken for where nobody can tell."""
        if isinstance(test, ast.BoolOp):
            stop = isinstance(test.op, ast.Or)
            return stop if any(self._holds(part, frame, prefer) is stop for part in test.values) else not stop
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return not self._holds(test.operand, frame, not prefer)
        value = self.evaluate(test, frame)
        self.site = Site(frame, test)
        return self.truth(value, prefer)

    def exec_break(self, node: ast.Break, frame: Frame) -> Any:
        return BREAK

    def exec_continue(self, node: ast.Continue, frame: Frame) -> Any:
        return CONTINUE

    def exec_pass(self, node: ast.stmt, frame: Frame) -> Any:
        return None

    def exec_functiondef(self, node: ast.FunctionDef, frame: Frame) -> Any:
        value: Any = self.make_function(node, frame)
        for decorator in reversed(node.decorator_list):
            value = self.decorate(self.evaluate(decorator, frame), value, frame, decorator)
        frame.store(node.name, value)

    def exec_classdef(self, node: ast.ClassDef, frame: Frame) -> Any:
        value: Any = self.make_class(node, frame)
        for decorator in reversed(node.decorator_list):
            value = self.decorate(self.evaluate(decorator, frame), value, frame, decorator)
        frame.store(node.name, value)

    def decorate(self, decorator: Any, value: Any, frame: Frame, node: ast.expr) -> Any:
        """What a decorator makes of a definition; one that cannot be followed is taken as the identity."""
        if isinstance(decorator, Unknown):
            if isinstance(value, FunctionValue):
                value.is_wrapped = True
            elif isinstance(value, ClassValue) and not value.is_module:
                value.open_ended = value.open_ended or "a decorator may add to the class"
            return value
        self.site = Site(frame, node)
        failures = len(self.trace.failures)
        try:
            with self.budget.share(_DECORATOR_STEPS):
                result = self.call_value(decorator, (value,), {})
        except (Raised, Undecided, PartExhausted):
            result = value
        if not frame.unit.checked:
            self.trace.forget(failures)  # a library's decorators work
        return value if isinstance(result, Unknown) else result

    def exec_import(self, node: ast.Import, frame: Frame) -> Any:
        for alias in node.names:
            self.site = Site(frame, node)
            module = self.import_module(alias.name, frame)
            if alias.asname is None and "." in alias.name:
                frame.store(alias.name.split(".")[0], self.import_module(alias.name.split(".")[0], frame))
            else:
                frame.store(alias.asname or alias.name, module)

    def exec_importfrom(self, node: ast.ImportFrom, frame: Frame) -> Any:
        name = "." * node.level + (node.module or "")
        self.site = Site(frame, node)
        module = self.import_module(name, frame)
        for alias in node.names:
            self.site = Site(frame, node)
            if alias.name == "*":
                self.import_star(module, frame)
                continue
            frame.store(alias.asname or alias.name, self.import_from(module, name, alias.name, frame))

    def exec_global(self, node: ast.Global, frame: Frame) -> Any:
        frame.declare(node.names, everywhere=True)

    def exec_nonlocal(self, node: ast.Nonlocal, frame: Frame) -> Any:
        frame.declare(node.names, everywhere=False)

    def exec_delete(self, node: ast.Delete, frame: Frame) -> Any:
        for target in node.targets:
            if isinstance(target, ast.Name):
                frame.names.pop(target.id, None)
            elif isinstance(target, ast.Attribute):
                owner = self.evaluate(target.value, frame)
                if isinstance(owner, Module):
                    owner._forget(target.attr)
                elif isinstance(owner, Instance):
                    owner.attributes.pop(target.attr, None)
            elif isinstance(target, ast.Subscript):
                owner = self.evaluate(target.value, frame)
                index = self.evaluate(target.slice, frame)
                self.site = Site(frame, target)
                self.delete_item(owner, index)

    def exec_match(self, node: ast.Match, frame: Frame) -> Any:
        subject = self.evaluate(node.subject, frame)
        for case in node.cases:
            bindings: dict[str, Any] = {}
            matched = match_pattern(self, case.pattern, subject, bindings, frame)
            self.site = Site(frame, node.subject)
            if not self.truth(matched):
                continue
            frame.names.update(bindings)
            if case.guard is None or self.truth(self.evaluate(case.guard, frame)):
                return self.execute(case.body, frame)
        return None


def _gives_up(body: list[ast.stmt]) -> bool:
    """Whether the branch is the one that a sound call does not take."""
    return bool(body) and isinstance(body[-1], ast.Raise)


def _is_type_checking(test: ast.expr) -> bool:
    """Whether it is `TYPE_CHECKING`, which only type checkers take for true."""
    return getattr(test, "id", getattr(test, "attr", "")) == "TYPE_CHECKING"


_EXECUTORS: dict[type, Callable[[Any, Any, Frame], Any]] = {
    getattr(ast, name): getattr(Statements, f"exec_{name.lower()}")
    for name in (
        "Expr", "Assign", "AnnAssign", "AugAssign", "Return", "If", "For", "While", "Break", "Continue", "Pass", "FunctionDef",
        "ClassDef", "Import", "ImportFrom", "Global", "Nonlocal", "Assert", "Raise", "Delete", "With", "Try", "Match",
    )
}  # fmt: skip
_IN_PLACE: dict[type[ast.operator], str] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv", ast.Mod: "mod",
    ast.Pow: "pow", ast.MatMult: "matmul", ast.BitAnd: "and", ast.BitOr: "or", ast.BitXor: "xor", ast.LShift: "lshift",
    ast.RShift: "rshift",
}  # fmt: skip
_EXECUTORS[ast.AsyncFunctionDef] = Statements.exec_functiondef
_EXECUTORS[ast.AsyncFor] = Statements.exec_for
_EXECUTORS[ast.AsyncWith] = Statements.exec_with
for _newer in ("TryStar", "TypeAlias"):
    if hasattr(ast, _newer):
        _EXECUTORS[getattr(ast, _newer)] = Statements.exec_try if _newer == "TryStar" else Statements.exec_pass

"""`with`: what entering a context gives, and what leaving it does to an exception.

A context made by `contextlib.contextmanager` is run around the block: the block takes the place of its `yield`, so that what
the function catches or puts back is caught and put back. Contexts that cannot be followed are taken to do nothing.
"""

from __future__ import annotations

import ast
from typing import Any

from torchlint.interpreter.frames import Frame
from torchlint.interpreter.functions import BoundMethod, FunctionValue, HostFunction, Managed
from torchlint.interpreter.machine import Machine, Site
from torchlint.interpreter.objects import Raised
from torchlint.values.unknown import Unknown


class Contexts(Machine):
    """Blocks that run inside contexts."""

    def exec_with(self, node: ast.With, frame: Frame) -> Any:
        return self._within(node.items, node.body, frame)

    def _within(self, items: list[ast.withitem], body: list[ast.stmt], frame: Frame) -> Any:
        if not items:
            return self.execute(body, frame)
        item = items[0]
        context = self.evaluate(item.context_expr, frame)
        self.site = Site(frame, item.context_expr)
        if isinstance(context, Managed):
            return self._around(context, items, body, frame)
        leave = self.find_method(context, "__exit__")
        entered = self.enter(context)
        if item.optional_vars is not None:
            self.assign(item.optional_vars, entered, frame)
        if leave is None:
            return self._within(items[1:], body, frame)
        may_catch = _may_catch(leave)
        if may_catch:
            self.handlers.append((BaseException,))
        try:
            try:
                signal = self._within(items[1:], body, frame)
            finally:
                if may_catch:
                    self.handlers.pop()
        except Raised as raised:
            self.site = Site(frame, item.context_expr)
            traceback = self.unknown("a traceback")
            if not self.truth(self.call_special(leave, raised.type, raised.value, traceback), prefer=False):
                raise
            return None
        self.site = Site(frame, item.context_expr)
        self.call_special(leave, None, None, None)
        return signal

    def _around(self, context: Managed, items: list[ast.withitem], body: list[ast.stmt], frame: Frame) -> Any:
        """Run the function of a context, with the block in the place of its first `yield`."""
        outside = self._position()
        signal: Any = None
        has_run = False

        def block(entered: Any) -> None:
            nonlocal signal, has_run
            if has_run:
                return
            has_run = True
            inside = self._position()
            self._go_to(outside)
            try:
                if items[0].optional_vars is not None:
                    self.assign(items[0].optional_vars, entered, frame)
                signal = self._within(items[1:], body, frame)
            finally:
                self._go_to(inside)

        site = self.site
        assert site is not None
        context.frame.on_yield = block
        self.stack.append(site)
        try:
            self.run_frame(context.function, context.frame)
        finally:
            self._go_to(outside)
        if not has_run:
            block(self.unknown("what a context gives could not be followed"))
        return signal

    def _position(self) -> tuple[Any, ...]:
        return list(self.stack), self.site, list(self.functions_running), self.activation, self.callee_path

    def _go_to(self, position: tuple[Any, ...]) -> None:
        stack, self.site, functions, self.activation, self.callee_path = position
        self.stack[:] = stack
        self.functions_running[:] = functions

    def enter(self, context: Any) -> Any:
        if isinstance(context, Managed):
            entered: list[Any] = []
            context.frame.on_yield = entered.append
            self.run_frame(context.function, context.frame)
            return entered[0] if entered else None
        method = self.find_method(context, "__enter__")
        if method is not None:
            return self.call_value(method, (), {})
        if context is None or isinstance(context, HostFunction):  # `torch.no_grad()` and its kin
            return None
        return context if isinstance(context, Unknown) else self.unknown("what a context gives could not be followed")


def _may_catch(leave: Any) -> bool:
    """Whether an `__exit__` may return something that is true, so that what was raised is forgotten."""
    function = leave.function if isinstance(leave, BoundMethod) else leave
    if not isinstance(function, FunctionValue):
        return False
    returned = (n.value for n in ast.walk(function.node) if isinstance(n, ast.Return))
    return any(value is not None and not (isinstance(value, ast.Constant) and not value.value) for value in returned)

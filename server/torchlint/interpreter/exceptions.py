"""Exceptions of the checked program: `raise`, `assert`, `try`."""

from __future__ import annotations

import ast
from typing import Any

from torchlint.interpreter.bindings import bound_names
from torchlint.interpreter.frames import Frame
from torchlint.interpreter.machine import Machine, Site
from torchlint.interpreter.objects import ClassValue, Instance, Raised
from torchlint.interpreter.places import Place
from torchlint.values.unknown import Likely, SomeException, Unknown


class Exceptions(Machine):
    """What raises, and what catches it."""

    def exec_assert(self, node: ast.Assert, frame: Frame) -> Any:
        test = self.evaluate(node.test, frame)
        self.site = Site(frame, node)
        if not self.truth(test):
            message = "" if node.msg is None else self.evaluate(node.msg, frame)
            text = message if isinstance(message, str) else ""
            self.site = Site(frame, node)
            raise Raised(AssertionError(text), AssertionError, Place(frame.unit, node), text, self.steps(), is_stated=True)

    def exec_raise(self, node: ast.Raise, frame: Frame) -> Any:
        value = self.evaluate(node.exc, frame) if node.exc is not None else None
        type_: Any = Exception
        if isinstance(value, type) and issubclass(value, BaseException):
            value, type_ = value(), value
        elif isinstance(value, ClassValue):
            value, type_ = Instance(value), value
        elif isinstance(value, BaseException):
            type_ = type(value)
        elif isinstance(value, Instance):
            type_ = value.cls
        elif isinstance(value, SomeException):
            type_ = value.raises
        self.site = Site(frame, node)
        text = str(value) if isinstance(value, BaseException) else ""
        raise Raised(value, type_, Place(frame.unit, node), text, self.steps(), is_stated=True)

    def exec_try(self, node: ast.Try, frame: Frame) -> Any:
        caught = tuple(t for handler in node.handlers for t in self._handler_types(handler, frame))
        self.handlers.append(tuple(t for t in caught if isinstance(t, type)))
        signal: Any = None
        try:
            try:
                signal = self.execute(node.body, frame)
            finally:
                self.handlers.pop()
            if signal is None and node.orelse:
                self.doubt(frame)  # the body may have raised what is caught
                signal = self.execute(node.orelse, frame)
        except Raised as raised:
            handler = next((h for h in node.handlers if self._catches(h, raised, frame)), None)
            if handler is None:
                self.execute(node.finalbody, frame)
                raise
            if handler.name:
                frame.store(handler.name, raised.value)
            signal = self._handle(handler, raised, frame)
            if isinstance(raised.value, ImportError) and not raised.is_stated:
                self._leave_out(node, frame)
        final = self.execute(node.finalbody, frame)
        return final if final is not None else signal

    def _leave_out(self, node: ast.Try, frame: Frame) -> None:
        """None in the place of what is not installed: who uses it has it."""
        for name in set(bound_names(node.body)):
            if frame.names.get(name, self) is None:
                unknown = self.unknown(f"what makes `{name}` is not installed")
                frame.store(name, Likely(None, unknown))

    def _handle(self, handler: ast.ExceptHandler, raised: Raised, frame: Frame) -> Any:
        try:
            return self.execute(handler.body, frame)
        except Raised as again:
            if again.value is None:  # a bare `raise`
                raise raised from None
            raise

    def _handler_types(self, handler: ast.ExceptHandler, frame: Frame) -> tuple[Any, ...]:
        if handler.type is None:
            return (BaseException,)
        value = self.evaluate(handler.type, frame)
        return tuple(value) if isinstance(value, tuple) else (value,)

    def _catches(self, handler: ast.ExceptHandler, raised: Raised, frame: Frame) -> bool:
        for caught in self._handler_types(handler, frame):
            if isinstance(caught, type) and isinstance(raised.type, type):
                if issubclass(raised.type, caught):
                    return True
            elif isinstance(raised.type, ClassValue):
                if caught in raised.type.mro or (isinstance(caught, type) and issubclass(raised.type.host_base, caught)):
                    return True
            elif isinstance(caught, Unknown):
                return True
        return False

"""Who may reach an attribute of a class's instances: every place in a project that names it, or that may read any attribute.

Code is read here, not run: what no pass comes by counts as well.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

_WORD = re.compile(r"\w+")
_CLASS = re.compile(rb"^[ \t]*class[ \t]+(\w+)[ \t]*(?:\(([^)]*)\))?", re.MULTILINE)
_ALIAS = re.compile(rb"\b(\w+)[ \t]+as[ \t]+(\w+)")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_ITERATORS = frozenset({"modules", "named_modules", "children", "named_children"})
_OPENING = frozenset({"__dict__", "_modules", "get_submodule", "attrgetter", "__getattr__", "__getattribute__"})
"""Attributes and functions by which any attribute may be read."""
_HARMLESS = frozenset(
    {
        "super",
        "isinstance",
        "type",
        "id",
        "repr",
        "str",
        "len",
        "bool",
        "hash",
        "print",
        "hasattr",
        "getattr",
        "setattr",
        "vars",
    }
)
"""What may be given `self` and reaches no attribute but one that is named beside it; `getattr` and `vars` are seen to."""


@dataclass
class Uses:
    """What a syntax tree does with attributes.

    `own` are those that methods of a class, by its name, read of their own `self`; `others` those of anything else, and `words`
    those of its strings. `computed` are reads of an attribute whose name is computed: of what, and the parts of the name that
    are known. `escapes` are the classes whose `self` is given away, `is_open` says that any attribute may be read, or any
    submodule called.
    """

    own: dict[str, set[str]] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    computed: list[tuple[ast.expr, tuple[str, ...]]] = field(default_factory=list)
    escapes: set[str] = field(default_factory=set)
    is_open: bool = False

    def reach(self, name: str, kin: Collection[str], is_no_module: Callable[[ast.expr], bool]) -> bool:
        """Whether the attribute of that name may be read of an instance of a class, which is one of the `kin`; `is_no_module`
        says of an expression that it certainly is no such instance."""
        if self.is_open or name in self.others or name in self.words or not self.escapes.isdisjoint(kin):
            return True
        if any(name in names for owner, names in self.own.items() if owner in kin):
            return True
        return any(all(part in name for part in parts) and not is_no_module(of) for of, parts in self.computed)


_uses: WeakKeyDictionary[ast.AST, Uses] = WeakKeyDictionary()


def uses_of(tree: ast.AST) -> Uses:
    """What a tree does, found once for each."""
    found = _uses.get(tree)
    if found is None:
        reader = _Reader()
        reader.visit(tree)
        found = _uses[tree] = reader.uses
    return found


class _Reader(ast.NodeVisitor):
    """Walks a tree, knowing whose `self` a name is."""

    def __init__(self) -> None:
        self.uses = Uses()
        self._owner = ""
        self._self = ""
        self._method_name = ""

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        before, self._owner = self._owner, node.name
        for statement in node.body:
            if isinstance(statement, _FUNCTIONS):
                self._method(statement)
            else:
                self.visit(statement)
        self._owner = before
        for outer in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(outer)

    def _method(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        given = [*node.args.posonlyargs, *node.args.args]
        is_static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in node.decorator_list)
        before = self._self, self._method_name
        self._self, self._method_name = given[0].arg if given and not is_static else "", node.name
        self.uses.is_open |= node.name in _OPENING
        self.generic_visit(node)
        self._self, self._method_name = before

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring uses nothing
            self.visit(node.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.uses.words.update(_WORD.findall(node.value))

    def visit_Attribute(self, node: ast.Attribute) -> None:
        self.uses.is_open |= node.attr in _OPENING
        if not self._is_self(node.value):
            self.uses.others.add(node.attr)
            self.visit(node.value)
        elif not isinstance(node.ctx, ast.Store):
            self.uses.own.setdefault(self._owner, set()).add(node.attr)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Attribute) and self._is_self(node.target.value):
            self.uses.own.setdefault(self._owner, set()).add(node.target.attr)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        function = node.func
        arguments: Iterable[ast.expr] = node.args
        if isinstance(function, ast.Name):
            self.uses.is_open |= function.id in ("eval", "exec") or function.id in _OPENING
            if function.id == "vars" and node.args:
                self.uses.computed.append((node.args[0], ()))
            if function.id == "getattr" and len(node.args) > 1 and not isinstance(node.args[1], ast.Constant):
                self.uses.computed.append((node.args[0], tuple(_known_parts(node.args[1]))))
            if function.id in _HARMLESS:
                arguments = [one for one in node.args if not self._is_self(one)]
        elif isinstance(function, ast.Attribute):
            self.uses.is_open |= function.attr in _ITERATORS
            if function.attr == self._method_name and not self._is_self(function.value):  # that of a base class
                arguments = [one for one in node.args if not self._is_self(one)]
        if not self._is_self(function):
            self.visit(function)
        for one in (*arguments, *(keyword.value for keyword in node.keywords)):
            self.visit(one)

    def visit_For(self, node: ast.For) -> None:
        iterator = _iterator(node.iter)
        target = node.target
        while isinstance(target, ast.Tuple):
            target = target.elts[-1]
        if iterator is not None and isinstance(target, ast.Name) and not any(_is_kept(target.id, s) for s in node.body):
            parts = [] if self._is_self(iterator) else [iterator]
        else:
            parts = [node.iter]
        for child in (*parts, node.target, *node.body, *node.orelse):
            self.visit(child)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and not self._is_self(node.value):
            self.visit(node.value)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not self._is_self(node.value):
            self.visit(node.value)
        self.visit(node.slice)

    def visit_Compare(self, node: ast.Compare) -> None:
        for one in (node.left, *node.comparators):
            if not self._is_self(one):
                self.visit(one)

    def visit_Name(self, node: ast.Name) -> None:
        if self._is_self(node) and isinstance(node.ctx, ast.Load):
            self.uses.escapes.add(self._owner)

    def _is_self(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Name) and node.id == self._self != ""


def _iterator(node: ast.expr) -> ast.expr | None:
    """The module of which a loop goes through all modules: `self` of `enumerate(self.named_modules())`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("enumerate", "list", "tuple"):
        return _iterator(node.args[0]) if node.args else None
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ITERATORS:
        return None if isinstance(node.func.value, ast.Name) and node.func.value.id == "super" else node.func.value
    return None


def _is_kept(name: str, node: ast.AST) -> bool:
    """Whether a variable, a module, is called or put somewhere: what a function does to it that it is given, as one that
    initializes its weights, is no use."""
    if isinstance(node, ast.Name):
        return node.id == name and isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == name:
        return node.attr in ("forward", "__call__")
    parts = list(ast.iter_child_nodes(node))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id != name:
        parts = [part for part in parts if not isinstance(part, ast.Name)]
    return any(_is_kept(name, part) for part in parts)


def _known_parts(name: ast.expr) -> Iterator[str]:
    """The texts that a computed name has in it for certain."""
    if isinstance(name, ast.JoinedStr):
        yield from (part.value for part in name.values if isinstance(part, ast.Constant) and isinstance(part.value, str))
    elif isinstance(name, ast.BinOp) and isinstance(name.op, ast.Add):
        yield from _known_parts(name.left)
        yield from _known_parts(name.right)
    elif isinstance(name, ast.Constant) and isinstance(name.value, str):
        yield name.value


def kin_of(name: str, texts: Iterable[bytes]) -> frozenset[str]:
    """The names of a class, of those that derive from it, and of all that these derive from, as far as texts say."""
    unread = list(texts)
    bases: dict[bytes, set[bytes]] = {}

    def read(marks: Collection[bytes]) -> None:
        """Take in the texts with one of these words, which are few."""
        for text in [text for text in unread if any(mark in text for mark in marks)]:
            unread.remove(text)
            for cls, given in _CLASS.findall(text):
                bases.setdefault(cls, set()).update(re.findall(rb"\w+", given))
            for original, alias in _ALIAS.findall(text):
                bases.setdefault(alias, set()).add(original)

    below, new = set[bytes](), {name.encode()}
    while new:
        read(new)
        below |= new
        new = {cls for cls, own in bases.items() if cls not in below and not below.isdisjoint(own)}
    above, new = set[bytes](), below
    while new:
        read([b"class " + cls for cls in new])
        above |= new
        new = {base for cls in new for base in bases.get(cls, ())} - above
    return frozenset(cls.decode() for cls in above)


def names_it(text: bytes, name: str) -> bool:
    """Whether another file may use an attribute of that name, of whatever it is, or by a string."""
    word = name.encode()
    return word in text and re.search(rb"(?<!\bself)\.%b\b|[\"'][^\"'\n]*\b%b\b" % (word, word), text) is not None


def names_its_own(text: bytes, name: str) -> bool:
    """Whether a class in another file may use an attribute of that name as its own."""
    word = name.encode()
    return word in text and re.search(rb"\bself\.%b\b" % word, text) is not None


def classes_of(text: bytes) -> set[str]:
    """The names of the classes that a text defines."""
    return {cls.decode() for cls, _ in _CLASS.findall(text)}

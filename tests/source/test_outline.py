"""Cutting a file into definitions."""

from __future__ import annotations

import ast
import gc
import random
import sysconfig
import time
import warnings
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from torchlint.source.outline import Definition, SyntaxProblem, _Trees, outline, parse
from torchlint.source.scan import logical_lines


def _sources() -> Iterator[Path]:
    library = Path(sysconfig.get_path("stdlib"))
    packages = Path(sysconfig.get_path("purelib"))
    yield from sorted(library.glob("*.py"))
    yield from sorted((library / "test").glob("test_[fgs]*.py"))
    for name in ("torchvision/models", "timm/models", "timm/layers", "torch/nn/modules"):
        yield from sorted((packages / name).rglob("*.py"))


SOURCES = random.Random(7).sample(list(_sources()), 150)


def _texts(text: str) -> list[str]:
    return [d.text for d in outline(text)]


def _kinds(text: str) -> list[tuple[str, str, bool]]:
    """(kind, name, parses) of each definition."""
    return [(d.kind, d.name, isinstance(parse(d), ast.Module)) for d in outline(text)]


def _shape(node: ast.AST, shift: int) -> list[tuple[str, int | None, int | None]]:
    return [
        (type(n).__name__, n.lineno + shift, n.col_offset)  # type: ignore[attr-defined]
        for n in ast.walk(node)
        if hasattr(n, "lineno")
    ]


@pytest.mark.parametrize("path", SOURCES, ids=lambda p: p.name)
def test_valid_files_keep_every_node(path: Path) -> None:
    """The pieces of a valid file are the file, and parse to the same nodes on the same lines."""
    try:
        text = path.read_text()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            whole = ast.parse(text)
    except (SyntaxError, UnicodeDecodeError):
        pytest.skip("not valid for this Python")
    found = outline(text)
    assert "".join(d.text for d in found) == text
    nodes: list[tuple[ast.stmt, int]] = []
    for definition in found:
        tree = parse(definition)
        assert isinstance(tree, ast.Module), tree
        nodes += [(node, definition.row - 1) for node in tree.body]
        if definition.kind == "statements":
            assert not any(isinstance(n, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) for n in tree.body)
        else:
            [only] = tree.body
            assert isinstance(only, ast.ClassDef if definition.kind == "class" else (ast.FunctionDef, ast.AsyncFunctionDef))
            assert (only.name, bool(only.decorator_list)) == (definition.name, definition.decorated)
    assert [ast.dump(n) for n, _ in nodes] == [ast.dump(n) for n in whole.body]
    assert [_shape(n, shift) for n, shift in nodes] == [_shape(n, 0) for n in whole.body]


def test_rows_count_from_the_decorator() -> None:
    """A definition starts at its first decorator; comments and blank lines around it are not part of it."""
    text = "# top\nimport a\n\n# about f\n@a\n# why\n@b(\n1)\nasync def f():\n    pass\n"
    text += "# end\n\n\nclass C: x = 1\n"
    assert [(d.kind, d.name, d.row, d.decorated) for d in outline(text)] == [
        ("statements", "", 1, False),
        ("function", "f", 5, True),
        ("statements", "", 11, False),
        ("class", "C", 14, False),
    ]


def test_a_class_in_a_docstring_is_text() -> None:
    """What looks like a definition in a string of a valid file starts nothing."""
    text = 'def f():\n    """Say\nclass X:\n@y\n    """\n'
    assert _texts(text) == [text]


@pytest.mark.parametrize(
    "opened", ["print(", "x = [1,", 'x = """', "x = '''", "@dec(", "class A(nn.Module", "def f(a,", "f'''{x"]
)
def test_an_unclosed_bracket_or_quote_ends_at_the_next_definition(opened: str) -> None:
    """What is open does not swallow the classes and functions after it."""
    text = f'import a\n{opened}\nclass B:\n    """Doc of B."""\n    x = "it\'s"\n\n'
    text += 'def g():\n    """Doc of g."""\n'
    kinds = _kinds(text)
    assert "".join(_texts(text)) == text
    assert kinds[-2:] == [("class", "B", True), ("function", "g", True)] or kinds[-3:] == [
        ("class", "B", True),
        ("statements", "", True),
        ("function", "g", True),
    ]
    assert kinds[0] == ("statements", "", True)
    assert sum(not valid for *_, valid in kinds) == 1


def test_a_broken_method_spares_the_other_definitions() -> None:
    """A class with a half-typed method is one broken definition, decorators included."""
    text = "@dec\nclass A:\n    def f(self):\n        f(10,\n\n    def g(self):\n        pass\n\n"
    text += "@dec\ndef h(): pass\n"
    assert _kinds(text) == [("class", "A", False), ("function", "h", True)]


def test_a_broken_statement_spares_the_statements_around_it() -> None:
    """Statements before and after a broken one are kept, those after an unclosed bracket too."""
    text = "a = 1\nb = 2\nc = (\nd = 4\ne = = 5\nf = 6\n"
    assert [(d.text, isinstance(parse(d), ast.Module)) for d in outline(text)] == [
        ("a = 1\nb = 2\n", True),
        ("c = (\n", False),
        ("d = 4\n", True),
        ("e = = 5\n", False),
        ("f = 6\n", True),
    ]


def test_compound_statements_stay_whole() -> None:
    """`else`, `except` and kin belong to the statement before, and `if __name__` is a statement."""
    text = "try:\n    import a\nexcept E:\n    a = None\nfinally:\n    pass\n"
    text += "if x:\n    def f(): pass\nelse:\n    class C: pass\n"
    assert _kinds(text) == [("statements", "", True)]


def test_syntax_problem_says_where() -> None:
    """The message is Python's own, with its place in the definition in code points."""
    [definition] = outline("é = ü + = 3\n")
    problem = parse(definition)
    assert isinstance(problem, SyntaxProblem)
    assert (problem.message, problem.row, problem.column) == ("invalid syntax", 1, 9)


@pytest.mark.parametrize(
    "text",
    ["(" * 10_000, "-" * 200_000 + "1", "a" + ".b" * 100_000, "a" + "+a" * 100_000, "x = 1\0", "\ud800 = 1",
     "\0" * 99, "class A(\n" * 20_000, "x = (\n" * 20_000, "def f():\n  '''\n" * 20_000, "@\n" * 20_000,
     "f'{" * 20_000, 'f"""{' * 20_000, "if x:\n  ]\nelse:\n" * 5_000, "\\\n" * 20_000, "'\\" * 20_000,
     "x" * 1_000_000, "\r\f\r" * 9_999, "else:\n" * 20_000],
    ids=lambda t: ascii(t[:8]),
)  # fmt: skip
def test_hostile_text_is_cut_in_bounded_time(text: str) -> None:
    """Deep nesting, NUL bytes, long lines and endless breaks cost neither a crash nor more than seconds."""
    begin = time.process_time()
    found = outline(text)
    assert "".join(d.text for d in found) == text
    assert all(isinstance(parse(d), (ast.Module, SyntaxProblem)) for d in found)
    assert time.process_time() - begin < 5


@pytest.mark.parametrize("text", ["a: int\nclass A:\n", "x = '''\n\n", "if x:\n(\n]\n"])
def test_messages_name_no_line_of_the_definition(text: str) -> None:
    """A line number in Python's message would count from the start of the definition: it is left out."""
    problem = parse(outline(text)[-1])
    assert isinstance(problem, SyntaxProblem)
    assert "line" not in problem.message
    assert problem.row <= text.count("\n") + 1


def test_trees_are_kept_by_text() -> None:
    """The same text has the same tree; what was used last is kept as far as there is room, and whatever somebody holds."""
    trees = _Trees(room=15)
    first = trees.of("a = 1\n")
    second = weakref.ref(trees.of("b = 1\n"))
    assert trees.of("a = 1\n") is first
    trees.of("c = 1\n")
    assert trees.of("a = 1\n") is first
    gc.collect()
    assert second() is None
    trees.of("x" * 99)
    assert trees.of("a = 1\n") is first


def test_warnings_of_the_checked_code_are_not_shown() -> None:
    """An invalid escape in the user's string is no warning of ours."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        parse(Definition("statements", "", 'x = "\\d"; 1 is 1\n', 1, False))
    assert caught == []


_FRAGMENTS = st.sampled_from(
    ["class A:\n", "def f(x):\n", "    pass\n", "@d\n", '"""', "'''", "'", '"', "(", ")", "\n", "\r\n", "\r",
     "\\\n", "#", "x = 1\n", "f'", 'rf"""', "{", "}", ":", "\f", "\t", " ", "é", "else:\n", "\\",
     "async def g(): pass\n", "if a:\n", "\\N{"]
)  # fmt: skip


@settings(derandomize=True, max_examples=400, deadline=None)
@given(st.lists(_FRAGMENTS, max_size=30).map("".join))
def test_any_text_is_the_sum_of_its_pieces(text: str) -> None:
    """Nothing is lost or repeated, whatever the text; rows follow from it; a valid text has valid pieces."""
    found = outline(text)
    assert "".join(d.text for d in found) == text
    assert "".join(text[line.start : line.end] for line in logical_lines(text)) == text
    row = 1
    for definition in found:
        assert definition.row == row
        row += len(definition.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")) - 1
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return
    assert all(isinstance(parse(d), ast.Module) for d in found)


NESTED = [
    "f'{x!r:>{width}}' ", "f'{{}}{x}' ", "rf'\\{x}' ", "f'\\N{EM DASH}{x}' ",
    "f'{x[\"a\"]:{y}}' ", "f'''{x\n}''' ",
    "f'\\\n{x}' ",
    "f'{d[1:2]}{(lambda: 1)}' ", "f\"{'#'}\" ", "f'{x:%H:%M}' ", "(f'{a}'\n f'{b}') ",
    "rb'\\' ' ", "f'{x}\\'' ", 'f"""{f\'{x}\'}"" """ ',
    "f'{x:{\"{\"}>10}' ", "R'''\\'''''' ",
]  # fmt: skip


@pytest.mark.parametrize("string", NESTED)
def test_strings_end_where_python_ends_them(string: str) -> None:
    """After any literal the next line is a line of its own."""
    ast.parse(string)
    text = f"x = {string}\ny = 2\n"
    assert [text[line.code] for line in logical_lines(text)] == ["x", "y"]


@pytest.mark.parametrize(
    "string", ['f"{x["a"]}"', "f'{'\\n'.join(f'{y}' for y in x)}'", "f'{\n x # it's\n}'", "f'{f'{f'{1}'}'}'"]
)
def test_nested_quotes_of_python_3_12(string: str) -> None:
    """f-strings nest freely from Python 3.12 on, and are read so by every Python."""
    text = f"x = {string}\ny = 2\n"
    assert [text[line.code] for line in logical_lines(text)] == ["x", "y"]

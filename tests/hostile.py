"""Programs that no analysis can finish: numbers, collections, recursion and text without bound, and text that is no program."""

from __future__ import annotations


def model(init: str = "pass", forward: str = "return x", before: str = "") -> str:
    """A file with a module whose constructor and `forward` have the given statements."""
    bodies = ("\n".join(f"        {line}" for line in body.splitlines()) for body in (f"super().__init__()\n{init}", forward))
    return (
        "import copy, itertools, math\nimport torch\nfrom torch import nn\nfrom torch.nn import functional as F\n"
        f"{before}\n"
        "class Net(nn.Module):\n    def __init__(self, n):\n{}\n    def forward(self, x):\n{}\n".format(*bodies)
    )


def _each(text: str) -> str:
    """Every line as a statement of its own that may raise."""
    return "\n".join(f"try:\n    {line}\nexcept Exception:\n    pass" for line in text.splitlines())


_ENDLESS = "def g():\n  while True: yield 1\n"
_NUMBERS = {
    "power": "self.n = 2 ** 10**9",
    "power of a negative number": "self.n = (-3) ** 10**9",
    "tower": "self.n = 9**9**9**9",
    "pow": "self.n = pow(2, 10**9)",
    "squares": "k = 2\nfor i in range(64): k = k * k\nself.n = k",
    "squares in place": "k = 2\nwhile True: k *= k",
    "shift": "self.n = 1 << 10**10",
    "factorial": "self.n = math.factorial(10**7)",
    "comb": "self.n = math.comb(10**7, 5 * 10**6)",
    "float": _each("float(10**400)\n10**400 / 3\n10.0**400\nround(1e308 * 10)\nint(float('nan'))\nmath.exp(10**5)"),
    "digits": _each("str(10**5000)\nint('9' * 5000)\nprint(10**6000)\nf'{10**5000}'"),
    "hexadecimal": f"x = 0x{'f' * 10**5}\ny = x * x\nprint(y)",
    "zero": _each("n // 0\nn % 0\n1 / 0\n0 ** -1\ndivmod(1, 0)"),
    "symbolic power": "self.c = nn.Linear((n + 1) ** 10**5, 3)",
    "symbolic exponent": "self.c = nn.Linear(2 ** n, n ** n)",
    "symbolic squares": "k = n\nfor i in range(10**6): k = (k * k + 1) // 2\nself.c = nn.Linear(k, 3)",
    "symbolic doubling": "k = n\nfor i in range(10**6): k = k * (k + 1)\nself.c = nn.Linear(k, 3)",
    "symbolic quotients": f"self.c = nn.Linear({'(n + 1) // 2 * ' * 90}1, 3)",
    "nested quotients": "k = n\nfor i in range(100): k = (k // 2) * (n + 1)\nself.c = nn.Linear(k, k // 3)",
    "symbolic product": f"self.c = nn.Linear({' * '.join(['(n + 1)'] * 200)}, 3)",
    "symbolic sum": f"self.c = nn.Linear({'n + ' * 900}1, 3)",
}
_COLLECTIONS = {
    "list of a range": "self.l = list(range(10**12))",
    "layers of a range": "self.l = [nn.Linear(1, 1) for _ in range(10**12)]",
    "sum of a range": "self.l = sum(range(10**12))",
    "unpacked range": "a, b, *c = range(10**11)",
    "searched range": "range(10**12).index(2.5)\nrange(10**12).count(2.5)\n2.5 in range(10**12)",
    "many ranges": _each(
        "tuple(range(10**10))\nsorted(range(10**10))\nmax(range(10**10))\nset(range(10**10))\ndict.fromkeys(range(10**10))\n"
        "list(zip(range(10**10)))\nlist(map(str, range(10**10)))\n[*range(10**10)]\nlist(enumerate(range(10**10)))\n"
        "any(range(10**10))\nall(range(1, 10**10))\nlist(reversed(range(10**10)))"
    ),
    "repeated list": "self.l = [0] * 10**9",
    "repeated tuple": "self.l = (nn.Linear(1, 1),) * 10**9",
    "list added to itself": "l = [0]\nwhile True: l += l",
    "list extended by itself": "l = [0]\nwhile True: l.extend(l)",
    "list that grows under a loop": "l = [0]\nfor v in l: l.append(v)",
    "dict that grows under a loop": "d = {1: 1}\nfor k in d: d[k + 1] = 1",
    "tuple added to itself": "t = (1,)\nfor _ in range(200): t = t + t",
    "dict of a range": "x = {i: i for i in range(10**9)}",
    "bytes": "self.b = bytes(10**11)\nbytearray(10**11)",
    "nested lists": "x = []\nfor i in range(10**5): x = [x]\nprint(x)\nx == x\nstr(x)\ncopy.deepcopy(x)",
    "shared tuples": "t = ()\nfor _ in range(200): t = (t, t)\nhash(t)\nt == t\nrepr(t)\ntorch.zeros(t)\ntorch.tensor(t)",
    "shared lists": "a = []\nb = []\nfor _ in range(60):\n  a = [a, a]\n  b = [b, b]\na == b\na < b\nstr(a)",
    "list in itself": _each(
        "x = []\nx.append(x)\nx == x\nprint(x)\nf'{x}'\nsum(x, [])\ncopy.deepcopy(x)\ntorch.tensor(x)\ntorch.stack(x)\n"
        "isinstance(1, x)\nnn.ModuleList(x)\nself.register_buffer('b', x)"
    ),
    "slices": _each("x = list(range(100))\nx[::0]\nx[10**30:10**40:10**50]\nx[::-10**30]\n'a'[10**30]\nx[10**9:] = [1]"),
}
_TEXTS = {
    "repeated": "self.s = 'a' * 10**10",
    "repeated from the right": "self.s = 10**10 * 'a' + ','",
    "joined": "self.s = 'a'.join(['b' * 10**5] * 10**5)",
    "doubled": "s = 'a'\nfor i in range(100): s += s",
    "replaced": "s = 'a' * 1000\nfor i in range(100): s = s.replace('a', s)",
    "padded": _each(
        "'{:>99999999999}'.format(1)\nf'{1:>{10**11}}'\n'%99999999999d' % 1\n'a'.ljust(10**11)\n'a'.zfill(10**11)\n"
        "'a'.center(10**11)\n'\\t'.expandtabs(10**11)"
    ),
    "long f-string": f"self.s = f'{'{n}' * 5000}'",
    "regular expression": "import re\nre.match('(a+)+$', 'a' * 50 + 'b')",
}
_LAYERS = {
    "channels": "nn.Conv2d(10**400, 3, 3)",
    "kernel": "nn.Conv2d(3, 10**400, 10**300, padding=10**300)",
    "features": "nn.Linear(10**400, 10**5000)",
    "zeros": "nn.Conv2d(3, 3, 0, stride=0, groups=0, dilation=0)",
    "negative": "nn.Conv2d(-3, -3, -1, stride=-1, groups=-1, dilation=-1, padding=-5)",
    "no numbers": "nn.Conv2d(True, 'a', None, stride=[], groups={}, dilation=1j, padding=...)",
    "not a number": "nn.Linear(float('nan'), float('inf'))",
    "many references": "nn.Sequential(*[nn.ReLU()] * 10**7)",
    "many modules": "nn.Sequential(*[nn.Linear(8, 8) for _ in range(10**6)])",
    "encoder": "nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2), 10**9)",
    "recurrent": "nn.LSTM(8, 8, 10**9)",
    "dimensions": "nn.Flatten(10**30, -(10**30))",
    "scale": "nn.Upsample(scale_factor=float('inf'))",
    "scale that is no number": "nn.Upsample(scale_factor=float('nan'))",
}
_TENSORS = {
    "view": "return x.view(10**400, -1, 7**500).reshape(2**2000, -1)",
    "view of large sizes": "return x.view(10**150, -1, 7**150).reshape(2**500, -1)",
    "list of a range": "return [i for i in torch.arange(10**12)], torch.arange(10**12).tolist(), torch.ones(10**9).tolist()",
    "rows": "s = 0\nfor row in torch.zeros(10**9, 3): s = s + row\nreturn s",
    "pieces": "return torch.zeros(10**12).chunk(10**12), torch.zeros(10**9).split(1), torch.zeros(10**9).unbind(0)",
    "axes": "return x.permute(*range(10**7)), x.view(*[1] * 10**5), x.expand(*[1] * 10**5), x.repeat(*[1] * 10**6)",
    "rank": "for i in range(10**4): x = x.unsqueeze(0)\nreturn x + x",
    "dimensions": "return x.permute(10**30), x.transpose(10**30, -10**30), x.squeeze(10**30), x.flatten(10**30)",
    "padding": "return F.pad(x, (10**30,) * 4), F.pad(x, [1] * 10**6), F.one_hot(x, 10**30), torch.eye(10**30)",
    "steps": "return torch.arange(0, 1, 1e-300), torch.arange(0, 1e300), torch.arange(0, 10, 0), torch.linspace(0, 1, -1)",
    "scale": "return F.interpolate(x, scale_factor=float('nan')), F.interpolate(x, scale_factor=1e300)",
    "equation": "return torch.einsum('...ij,...jk->' * 1000, x, x), torch.einsum('a' * 10**5, x), torch.einsum('', x)",
    "grid": "return torch.meshgrid(*[torch.arange(10)] * 10**3), torch.combinations(torch.arange(10**6), 10)",
    "index": "x = x[10**30:, ::10**30, None, ..., ...]\nx = x[::-1]\nx = x[::0]\nreturn x[[0] * 10**6]",
    "doubled": "while x.sum() > 0: x = torch.cat([x, x])\nreturn x",
    "list of doubled": "l = [x]\nwhile x.sum() > 0: l = l + l\nreturn torch.stack(l)",
    "nested ifs": "\n".join([*("  " * i + f"if x.sum() > {i}:" for i in range(90)), "  " * 90 + "return x"]),
    "many ifs": "\n".join([*(f"if x.sum() > {i}: x = x + {i}" for i in range(500)), "return x"]),
}
_MODULES = {
    "builds itself": model("self.child = Net(n)"),
    "builds two of itself": model("self.child = Net(n + 1)\nself.other = Net(n - 1)"),
    "builds its type": model("self.a = nn.ModuleList([Net(n), Net(n)])\nself.b = type(self)(n)"),
    "holds itself": model("self.me = nn.ModuleList([self])", "for m in self.modules(): x = m(x)\nprint(self)\nreturn x"),
    "calls itself": model("self.me = self", "return self.me(x)"),
    "sequence in itself": model("self.c = nn.Sequential()\nself.c.append(self.c)", "return self.c(x)"),
    "million children": model(
        "self.l = nn.ModuleList()\nfor i in range(10**6): self.l.append(nn.Linear(8, 8))", "for l in self.l: x = l(x)\nreturn x"
    ),
    "million attributes": model("for i in range(10**6): setattr(self, f'c{i}', nn.Linear(8, 8))"),
    "endless children": model("self.l = nn.ModuleList(nn.Linear(1, 1) for _ in iter(int, 1))"),
    "deep": model(before="m = nn.Linear(1, 1)\nfor _ in range(10**4): m = nn.Sequential(m)\nprint(m)\nm(torch.zeros(3, 1))"),
    "shared": model(before="m = nn.ReLU()\nfor _ in range(100): m = nn.Sequential(m, m)\nprint(m)\nm(torch.zeros(3, 1))"),
    "copied": model(before="m = nn.ReLU()\nfor _ in range(100): m = nn.Sequential(m, copy.deepcopy(m))"),
    "declared": model().replace(
        "    def forward",
        f"    # torchlint: input x: [{'N * ' * 5000}1, 10**400, -1, (((]\n    # torchlint: input x: [2**10**9]\n    def forward",
    ),
    "declared deeply": model().replace("    def forward", f"    # torchlint: input x: [{'(' * 10**4}]\n    def forward"),
}
_SPECIAL = {
    "call": "self()", "eq": "self == a[0]", "repr": "repr(self)", "len": "len(self)", "iter": "iter(self)", "add": "self + 1", "bool": "bool(self)", "getitem": "self[0]", "hash": "hash(self)", "contains": "1 in self",
}  # fmt: skip
_RECURSION = {
    "mutual": "def even(n): return odd(n - 1)\ndef odd(n): return even(n - 1)\neven(10)",
    "Fibonacci": "def fib(n): return fib(n - 1) + fib(n - 2) if n > 1 else n\nfib(60)",
    "Ackermann": "def a(m, n):\n  if m == 0: return n + 1\n  return a(m - 1, a(m, n - 1)) if n else a(m - 1, 1)\na(4, 4)",
    "lambda": "f = lambda f: f(f)\nf(f)",
    "arguments": "def f(*a): return f(*a, *a)\nf(1)",
    "closures": "def f(n):\n  def g(): return f(n + 1)\n  return g()\nf(0)",
    "property": "class A:\n  @property\n  def p(self): return self.p\n  def __getattr__(self, k): return getattr(self, k)\nA().p\nA().q",
    "special methods": "class A:\n"
    + "".join(f"  def __{name}__(self, *a): return {text}\n" for name, text in _SPECIAL.items())
    + _each("A()()\nA() == A()\nrepr(A())\nlen(A())\nlist(A())\nA() + 1\nnot A()\nA()[0]\nhash(A())\n{A(): 1}\n1 in A()"),
    "metaclass": "class M(type):\n  def __call__(cls): return cls()\nclass A(metaclass=M): pass\nA()",
    "new": "class A:\n  def __new__(cls): return cls()\nA()",
    "limit": "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nf()",
    "import": "import probe\nfrom probe import *\nfrom . import probe\nfrom .... import x\nimport a.b.c.d.e",
}
_LOOPS = {
    "while": "while True: pass",
    "counting": "i = 0\nwhile i >= 0: i += 1",
    "growing": "x = [1]\nwhile x: x.append(1)",
    "raising": "while 1:\n  try:\n    while 1: raise ValueError\n  except: continue",
    "finally": "def f():\n  while True:\n    try: return 1\n    finally: continue\nf()",
    "walrus": "y = 0\n[(y := y + 1) for _ in iter(int, 1)]",
    "nested": "import itertools\nfor a in itertools.count():\n  for b in itertools.count(): pass",
    "comprehension": f"x = [1 {' '.join(f'for i{i} in range(10)' for i in range(15))}]",
    "generator of itself": "def g():\n  yield from g()\nlist(g())",
    **{
        text: f"import itertools\n{_ENDLESS}{text}"
        for text in (
            "list(g())", "sum(g())", "for v in g(): pass", "a, b = g()", "dict(zip(g(), g()))", "list(map(str, g()))",
            "list(filter(None, g()))", "max(g())", "any(not v for v in g())", "''.join(str(v) for v in g())", "2 in g()", "[*g()]",
            "sorted(g())", "print(*g())", "x = []; x.extend(g())", "x = []; x += g()", "x = [1]; x[:] = g()", "list(iter(int, 1))",
            "list(itertools.count())", "list(itertools.repeat(1))", "list(itertools.cycle([1]))",
            "list(itertools.product(range(10**6), repeat=5))", "list(itertools.permutations(range(100)))",
            "list(itertools.chain.from_iterable(g()))", "list(itertools.accumulate(g()))",
        )
    },
}  # fmt: skip
_NESTING = {
    "parentheses": f"x = {'(' * 5000}1{')' * 5000}",
    "brackets": f"x = {'[' * 100_000}",
    "lists": f"x = {'[' * 90}{']' * 90}",
    "dicts": f"x = {'{1:' * 90}1{'}' * 90}",
    "signs": f"x = {'-' * 5000}1",
    "negations": f"x = {'not ' * 900}1",
    "attributes": f"import torch\nx = torch{'.a' * 900}",
    "calls": f"x = f{'()' * 900}",
    "subscripts": f"x = f{'[0]' * 900}",
    "sum": f"x = {'1 + ' * 5000}1",
    "unknown sum": f"x = {'y + ' * 900}1",
    "conditions": f"x = {'1 if y else ' * 900}2",
    "lambdas": f"x = {'lambda: ' * 900}1",
    "ifs": "".join(f"{'  ' * i}if y{i}:\n" for i in range(90)) + "  " * 90 + "pass",
    "elifs": "if a: pass\n" + "".join(f"elif a{i}: pass\n" for i in range(3000)),
    "functions": "".join(f"{' ' * i}def f{i}():\n" for i in range(95)) + " " * 95 + "pass",
    "classes": "".join(f"{' ' * i}class f{i}:\n" for i in range(95)) + " " * 95 + "pass",
    "annotation": f"class A:\n  x: {'List[' * 90}int{']' * 90}\ndef f(x: '{'(' * 1000}'): pass\nf(1)",
    "patterns": f"match {'[' * 50}1{']' * 50}:\n  case {'[' * 50}a{']' * 50}: pass",
}
_LENGTH = {
    "statements": "import torch\n" + "".join(f"x{i} = torch.zeros({i})\n" for i in range(20_000)),
    "forward": model("self.l = nn.Linear(8, 8)", "x = self.l(x) + 1\n" * 20_000 + "return x"),
    "line": f"x = [{'1, ' * 200_000}]",
    "name": f"{'a' * 10**6} = 1",
    "string": f"x = '{'a' * 10**7}'",
    "digits": f"x = {'9' * 5000}",
    "cases": "match x:\n" + "".join(f"  case {i}: pass\n" for i in range(2000)),
}
_BROKEN = {
    "NUL": "import torch\nx = 1\0\nclass A: pass\n",
    "NULs": "\0" * 1000,
    "surrogate": "x = '\ud800'\nprint(x)\ny = f'{x}'\n",
    "control characters": "\ufeffimport torch\x0c\n\x1a\n\u2028x = 1\r\ry = 2\r\n",
    "other scripts": "х = '\u202e'\nＮ = 1\nclass ﬁ: pass\nﬁ()\n",
    "carriage returns": "import torch\rclass A(torch.nn.Module):\r  def forward(self, x):\r    return x\r",
    "open call": "class Net(nn.Module):\n    def __init__(self):\n        self.x = nn.Linear(\n    def forward(self, x):\n        return self.\n",
    "open everything": "def f(:\n  x = \nfor\nwhile\nif x\nclass\n@\n@a.\ndef",
    "open string": "x = '''abc\nclass A:\n   pass\n",
    "open f-string": "x = f'{",
    "continuation": "\\\n\\",
    "misplaced": "def f():\n  global f\n  del f\n  nonlocal q\nf()\nreturn\nbreak\nawait x\nyield\n",
    "raise": "raise 1\n",
    "exit": "import sys\nsys.exit(1)\nquit()\n",
    "exec": "exec('while True: pass')\neval('2**10**9')\n",
    "deleted": "x = 1\ndel x, y, (z, w)\nx\n",
    "empty": "",
}
CASES = {
    **{f"number: {name}": model(text) for name, text in _NUMBERS.items()},
    **{f"collection: {name}": model(text) for name, text in _COLLECTIONS.items()},
    **{f"text: {name}": model(text) for name, text in _TEXTS.items()},
    **{f"layer: {name}": model(f"self.c = {text}", "return self.c(x)") for name, text in _LAYERS.items()},
    **{f"tensor: {name}": model(forward=text) for name, text in _TENSORS.items()},
    **{f"module: {name}": text for name, text in _MODULES.items()},
    **{f"recursion: {name}": text for name, text in _RECURSION.items()},
    **{f"loop: {name}": text for name, text in _LOOPS.items()},
    **{f"nesting: {name}": text for name, text in _NESTING.items()},
    **{f"length: {name}": text for name, text in _LENGTH.items()},
    **{f"broken: {name}": text for name, text in _BROKEN.items()},
}

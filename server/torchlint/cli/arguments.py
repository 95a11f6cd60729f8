"""The command line's words."""

from __future__ import annotations

import argparse

from torchlint import __version__


def parse(argv: list[str] | None) -> argparse.Namespace:
    """The options of a command; raises SystemExit after a usage message."""
    parser = argparse.ArgumentParser(
        prog="torchlint",
        description="A linter for PyTorch models: a dummy forward pass that never runs your code.",
    )
    parser.add_argument("--version", action="version", version=f"torchlint {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    _add_check(commands)
    _add_summary(commands)
    coverage = commands.add_parser("coverage", help="show how many modules can be followed, and why not the others")
    coverage.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="files and folders")
    coverage.add_argument("--format", choices=("text", "json"), default="text")
    _add_colour(coverage)
    explain = commands.add_parser("explain", help="show the page of a rule")
    explain.add_argument("rule", metavar="RULE", help="a rule's name or code")
    _add_colour(explain)
    rules = commands.add_parser("rules", help="list the rules")
    rules.add_argument("--output-format", choices=("text", "json", "markdown"), default="text")
    _add_colour(rules)
    server = commands.add_parser("server", help="serve an editor with the language server protocol")
    server.add_argument("--tcp", default="", metavar="HOST:PORT", help="listen there, instead of using standard streams")
    server.add_argument("--log-file", default="", metavar="PATH", help="where to write the log, instead of standard error")
    server.add_argument("-v", "--verbose", action="count", default=0, help="log more; twice for every message")
    server.add_argument("--stdio", action="store_true", help="use standard streams, as is the default")
    return parser.parse_args(argv)


_Commands = argparse._SubParsersAction  # there is no public name for what add_subparsers returns


def _add_check(commands: _Commands[argparse.ArgumentParser]) -> None:
    check = commands.add_parser("check", help="check files and folders")
    check.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="files and folders; - is standard input")
    check.add_argument("--output-format", choices=("text", "concise", "json"), default="text")
    check.add_argument("--select", action=_Words, default=[], metavar="RULES", help="names, codes or prefixes; ALL")
    check.add_argument("--extend-select", action=_Words, default=[], metavar="RULES", help="rules to run as well")
    check.add_argument("--ignore", action=_Words, default=[], metavar="RULES", help="rules to leave out")
    check.add_argument("--fix", action="store_true", help="apply the fixes that are safe")
    check.add_argument("--unsafe-fixes", action="store_true", help="with --fix and --diff, those that are not, too")
    check.add_argument("--diff", action="store_true", help="show what --fix would change, and change nothing")
    check.add_argument("--exit-zero", action="store_true", help="exit with 0 whatever is found")
    check.add_argument("--statistics", action="store_true", help="count the findings by rule instead of showing them")
    check.add_argument("--stdin-filename", metavar="PATH", help="the name of the file on standard input")
    _add_colour(check)


def _add_summary(commands: _Commands[argparse.ArgumentParser]) -> None:
    summary = commands.add_parser("summary", help="show the layers, shapes and counts of a model")
    summary.add_argument("target", metavar="FILE[:CLASS]", help="or a module, as torchvision.models.resnet:resnet50")
    summary.add_argument(
        "--input",
        action="append",
        default=[],
        dest="inputs",
        metavar="SHAPE",
        help="as 1,3,224,224 or N,3,H,W; repeatable",
    )
    summary.add_argument("--args", default="", metavar="ARGS", help='arguments of the class, as "10, hidden=64"')
    summary.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    summary.add_argument("--style", choices=("table", "repr"), default="table", help="repr is what print(model) prints")
    summary.add_argument(
        "--execute",
        action="store_true",
        help="import the code and run it, in a process of its own, instead of reading it",
    )
    summary.add_argument("--compare", action="store_true", help="read it and run it, and show where the two disagree")
    _add_colour(summary)


def _add_colour(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--color", choices=("auto", "always", "never"), default="auto")


class _Words(argparse.Action):
    """Words separated by commas; the option may be repeated."""

    def __call__(self, parser: object, namespace: argparse.Namespace, values: object, option: object = None) -> None:
        words = [word.strip() for word in str(values).split(",") if word.strip()]
        setattr(namespace, self.dest, [*getattr(namespace, self.dest), *words])

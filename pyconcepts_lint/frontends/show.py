"""`pyconcepts-lint show`: what Python does with a name, a class, a module, the imports."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from ..base.errors import Error
from ..base.settings import Configuration
from ..base.typed import TYPE_CHECKING, NamedTuple
from ..reporters import Style

if TYPE_CHECKING:
    import argparse
    from typing import TextIO

    from ..showing.world import World

FORMATS = ("text", "json", "mermaid", "dot", "svg", "html")


class Question(NamedTuple):
    """A question of `show`: its word, what is asked about, what it answers."""

    word: str
    metavar: str
    help: str
    is_optional: bool = False


QUESTIONS = (
    Question(
        "lookup",
        "PLACE",
        "what a name or an attribute finds, step by step: PLACE is FILE:LINE:COL, or Class.attribute",
    ),
    Question(
        "class",
        "NAME",
        "MRO, metaclass, slots, each attribute with the class that has it, what methods bind",
    ),
    Question(
        "module",
        "NAME",
        "what its dictionary holds when its import ends, which modules the import loads, in order",
    ),
    Question(
        "imports",
        "NAME",
        "who imports whom and when, all of the project or around a module; cycles, and which fail",
        is_optional=True,
    ),
)


def run(arguments: Sequence[str], style_for: Callable[[TextIO, str], Style]) -> int:
    """Answer a question.

    Args:
        arguments: those behind `show`.
        style_for: gives what an output is like, by the output and the choice of `--color`.

    Returns the exit code. Raises Error.
    """
    try:
        options = parser().parse_args(arguments)
    except SystemExit as done:  # --help
        return int(done.code or 0)
    from ..showing.answers import Unanswerable
    from ..showing.world import World

    configuration = Configuration({}, options.config, options.isolated)
    world = World(configuration, options.project or os.getcwd())
    try:
        answer = _answer(world, options.question, options.about)
    except Unanswerable as error:
        raise Error(f"show {options.question}: {error}") from None
    with _output(options.output_file) as out:
        _write(answer, options.output_format, out, style_for(out, options.color))
    return 0


def _answer(world: World, question: str, about: str | None) -> object:
    from ..showing import asked, classes, imports, modules
    from ..showing.answers import Unanswerable

    if question == "imports":
        module = None if about is None else world.module(about)
        if module is None and not world.project.files:
            raise Unanswerable(f"there are no modules here{world.no_project}")
        return imports.show(world.project, module)
    assert about is not None
    if question == "module":
        return modules.show(world, world.module(about))
    if question == "class":
        return classes.show(world.model(about))
    return asked.lookup(world, about)


def _write(answer: object, form: str, out: TextIO, style: Style) -> None:
    if form == "json":
        from ..base.neutral import json_text
        from ..showing.answers import as_json

        out.write(json_text(json.dumps(as_json(answer), indent=2)) + "\n")
        return
    from ..showing import graphs, page, text

    if form == "html":
        page.write(answer, out, style)
    elif form == "mermaid":
        out.write(graphs.mermaid(graphs.graph_of(answer, style)))
    elif form == "dot":
        out.write(graphs.dot(graphs.graph_of(answer, style)))
    elif form == "svg":
        out.write(_drawn(graphs.dot(graphs.graph_of(answer, style))))
    else:
        text.write(answer, out, style)


def _drawn(dot: str) -> str:
    """What Graphviz draws. Raises Error where there is none."""
    import shutil
    import subprocess

    program = shutil.which("dot")
    if program is None:
        raise Error(
            "show: the form svg is drawn by Graphviz, whose program `dot` isn't there; "
            "html needs no other program"
        )
    done = subprocess.run([program, "-Tsvg"], input=dot.encode(), capture_output=True, check=False)
    if done.returncode:
        raise Error(f"show: Graphviz: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout.decode("utf-8", "replace")


@contextmanager
def _output(file: str | None) -> Iterator[TextIO]:
    if file is None:
        yield sys.stdout
        return
    is_new = not os.path.lexists(file)
    try:
        with open(file, "w", encoding="utf-8", errors="backslashreplace") as out:
            yield out
    except OSError as error:
        if is_new:
            with suppress(OSError):
                os.unlink(file)
        raise Error(f"show: --output-file: {file}: {error.strerror}") from None


def parser() -> argparse.ArgumentParser:
    """The options of `show`."""
    import argparse

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> None:  # type: ignore[override]
            raise Error(f"show: {message} (see pyconcepts-lint show --help)")

    made = Parser(
        prog="pyconcepts-lint show",
        description="Shows what Python does, as far as the source tells; nothing is run.",
        allow_abbrev=False,
    )
    questions = made.add_subparsers(dest="question", metavar="QUESTION", required=True)
    for question in QUESTIONS:
        each = questions.add_parser(question.word, help=question.help, description=question.help)
        each.add_argument(
            "about", metavar=question.metavar, nargs="?" if question.is_optional else None
        )
        each.add_argument(
            "--output-format",
            choices=FORMATS,
            default="text",
            metavar="FORMAT",
            help=f"{', '.join(FORMATS)} (default: text)",
        )
        each.add_argument("-o", "--output-file", metavar="FILE", help="write there")
        each.add_argument(
            "--color", choices=("auto", "always", "never"), default="auto", metavar="WHEN"
        )
        each.add_argument(
            "--project", metavar="DIR", help="a directory of the project (default: this one)"
        )
        each.add_argument("--config", metavar="FILE", help="read the settings from this TOML file")
        each.add_argument("--isolated", action="store_true", help="read no settings file")
    return made

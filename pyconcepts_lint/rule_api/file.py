"""One file while the rules look at it."""

from __future__ import annotations

import ast
import sys
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate, pairwise

from ..base.finding import Edit, Fix
from ..base.lazy import lazy_pattern
from ..base.typed import TYPE_CHECKING, NamedTuple
from ..index.facts import statements_at
from ..source.ast_nodes import children_at, first_line, nested_statements, walk_at
from ..source.python3 import parse_python3
from ..source.quoting import quoted
from ..source.text import Source

if TYPE_CHECKING:
    from typing import TypeAlias, TypeVar

    from ..base.settings import Settings
    from ..index.model import Module
    from ..index.project import Project
    from ..parsing.python2 import Translation
    from ..parsing.syntax import SyntaxProblem
    from ..source import cst
    from ..source.cst_statement import Chunk
    from ..source.literals import Literals

    T = TypeVar("T")
    N = TypeVar("N", bound=ast.AST)
    PlacedNode: TypeAlias = "ast.expr | ast.stmt | ast.arg | ast.keyword | ast.alias"
    FunctionNode: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"

_DEFINITION = lazy_pattern(r"(?:async[\s\\]+)?(?:def|class)[\s\\]+\w+")


def _end(statement: ast.stmt) -> tuple[int, int]:
    return statement.end_lineno or 0, statement.end_col_offset or 0


class Range(NamedTuple):
    """A range of a file: 1-based lines and columns in characters, the end exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


class FileContext:
    """What a rule can ask about the file at hand.

    `source` is the file as it is on disk. `code` is what the rules look at: the same, or for
    Python 2 source its Python 3 translation; all places that rules speak of are places in
    `code`, and are carried back to `source` when they are reported.

    `module` is the file in the project's index; None where only a newer Python could read it,
    or nothing can. `problem` is what is wrong with its syntax, the first of `problems`: of a notebook,
    each cell may have one, and the rules look at the other cells.
    """

    def __init__(
        self,
        source: Source,
        code: Source,
        module: Module | None,
        project: Project,
        settings: Settings,
        *,
        tree: ast.Module | None = None,
        translation: Translation | None = None,
        problems: Sequence[SyntaxProblem] = (),
        newer: bool = False,
    ) -> None:
        self.path = source.path
        self.source = source
        self.code = code
        self.module = module
        self.project = project
        self.settings = settings
        self.translation = translation
        self.problems = tuple(problems)
        self.problem = self.problems[0] if self.problems else None
        self.newer = newer
        self.chunk: Chunk | None = None
        self.ancestors: list[cst.CSTNode] = []
        self._tree = tree
        self._shared: dict[object, object] = {}
        self._closing: list[Callable[[], None]] = []

    @property
    def text(self) -> str:
        return self.code.text

    @property
    def is_python2(self) -> bool:
        return self.translation is not None

    def supports_python(self, minor: int) -> bool:
        """May Python 3.`minor` run the file, as far as its project and its syntax say?"""
        running = sys.version_info.minor
        if not self.project.supports_python(minor) or (self.newer and minor <= running):
            return False
        if self.newer or self.is_python2 or minor >= running:
            return True
        try:
            parse_python3(self.text, minor)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
        return True

    def is_masked(self, line: int) -> bool:
        """Is a line one of a notebook's that stands for a cell that can't be read?"""
        notebook = self.source.notebook
        return notebook is not None and notebook.stands_for_cell(self.code.line(line))

    @cached_property
    def tree(self) -> ast.Module | None:
        """The `ast` of `code`, parsed when first asked for; None where `module` is None."""
        if self._tree is None and self.module is not None:
            self._tree = parse_python3(self.text)
        return self._tree

    @cached_property
    def class_nodes(self) -> dict[tuple[int, str], ast.ClassDef]:
        """The class statements of `tree` by line and name; of those that have both in common, the
        outermost."""
        found: dict[tuple[int, str], ast.ClassDef] = {}
        for node in [] if self.tree is None else nested_statements(*self.tree.body):
            if isinstance(node, ast.ClassDef):
                found.setdefault((node.lineno, node.name), node)
        return found

    def statement(self, first: int, last: int) -> ast.stmt | None:
        """The `ast` of the statement on the lines `first` to `last`, parsed without the rest of
        the file; None where it can't be read by itself."""
        key = (first, last)
        if key not in self._shared:
            self._shared[key] = self._of_tree(first, last) or self._parsed_alone(
                self.text_of_lines(first, last), first
            )
        return self._shared[key]  # type: ignore[return-value]

    def _of_tree(self, first: int, last: int) -> ast.stmt | None:
        """The statement on some lines, where the whole file has been parsed already, and nothing
        else stands on them."""
        if self._tree is None:
            return None
        known = self._shared.get("statements")
        if known is None:
            body = self._tree.body
            shares = {
                statement
                for one, other in pairwise(body)
                if (one.end_lineno or 0) >= first_line(other)
                for statement in (one, other)
            }
            known = self._shared["statements"] = {
                (first_line(each), each.end_lineno): each for each in body if each not in shares
            }
        found: ast.stmt | None = known.get((first, last))  # type: ignore[attr-defined]
        return found

    def statements_at(self, lines: Collection[int]) -> list[ast.stmt]:
        """The `ast` of the top-level statements that hold some of the lines; the rest of the file
        isn't parsed, where it can be helped."""
        if self.module is None or not lines:
            return []
        found: list[ast.stmt] = []
        for first, last in statements_at(self.module.facts.statements, sorted(lines)):
            statement = self.statement(first, last)
            if statement is None:
                return self._in_tree(lines)
            found.append(statement)
        return found

    def _in_tree(self, lines: Collection[int]) -> list[ast.stmt]:
        """The top-level statements of `tree` that hold some of the lines."""
        if self.tree is None:
            return []
        body, ends = self.tree.body, self._ends
        found: dict[int, None] = {}
        for line in lines:
            number = bisect_left(ends, line)
            while number < len(body) and first_line(body[number]) <= line:
                found[number] = None
                number += 1
        return [body[number] for number in sorted(found)]

    @cached_property
    def _ends(self) -> list[int]:
        """The last lines of the top-level statements of `tree`."""
        body = [] if self.tree is None else self.tree.body
        return [statement.end_lineno or statement.lineno for statement in body]

    def statements(self) -> Iterator[ast.stmt]:
        """The `ast` of the top-level statements, parsed one by one as they are asked for, where
        that can be."""
        known = () if self.module is None else self.module.facts.statements
        for number, (first, last) in enumerate(known):
            statement = self.statement(first, last)
            if statement is None:
                # The others may share its lines.
                yield from () if self.tree is None else self.tree.body[number:]
                return
            yield statement

    def statement_around(self, line: int, column: int = 1) -> ast.stmt | None:
        """The `ast` of the top-level statement that holds a 1-based column of a line, or else the
        first that holds some of the line; None where there is none."""
        if self.module is None:
            return None
        for first, last in statements_at(self.module.facts.statements, [line]):
            statement = self.statement(first, last)
            if statement is not None:
                return statement
            # It shares its lines with others.
            body = [] if self.tree is None else self.tree.body
            number = bisect_right(body, self.ast_offset(line, column), key=_end)
            for whole in body[max(number - 1, 0) : number + 1][::-1]:
                if first_line(whole) <= line <= (whole.end_lineno or whole.lineno):
                    return whole
        return None

    @staticmethod
    def _parsed_alone(text: str, line: int) -> ast.stmt | None:
        """The one statement of a text that starts on a line, counted from 1."""
        # Empty lines before it keep the places right.
        before = "if 1:" if text[:1] in (" ", "\t", "\f") else ""
        text = before + "\n" * (line - 1) + text
        try:
            (found,) = parse_python3(text).body
            if isinstance(found, ast.If) and text.startswith("if 1:"):
                (found,) = found.body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        return found

    def cached(self, make: Callable[[FileContext], T]) -> T:
        """What `make(file)` gives, made once for all rules that ask."""
        if make not in self._shared:
            self._shared[make] = make(self)
        return self._shared[make]  # type: ignore[return-value]

    def when_done(self, close: Callable[[], None]) -> None:
        """Call something when no rule looks at the file any longer: it takes apart what refers to
        itself, for nothing collects that while files are looked at."""
        self._closing.append(close)

    def close(self) -> None:
        """No rule looks at the file any longer."""
        while self._closing:
            self._closing.pop()()

    # Places

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """The offsets into `text` where a node of the chunk at hand starts and ends."""
        assert self.chunk is not None
        return self.chunk.span(node)

    def range(self, node: cst.CSTNode) -> Range:
        """Where a node of the chunk at hand stands."""
        start, end = self.span(node)
        return Range(*self.code.position(start), *self.code.position(end))

    def text_of(self, node: cst.CSTNode) -> str:
        """The source text of a node of the chunk at hand."""
        start, end = self.span(node)
        return self.text[start:end]

    def span_of_lines(self, first: int, last: int) -> tuple[int, int]:
        """The offsets into `text` of the lines `first` to `last`, with their line ends."""
        end = self.code.offset(last + 1, 1) if last < self.code.line_count else len(self.text)
        return self.code.offset(first, 1), end

    def text_of_lines(self, first: int, last: int) -> str:
        """The source text of the lines `first` to `last`, with their line ends."""
        start, end = self.span_of_lines(first, last)
        return self.text[start:end]

    def ast_place(self, line: int, offset: int) -> tuple[int, int]:
        """The 1-based line and column (in characters) of what `ast` places by line and
        0-based offset in bytes: `file.ast_place(node.lineno, node.col_offset)`."""
        offsets = self._byte_offsets(line)
        return line, (offset if offsets is None else bisect_left(offsets, offset)) + 1

    def ast_at(self, line: int, column: int, *kinds: type[N]) -> N | None:
        """The outermost `ast` node of some classes that starts at a 1-based line and column."""
        return next(self._ast_at(line, column, kinds), None)

    def innermost_at(self, line: int, column: int, *kinds: type[N]) -> N | None:
        """The innermost one: `x.y` for `ast.Attribute` where `x.y.z` starts."""
        return next(reversed([*self._ast_at(line, column, kinds)]), None)

    def _ast_at(self, line: int, column: int, kinds: tuple[type[N], ...]) -> Iterator[N]:
        statement = self.statement_around(line, column)
        if statement is not None:
            place = self.ast_offset(line, column)
            for node in self._nodes_on(line, statement):
                if isinstance(node, kinds) and (node.lineno, node.col_offset) == place:  # type: ignore[attr-defined]
                    yield node

    def function_at(self, line: int, column: int) -> FunctionNode | None:
        """The function statement whose `def` or `async` stands at a 1-based line and column."""
        sync = self.ast_at(line, column, ast.FunctionDef)
        return self.ast_at(line, column, ast.AsyncFunctionDef) if sync is None else sync

    def placed(self, node: ast.expr) -> ast.expr | None:
        """The node of its class that stands where a node of `tree` does, among those of which
        `ast_around` knows what is around them."""
        place = self.ast_place(node.lineno, node.col_offset)
        inner = self.innermost_at(*place, type(node))
        for part in () if inner is None else (inner, *self.ast_around(inner)):
            if isinstance(part, type(node)) and (part.end_lineno, part.end_col_offset) == (
                node.end_lineno,
                node.end_col_offset,
            ):
                return part
        return None

    def ast_around(self, node: ast.expr | ast.stmt) -> list[ast.AST]:
        """The nodes around a node of a top-level statement, the innermost first."""
        statement = self.statement_around(*self.ast_place(node.lineno, node.col_offset))
        near = [] if statement is None else self._nodes_on(node.lineno, statement)
        lines = [node.lineno]
        parents = {child: parent for parent in near for child in children_at(lines, parent)}
        found: list[ast.AST] = []
        inner: ast.AST = node
        while inner in parents:
            inner = parents[inner]
            found.append(inner)
        return found

    def _nodes_on(self, line: int, statement: ast.stmt) -> list[ast.AST]:
        """The nodes of a statement that stand on a line, at least in part."""
        key = (statement, line)
        if key not in self._shared:
            self._shared[key] = walk_at([line], statement)
        return self._shared[key]  # type: ignore[return-value]

    def ast_offset(self, line: int, column: int) -> tuple[int, int]:
        """The line and the 0-based offset in bytes at which `ast` places a 1-based line and
        column: the opposite of `ast_place`."""
        offsets = self._byte_offsets(line)
        return line, column - 1 if offsets is None else offsets[min(column, len(offsets)) - 1]

    def _byte_offsets(self, line: int) -> list[int] | None:
        """The offset in bytes at which each character of a line starts, and the line ends; None
        where each is one byte. Made once for each line: it may be long, and asked about often."""
        key = ("bytes", line)
        if key not in self._shared:
            text = self.code.line(line)
            sizes = (len(each.encode("utf-8", "surrogatepass")) for each in text)
            self._shared[key] = None if text.isascii() else [0, *accumulate(sizes)]
        return self._shared[key]  # type: ignore[return-value]

    def ast_range(self, node: PlacedNode) -> Range:
        """Where a node of `tree` stands."""
        return Range(
            *self.ast_place(node.lineno, node.col_offset),
            *self.ast_place(node.end_lineno or node.lineno, node.end_col_offset or 0),
        )

    def ast_span(self, node: PlacedNode) -> tuple[int, int]:
        """The offsets into `text` where a node of `tree` starts and ends."""
        place = self.ast_range(node)
        return (
            self.code.offset(place.start_line, place.start_column),
            self.code.offset(place.end_line, place.end_column),
        )

    def ast_text(self, node: ast.expr | ast.stmt) -> str:
        """The source text of a node of `tree`."""
        start, end = self.ast_span(node)
        return self.text[start:end]

    def stands_there(self, node: ast.expr) -> bool:
        """Does a dotted name of `tree` stand in the text where its node says?

        Up to Python 3.11, `ast` places some of what is in an f-string of several lines wrongly.
        """
        place, first = self.ast_range(node), node
        while isinstance(first, ast.Attribute):
            first = first.value
        if not isinstance(first, ast.Name):
            return False
        last = node.attr if isinstance(node, ast.Attribute) else first.id
        start, end = self.code.line(place.start_line), self.code.line(place.end_line)
        return start.startswith(first.id, place.start_column - 1) and (
            end.endswith(last, 0, place.end_column - 1)
        )

    def ast_quote(self, node: ast.expr | ast.stmt) -> str:
        """The source text of a node of `tree`, as messages quote it: on one line, and shortened in
        the middle where it is long."""
        return quoted(self.ast_text(node))

    def ast_name_start(self, node: ast.Attribute) -> int:
        """The offset into `text` where an attribute's own name starts in `receiver.name`."""
        return self.ast_span(node)[1] - len(node.attr)

    def ast_receiver(self, node: ast.Attribute) -> str:
        """The source text of the object of an attribute reference, as messages quote it."""
        start, (inner, end) = self.ast_span(node)[0], self.ast_span(node.value)
        if start < inner:  # brackets stand around it
            end = self.text.rindex(")", end, self.ast_name_start(node)) + 1
        return quoted(self.text[start:end])

    def definition_range(self, line: int, column: int) -> Range:
        """From the `def`, `async` or `class` at a 1-based line and column to the end of the name
        that it defines."""
        header = _DEFINITION.match(self.text, self.code.offset(line, column))
        assert header is not None
        return Range(line, column, *self.code.position(header.end()))

    def decorator_range(self, node: ast.expr) -> Range:
        """From the sign `@` before a decorator to its end, with brackets around it."""
        start, end = self.ast_span(node)
        sign = self.text.rindex("@", 0, start)
        for _ in range(self.text.count("(", sign, start)):
            end = self.text.index(")", end) + 1
        return Range(*self.code.position(sign), *self.code.position(end))

    def line_range(self, line: int) -> Range:
        """A whole line without its line end."""
        return Range(line, 1, line, len(self.code.line(line)) + 1)

    def lines_with(
        self, words: Iterable[str], wanted: Callable[[int], bool] | None = None
    ) -> list[int]:
        """The 1-based lines on which one of the words stands in code, not only in comments and
        string literals (the ones that have code in them count). `wanted` tells of a line whether
        it matters at all: less has to be looked for then."""
        text = self.text
        lines: set[int] = set()
        for word in words:
            place = text.find(word)
            while place >= 0:
                line = self.code.position(place)[0]
                if (wanted is None or wanted(line)) and not self.literals.hold(place):
                    lines.add(line)
                place = text.find(word, place + 1)
        return sorted(lines)

    @cached_property
    def literals(self) -> Literals:
        """Where `text` surely is no code; looked for when first asked for."""
        from ..source.literals import Literals

        statements = () if self.module is None else self.module.facts.statements
        return Literals(self.text, [self.code.offset(first, 1) for first, _ in statements])

    # Edits

    def replace(self, node: cst.CSTNode, new_text: str) -> Edit:
        """Put other text in the place of a node."""
        return Edit(self.path, *self.range(node), new_text)

    def edit(self, start: int, end: int, new_text: str) -> Edit:
        """Put other text between two offsets into `text`."""
        return Edit(self.path, *self.code.position(start), *self.code.position(end), new_text)

    def insert(self, line: int, column: int, new_text: str, *, shared: bool = False) -> Edit:
        """Put text before a place.

        Args:
            line, column: the place, 1-based.
            new_text: the text.
            shared: does another fix with the same insertion mean the same by it? It is made once
                then.
        """
        return Edit(self.path, line, column, line, column, new_text, shared)

    # Notebooks

    def is_shown(self, statement: ast.Expr) -> bool:
        """Is it the last statement of a cell of a notebook, which shows what it returns?"""
        notebook = self.source.notebook
        end = statement.end_lineno or statement.lineno
        if notebook is None or not notebook.ends_cell(end):
            return False
        around = [part for part in self.ast_around(statement) if isinstance(part, ast.stmt)]
        is_top = not around or (len(around) == 1 and notebook.opens_cell(around[0].lineno))
        return is_top and ";" not in self.code.line(end)[self.ast_range(statement).end_column - 1 :]

    def expects_errors(self, line: int) -> bool:
        """Is a line of `source` in a cell that is marked as one that raises?"""
        notebook = self.source.notebook
        return notebook is not None and notebook.expects_errors(line)

    def possible_fix(self, fix: Fix | None) -> Fix | None:
        """A fix of `source`; None where it would change what stands for something in a notebook."""
        notebook = self.source.notebook
        if fix is None or notebook is None:
            return fix
        if not all(
            notebook.may_edit(edit.start, edit.end) for edit in fix.edits if edit.path == self.path
        ):
            return None
        others = tuple(new for other in fix.alternatives if (new := self.possible_fix(other)))
        return fix._replace(alternatives=others)

    # Back to the file on disk

    def original_range(self, place: Range) -> Range:
        """A range of `code` as a range of `source`."""
        if self.translation is None:
            return place
        start, end = self.translation.span_to_original(
            self.code.offset(place.start_line, place.start_column),
            self.code.offset(place.end_line, place.end_column),
        )
        return Range(*self.source.position(start), *self.source.position(end))

    def original_fix(self, fix: Fix | None) -> Fix | None:
        """A fix of `code` as a fix of `source`; None where translated text is in its way."""
        if fix is None:
            return None
        if self.translation is None:
            return fix._replace(python3=False) if fix.python3 else fix
        edits: list[Edit] = []
        for edit in fix.edits:
            if edit.path != self.path:
                edits.append(edit)
                continue
            found = self.translation.range_to_original(
                self.code.offset(*edit.start), self.code.offset(*edit.end)
            )
            if found is None:
                return None
            start, end = found
            edits.append(
                Edit(
                    edit.path,
                    *self.source.position(start),
                    *self.source.position(end),
                    self.translation.spelled(edit.new_text),
                    edit.shared,
                )
            )
        alternatives = tuple(
            carried for other in fix.alternatives if (carried := self.original_fix(other))
        )
        message = self.translation.spelled(fix.message)
        return fix._replace(message=message, edits=tuple(edits), alternatives=alternatives)

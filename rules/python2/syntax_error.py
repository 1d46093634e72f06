from __future__ import annotations

from collections.abc import Iterator

from pyconcepts_lint.base.finding import Applicability, Edit
from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.base.typed import TYPE_CHECKING
from pyconcepts_lint.index.handled import is_failure_handled
from pyconcepts_lint.parsing import syntax
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.rules.python2._facts import refused
from pyconcepts_lint.source.text import Source

if TYPE_CHECKING:
    from pyconcepts_lint.parsing.python2 import Construct

_MAYBE_IMPORT_DOT = lazy_pattern(r"\bimport[ \t\f\\\r\n]*\.")


class SyntaxErrors(Rule):
    """What neither Python 3 nor Python 2 can parse, in Python's own words.

    ## What it finds

    - Files that no Python can parse: the first error that Python 3 finds, with the message and
      the place that Python itself gives. What only Python 2 can read is no error here (see
      PCL902), nor is what only a newer Python can read than the one that runs the linter.
    - Each `import .name`, with the reason why that can't be.
    - Each cell of a notebook that no Python can parse; the other cells are looked at as if it could
      bind any name. A cell with the tag `raises-exception` is left out.
    - Files that Python can't decode: bytes that aren't in the encoding that the file declares
      (UTF-8 where it declares none), an unknown encoding, a NUL byte.

    What can be parsed, and is refused when it is compiled, is told of, too, as far as its looks
    betray it: `return` outside of a function, `nonlocal` and `global` in the wrong place, a late
    `from __future__ import …`, a starred target by itself.

    ## Why

    Python parses a whole file before it runs its first line, so one syntax error anywhere means
    that nothing of the file runs; in a notebook, nothing of the cell.

    `import` binds the name that it is given, and `.prices` is no name: a relative import needs
    the `from` form, `from . import prices`, which says both where to look (`.`, the package that
    this module is in) and which name to bind (`prices`).

    ## Bad

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/prices.py
    APPLE = 3
    ```

    ```python
    # shop/cart.py
    import .prices

    print(prices.APPLE)
    ```

    ```output
    SyntaxError: invalid syntax
    ```

    ## Good

    ```python
    # shop/__init__.py
    ```

    ```python
    # shop/prices.py
    APPLE = 3
    ```

    ```python
    # shop/cart.py
    from . import prices

    print(prices.APPLE)
    ```

    ```output
    3
    ```

    ## Fix

    Writes `from . import name` for `import .name`, and `from .package import name as alias` for
    `import .package.name as alias`. It is safe, for without it the file can't run, and unsafe where
    a module that imports this one catches the SyntaxError: it would do something else then. There
    is no fix where it isn't clear which name is meant to be bound (`import .package.name`), and none for
    other errors.

    ## When to ignore it

    In files that are wrong on purpose, such as the test data of a parser, and in templates with
    the suffix of a Python file; better still, exclude them.

    ## See also

    - [Language Reference: the import statement](https://docs.python.org/3/reference/simple_stmts.html#the-import-statement)
    - [Language Reference: package relative imports](https://docs.python.org/3/reference/import.html#package-relative-imports)
    - [Language Reference: encoding declarations](https://docs.python.org/3/reference/lexical_analysis.html#encoding-declarations)
    """

    code = "PCL901"
    name = "syntax-error"
    severity = "error"
    facts = ("unreadable", "refused")
    needs_index = False
    reads_broken_files = True

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.problem is None:
            yield from _of_compiler(file)
            return
        source = file.source
        constructs = self._imports()
        is_handled = bool(constructs) and is_failure_handled(
            file.project, source.path, "SyntaxError"
        )
        applicability: Applicability = "unsafe" if is_handled else "safe"
        for construct in constructs:
            place = Range(*source.position(construct.start), *source.position(construct.end))
            edits = [
                Edit(source.path, *source.position(begin), *source.position(end), new_text)
                for begin, end, new_text in construct.edits or ()
            ]
            fix = self.fix(applicability, construct.fix_message, edits) if edits else None
            yield Claim(place, construct.message, fix, in_source=True)
        for problem in file.problems:
            start = source.offset(problem.line, problem.column)
            if not any(construct.start <= start < construct.end for construct in constructs):
                end = min(problem.column + 1, len(source.line(problem.line)) + 1)
                place = Range(problem.line, problem.column, problem.line, max(end, problem.column))
                yield Claim(place, problem.message, in_source=True)

    def _imports(self) -> list[Construct]:
        """Each `import .name`, as far down as the text surely is what it looks like.

        Python reads up to the first error that is left without them; what stands behind it may
        be part of a string that isn't closed, for example.
        """
        source = self.file.source
        text = source.text
        if not _MAYBE_IMPORT_DOT.search(text):
            return []
        from pyconcepts_lint.parsing.python2 import import_dot

        constructs = import_dot(text)
        pieces: list[str] = []
        starts: list[int] = []
        length = position = 0
        for construct in constructs:
            pieces += [text[position : construct.start], "pass"]
            length += construct.start - position
            starts.append(length)
            length += len("pass")
            position = construct.end
        other = "".join([*pieces, text[position:]])
        problem = syntax.parse(other).problem
        if problem is None:
            return constructs
        end = Source(source.path, b"", other, source.encoding, False).offset(*problem[1:])
        return [
            construct for construct, start in zip(constructs, starts, strict=True) if start < end
        ]


def _of_compiler(file: FileContext) -> Iterator[Claim]:
    """What can be parsed, and not be compiled."""
    if file.module is None or file.is_python2 or file.path.endswith(".pyi"):
        return
    if file.source.notebook is not None:
        return  # its cells are compiled one by one
    for line, column, message in refused.of(file.module.facts):
        end = len(file.code.line(line)) + 1
        place = Range(line, min(column, end), line, max(min(column + 1, end), min(column, end)))
        yield Claim(place, f"SyntaxError: {message}")

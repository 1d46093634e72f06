from __future__ import annotations

from collections.abc import Iterator

from pyconcepts_lint.base.finding import Applicability, Edit
from pyconcepts_lint.base.lazy import lazy_pattern
from pyconcepts_lint.base.typed import TYPE_CHECKING
from pyconcepts_lint.index import tables
from pyconcepts_lint.rule_api.claim import Claim
from pyconcepts_lint.rule_api.file import FileContext, Range
from pyconcepts_lint.rule_api.rule import Rule

if TYPE_CHECKING:
    from pyconcepts_lint.parsing.python2 import Construct, Translation

# `print >>` and a `print` that ends a statement; most uses of print are neither.
_MAYBE_TRAP = lazy_pattern(r"print(?<![\w.]print)[ \t\\]*(?:>>|[;#\r\n]|\Z)")


class Python2Syntax(Rule):
    """Syntax of Python 2 that Python 3 refuses, or reads as something else.

    ## What it finds

    In source that only Python 2 can read, each construct that Python 3 has no more: print and
    exec statements, `except E, e`, `raise E, v` and `raise E, v, tb`, backticks, `<>`, old octal
    and long literals, tuple parameters, `ur""` strings, tabs mixed with spaces, and names such
    as `async`, `nonlocal` or `True` that are keywords now.

    In source that Python 3 reads too, what it reads differently: `print >>file, x` is a shift
    there, and a bare `print` does nothing. Such a finding is a warning.

    ## Why

    Python 3 changed the grammar of the language. One such construct makes the whole file a
    `SyntaxError`, so that nothing else in it can be checked; this linter reads it all the same,
    and its other rules look at it as well.

    ## Bad

    ```python2
    import sys

    try:
        print >>sys.stdout, "total:", 0777, `10L`
    except ValueError, error:
        raise RuntimeError, "never"
    ```

    ```output
    total: 511 10L
    ```

    ## Good

    ```python
    import sys

    try:
        print("total:", 0o777, repr(10), file=sys.stdout)
    except ValueError as error:
        raise RuntimeError("never")
    ```

    ```output
    total: 511 10
    ```

    ## Fix

    Writes the construct of Python 3 that means the same, for all constructs of a file at once:
    with only some of them written so, Python 2 would read the file and mean something else. It is
    safe where the meaning surely is the same, unsafe where that depends on values that aren't
    known: `raise kind, value` does not call `kind` when `value` is an instance of it already, and
    `print line,` writes no blank behind a line end. So is `except E, F:` where it may have been
    written for Python 3.14, which catches both (PEP 758): where it is all that the file has of Python 2, `F` may be an exception, and the
    project doesn't say which Python it is for. In a project for 3.14 and later it is no Python 2,
    and not reported. A `print` by itself stays where `print` is a function for Python 2, too. A name that has become a keyword has
    to be changed by hand, wherever it is used. What else of Python 2 a program relies on (`/` of
    integers, `unicode`, `map` that gives a list) is not this tool's work.

    ## When to ignore it

    In code that will only ever run on Python 2.

    ## See also

    - [What's New In Python 3.0](https://docs.python.org/3/whatsnew/3.0.html#removed-syntax)
    - [PEP 3105, print as a function](https://peps.python.org/pep-3105/)
    - [PEP 3110, catching exceptions](https://peps.python.org/pep-3110/)
    - [PEP 758, catching exceptions without brackets](https://peps.python.org/pep-0758/)
    """

    code = "PCL902"
    name = "python2-syntax"
    severity = "error"
    needs_index = False
    reads_broken_files = True

    def claims(self, file: FileContext) -> Iterator[Claim]:
        if file.translation is not None:
            constructs = file.translation.constructs
            if self._may_be_newer(file.translation):
                constructs = tuple(map(_for_either, constructs))
            for construct in constructs:
                # Half of them made, the file would be Python 2 still, and mean something else.
                yield self._claim(construct, len(constructs))
        elif file.path.endswith(".pyi"):
            return  # what Python 3 reads differently, it does at run time
        elif file.module is not None and self._may_be_trapped() and file.tree is not None:
            from pyconcepts_lint.parsing.python2 import python3_traps

            for construct in python3_traps(file.text, file.tree):
                yield self._claim(construct, 0)._replace(severity="warning")

    def _may_be_newer(self, translation: Translation) -> bool:
        """May the file be one for Python 3.14, as far as it and its project tell?"""
        if translation.constructs[0].kind != "except-comma" or tables.lowest_minor(
            self.file.project
        ):
            return False  # what the project says has been heeded by now
        from pyconcepts_lint.parsing.python2.unbracketed import may_be_newer

        return may_be_newer(translation)

    def _may_be_trapped(self) -> bool:
        """Does the text look like Python 2's `print`, other than in comments and strings?"""
        file = self.file
        return any(
            not file.literals.hold(found.start()) for found in _MAYBE_TRAP.finditer(file.text)
        )

    def _claim(self, construct: Construct, together: int) -> Claim:
        source = self.file.source
        place = Range(*source.position(construct.start), *source.position(construct.end))
        fix = None
        if construct.edits:
            edits = [
                Edit(self.file.path, *source.position(start), *source.position(end), new_text)
                for start, end, new_text in construct.edits
            ]
            safety: Applicability = "safe" if construct.safe else "unsafe"
            fix = self.fix(safety, construct.fix_message, edits)._replace(together=together)
        return Claim(place, construct.message, fix, in_source=True)


def _for_either(construct: Construct) -> Construct:
    """`except E, F:` where nothing tells whether Python 2 or 3.14 is meant."""
    message = f"{construct.message}, and Python 3.14 and later take both for what is caught"
    return construct._replace(message=message, safe=False)

"""Files that Python 2 and Python 3 run."""

from __future__ import annotations

from pyconcepts_lint.rule_api.file import FileContext

# What Python 3 has without `from __future__ import`, and Python 2 has by it.
_PYTHON2_FEATURES = frozenset(
    {"absolute_import", "division", "print_function", "unicode_literals", "with_statement"}
)
_COMPATIBILITY = frozenset({"six", "future", "past", "__builtin__"})
# What stands in a test on the version.
_VERSION_WORDS = (
    *("version_info", "hexversion", "sys.version", "python_version"),
    *("bytes is", "is bytes", "not bytes", "bytes ==", "bytes !=", "== bytes", "!= bytes"),
    *(
        f"{name}{blank}{major}"
        for name in ("py", "Py", "PY", "python", "Python", "PYTHON")
        for blank in ("", "_")
        for major in "23"
    ),
)


def runs_in_python2(file: FileContext) -> bool:
    """Does a file of Python 3 source show that Python 2 is to run it, too?

    By an import of `six` or `future`, a `from __future__` import of what Python 3 has anyway, or
    a look at Python's version, in a project that doesn't say it requires Python 3.
    """
    if file.module is None or file.is_python2:
        return False
    facts = file.module.facts
    shows_it = (
        _may_ask_version(file)
        or not _PYTHON2_FEATURES.isdisjoint(facts.future)
        or any(
            not _COMPATIBILITY.isdisjoint(part.module.split("."))
            or any(name.rpartition(".")[2] in _COMPATIBILITY for name, _ in part.names)
            for part in facts.imports
        )
    )
    return shows_it and file.project.supports_python(0)


def _may_ask_version(file: FileContext) -> bool:
    """May there be a test on Python's version somewhere in a file, as far as its text tells?"""
    return any(file.lines_with((word,)) for word in _VERSION_WORDS)

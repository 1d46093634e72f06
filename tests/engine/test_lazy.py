"""What takes time to load is loaded when it is touched."""

from __future__ import annotations

import copy
import os
import pickle
import subprocess
import sys
from pathlib import Path

from pyconcepts_lint.base.lazy import lazy_pattern


def python(code: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_libcst_is_loaded_when_it_is_touched() -> None:
    code = (
        "import sys\n"
        "from pyconcepts_lint.rule_api import cst\n"
        "print('libcst' in sys.modules)\n"
        "name = cst.Name\n"
        "import libcst\n"
        "print(name is libcst.Name, cst.Name is libcst.Name)\n"
    )
    assert python(code) == "False\nTrue True\n"


def test_what_libcst_has_not_is_missed_where_it_is_touched() -> None:
    code = (
        "from pyconcepts_lint.rule_api import cst\n"
        "try: cst.NoSuchNode\n"
        "except AttributeError as error: print(error)"
    )
    assert "NoSuchNode" in python(code)


def test_a_run_leaves_nothing_behind_that_others_could_meet(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "class C:\n    items = []\n    def f(self): self.items.append(1)\n"
    )
    (tmp_path / "b.py").write_text("print('hello')\n")
    for name in ("a.py", "b.py"):
        code = (
            "import sys, importlib.util, pyconcepts_lint\n"
            "limit = sys.getrecursionlimit()\n"
            f"pyconcepts_lint.lint({str(tmp_path / name)!r}, no_cache=True)\n"
            "import gc\n"
            "print(importlib.util.find_spec('libcst').name, sys.getrecursionlimit() == limit,\n"
            "    gc.isenabled())\n"
        )
        assert python(code) == "libcst True True\n"


def test_linting_takes_no_page_apart(tmp_path: Path) -> None:
    (tmp_path / "clean.py").write_text("print('hello')\n")
    code = (
        "import sys; from pyconcepts_lint.__main__ import main\n"
        f"main(['-q', '--no-cache', '--isolated', {str(tmp_path)!r}])\n"
        "pages = ('concepts', 'explain', 'pages')\n"
        "print([name for name in pages if f'pyconcepts_lint.{name}' in sys.modules])"
    )
    assert python(code) == "[]\n"


SMALL = """
from decimal import Decimal


class Basket:
    currency = "EUR"

    def __init__(self, prices):
        self.prices = dict(prices)

    def total(self):
        return sum(self.prices.values(), Decimal(0))


def gross(basket, rate):
    return f"{basket.total() * rate:.2f} {basket.currency}"
"""


def test_a_small_clean_file_loads_little(tmp_path: Path) -> None:
    (tmp_path / "clean.py").write_text(SMALL)
    ours = (
        *("analysis.super_calls", "analysis.values", "caching.database", "caching.results"),
        *("index.init_effects", "source.control_flow"),
        *("index.cycles", "index.dependencies", "index.loading"),
        *("parsing.python2", "rule_api.located", "running.fixer", "source.cst_nodes"),
        *("source.cst_statement", "source.literals", "source.noqa"),
    )
    others = (
        *("argparse", "dataclasses", "fissix", "gettext", "hashlib", "json", "locale", "rich"),
        *("pathlib", "shutil", "sqlite3", "symtable", "tomllib", "typing", "unicodedata"),
        *("importlib.metadata", "libcst._nodes.expression", "multiprocessing", "pathspec"),
    )
    code = (
        "import sys; before = set(sys.modules); from pyconcepts_lint.__main__ import main\n"
        f"code = main(['-q', '--no-cache', '--isolated', {str(tmp_path / 'clean.py')!r}])\n"
        "loaded = sys.modules.keys() - before\n"
        f"print(code, [n for n in {ours!r} if 'pyconcepts_lint.' + n in loaded],"
        f" [n for n in {others!r} if n in loaded])"
    )
    # The first run keeps what the rules say of themselves.
    names = ("HOME", "XDG_CACHE_HOME", "LOCALAPPDATA", "PYTHONPYCACHEPREFIX")
    variables = dict.fromkeys(names, str(tmp_path)) | {"PYTHONDONTWRITEBYTECODE": ""}
    python(code, **variables)
    assert python(code, **variables) == "0 [] []\n"


def test_a_pattern_is_compiled_when_it_is_used() -> None:
    code = (
        "import re; from pyconcepts_lint.base.lazy import lazy_pattern; made = []; real = re.compile\n"
        "re.compile = lambda *given: made.append(given) or real(*given)\n"
        "word = lazy_pattern(r'[a-z]+', re.IGNORECASE); print(made)\n"
        "print(word.findall('One two'), word.findall('x'), len(made), word.pattern)"
    )
    assert python(code) == "[]\n['One', 'two'] ['x'] 1 [a-z]+\n"


def test_loading_the_rules_loads_no_libcst() -> None:
    code = (
        "import sys; from pyconcepts_lint.plugins.registry import rules\n"
        "print(len(rules()) > 5, 'libcst._nodes.expression' in sys.modules,"
        " 'fissix' in sys.modules)"
    )
    assert python(code) == "True False False\n"


def test_a_report_loads_nothing_of_the_others(tmp_path: Path) -> None:
    (tmp_path / "counter.py").write_text(
        "class A:\n    n = 0\n\n    def f(self):\n        self.n += 1\n\n\nprint(A.n)\n"
    )
    others = ("concepts", "fingerprints", "pages", "reporters.html", "reporters.sarif")
    code = (
        "import sys; from pyconcepts_lint.__main__ import main\n"
        f"code = main(['-q', '--output-format', 'concise', '--isolated', {str(tmp_path)!r}])\n"
        f"print(code, [n for n in {others!r} if 'pyconcepts_lint.' + n in sys.modules],\n"
        " [n for n in ('html', 'rich') if n in sys.modules])"
    )
    assert python(code).splitlines()[-1] == "1 [] []"


def test_a_pattern_can_be_copied_before_and_after_it_is_compiled() -> None:
    pattern = lazy_pattern(r"a+")
    for _ in range(2):
        for copied in (copy.copy(pattern), pickle.loads(pickle.dumps(lazy_pattern(r"a+")))):
            assert copied.fullmatch("aa")
        assert pattern.fullmatch("aa")

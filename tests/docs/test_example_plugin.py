"""The plugin of docs/example_plugin, built and installed, has everything that built-in rules have."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from pyconcepts_lint.caching.results import SETTLED

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "docs" / "example_plugin"
PAGE = (ROOT / "docs" / "writing-rules.md").read_text(encoding="utf-8")

# The many processes of these tests share what Python compiles of this project.
PYCACHE = tempfile.TemporaryDirectory()
COMPILED_ONCE = {"PYTHONPYCACHEPREFIX": PYCACHE.name, "PYTHONDONTWRITEBYTECODE": ""}

SHOP = {
    "pyproject.toml": "[tool.pyconcepts-lint]\nselect = ['SHP']\n",
    "shop/__init__.py": "",
    "shop/payment.py": "class Payment:\n    title = 'Payment'\n",
    "shop/methods.py": (
        "from .payment import Payment\n\n\nclass Invoice(Payment):\n    days = 14\n\n\n"
        "late = not 14 in [7]\n"
    ),
}
PLACES = ["shop/methods.py:4:1: SHP102", "shop/methods.py:8:8: SHP101"]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory that the plugin has been built and installed into."""
    # Building leaves files beside what is built.
    source = shutil.copytree(EXAMPLE, tmp_path_factory.mktemp("source") / "plugin")
    target = tmp_path_factory.mktemp("installed")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target"]
    if importlib.util.find_spec("setuptools") is not None:
        command[-1:-1] = ["--no-build-isolation", "--no-index"]
    done = subprocess.run([*command, str(target), str(source)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture
def plugin(installed: Path, tmp_path: Path) -> Path:
    """A copy of that which a test may change."""
    return shutil.copytree(installed, tmp_path / "site")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    for name, text in SHOP.items():
        (tmp_path / "project" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "project" / name).write_text(text)
    return tmp_path / "project"


def run(directory: Path, plugins: Path | str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=directory,
        env={
            **os.environ,
            **({} if arguments[0] == "pytest" else COMPILED_ONCE),
            "PYTHONPATH": str(plugins),
            "XDG_CACHE_HOME": str(directory.parent / "cache"),
            "COLUMNS": "500",
        },
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def lint(directory: Path, plugins: Path | str, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run(directory, plugins, "pyconcepts_lint", *arguments)


def places(output: str) -> list[str]:
    return [
        ":".join(line.split(":")[:3]) + ":" + line.split(":")[3][:7] for line in output.splitlines()
    ]


# What works


def test_its_own_tests_pass(installed: Path, tmp_path: Path) -> None:
    tests = shutil.copytree(EXAMPLE / "tests", tmp_path / "tests")
    done = run(tests, installed, "pytest", "-q", "-p", "no:cacheprovider", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_its_rules_are_listed_and_explained(installed: Path, shop: Path) -> None:
    rules = json.loads(lint(shop, installed, "--list-rules", "--output-format", "json").stdout)
    found = {rule["code"]: rule for rule in rules}
    assert {"PCL101", "SHP101", "SHP102", "SHP103"} <= found.keys()
    assert found["SHP101"]["name"] == "not-before-comparison"
    for wanted in ("SHP102", "payment-without-title"):
        page = lint(shop, installed, "--explain", wanted).stdout
        assert page.startswith("# SHP102 payment-without-title\n")
        assert "## Options" in page


def test_its_package_is_a_concept(installed: Path, shop: Path) -> None:
    program = (
        "from pyconcepts_lint.plugins.concepts import concepts\n"
        "print([(c.name, c.title) for c in concepts() if c.rules[0].code == 'SHP101'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": str(installed)},
        capture_output=True,
        text=True,
    )
    assert done.stdout == "[('shop-rules', 'What the shop has agreed on')]\n", done.stderr
    page = lint(shop, installed, "--explain", "shop-rules").stdout
    assert page.startswith("# SHP1xx What the shop has agreed on\n\nEvery sentence here")


def test_it_is_run_and_fixes(installed: Path, shop: Path) -> None:
    done = lint(shop, installed)
    assert (places(done.stdout), done.returncode) == (PLACES, 1)
    done = lint(shop, installed, "--fix")
    assert (places(done.stdout), done.returncode) == (PLACES[:1], 1)
    assert (shop / "shop/methods.py").read_text().endswith("late = 14 not in [7]\n")


def test_several_processes_run_it(installed: Path, shop: Path) -> None:
    many = "".join(f"late{n} = not {n} in [7]  # {'-' * 3000}\n" for n in range(50))
    for number in range(3):
        (shop / f"more{number}.py").write_text(many)
    done = lint(shop, installed, "--jobs", "2")
    assert done.returncode == 1, done.stderr
    assert len(done.stdout.splitlines()) == 2 + 3 * 50


def test_its_options_are_settings(installed: Path, shop: Path) -> None:
    settings = SHOP["pyproject.toml"] + "[tool.pyconcepts-lint.rules.SHP102]\n"
    (shop / "pyproject.toml").write_text(settings + "attribute = 'days'\n")
    assert places(lint(shop, installed).stdout) == PLACES[1:]
    for line, message in (
        (
            "atribute = 'days'",
            "rules.SHP102.atribute: SHP102 has no such option; did you mean attribute?",
        ),
        ("base = ['a']", "rules.SHP102.base: it must be a string, not ('a',)"),
    ):
        (shop / "pyproject.toml").write_text(settings + line + "\n")
        done = lint(shop, installed)
        assert (done.returncode, done.stdout) == (2, "")
        assert message in done.stderr
        done = run(shop, installed, "flake8")
        assert message in done.stdout + done.stderr


def test_flake8_reports_it_by_default_and_obeys_its_own_options(
    installed: Path, shop: Path
) -> None:
    found = places(run(shop, installed, "flake8", "--extend-ignore", "E,W,F").stdout)
    assert [place.removeprefix("./") for place in found] == PLACES
    found = places(run(shop, installed, "flake8", "--ignore", "E,W,F,SHP102").stdout)
    assert [place.removeprefix("./") for place in found] == PLACES[1:]
    assert run(shop, installed, "flake8", "--select", "PCL").stdout == ""
    (shop / "shop/methods.py").write_text("late = not 14 in [7]  # noqa: SHP101\n")
    assert run(shop, installed, "flake8", "--extend-ignore", "E").stdout == ""


def test_what_a_changed_rule_says_is_said_at_once(plugin: Path, shop: Path) -> None:
    before = lint(shop, plugin).stdout
    time.sleep(SETTLED / 1e9 + 0.05)
    for _ in range(2):
        assert lint(shop, plugin).stdout == before
    file = plugin / "shop_rules" / "not_before_comparison.py"
    file.write_text(file.read_text().replace("that is", "say"))
    assert lint(shop, plugin).stdout == before.replace("that is", "say")
    assert "say" in run(shop, plugin, "flake8", "--select", "SHP").stdout
    assert "SHP" not in lint(shop, "", "--select", "PCL").stdout


ERRORS = {
    "shop/errors.py": "class ShopError(Exception):\n    pass\n",
    "shop/stock.py": "from .errors import ShopError\n\nempty = ShopError('S101')\n",
    "shop/cards.py": "from .errors import ShopError\n\nrefused = ShopError('S101')\n",
}


def test_its_own_facts_are_cached_and_sent_between_processes(plugin: Path, shop: Path) -> None:
    for name, text in ERRORS.items():
        (shop / name).write_text(text)
    for number in range(3):
        (shop / f"more{number}.py").write_text(f"x = 1  # {'-' * 110_000}\n")
    expected = ["shop/cards.py:3:11: SHP103", "shop/stock.py:3:9: SHP103"]
    arguments = ("--select", "SHP103")
    assert places(lint(shop, plugin, *arguments, "--jobs", "2").stdout) == expected
    assert places(lint(shop, plugin, *arguments, "--no-cache").stdout) == expected
    # Another file is read anew, these come from the cache.
    (shop / "more0.py").write_text("from shop.errors import ShopError\n\nShopError('S102')\n")
    assert places(lint(shop, plugin, *arguments).stdout) == expected
    facts = plugin / "shop_rules" / "_facts.py"
    facts.write_text(facts.read_text().replace("first.value, call", "first.value[:3], call"))
    assert places(lint(shop, plugin, *arguments).stdout)[0] == "more0.py:3:1: SHP103"


def test_what_other_files_change_is_said_at_once(installed: Path, shop: Path) -> None:
    time.sleep(SETTLED / 1e9 + 0.05)
    assert places(lint(shop, installed).stdout) == PLACES
    (shop / "shop/late.py").write_text(
        "from .methods import Invoice\n\n\nclass Late(Invoice):\n    title = 'Late'\n"
    )
    assert places(lint(shop, installed).stdout) == PLACES[1:]
    (shop / "shop/late.py").unlink()
    assert places(lint(shop, installed).stdout) == PLACES
    (shop / "shop/payment.py").write_text("class Payment:\n    pass\n")
    assert places(lint(shop, installed).stdout) == PLACES[1:]


def test_a_run_like_the_one_before_imports_no_rule(plugin: Path, shop: Path) -> None:
    program = (
        "import sys\nfrom pyconcepts_lint.frontends.cli import run\nrun(['.'])\n"
        "print('shop_rules' in sys.modules, 'libcst' in sys.modules, file=sys.stderr)"
    )
    time.sleep(SETTLED / 1e9 + 0.05)
    for expected in ("True True", "False False"):
        done = subprocess.run(
            [sys.executable, "-c", program],
            cwd=shop,
            env={
                **os.environ,
                **COMPILED_ONCE,
                "PYTHONPATH": str(plugin),
                "XDG_CACHE_HOME": str(shop.parent / "cache"),
            },
            capture_output=True,
            text=True,
        )
        assert places(done.stdout) == PLACES
        assert done.stderr.splitlines()[-1] == expected


# What goes wrong


def broken(
    plugin: Path, shop: Path, file: str, text: str, *arguments: str
) -> subprocess.CompletedProcess[str]:
    """What a run says after a file of the plugin has got another text."""
    (plugin / "shop_rules" / file).write_text(text)
    done = lint(shop, plugin, *arguments)
    assert "Traceback" not in done.stderr
    assert done.returncode == 2
    return done


RULE = "from pyconcepts_lint import Rule\n\n\nclass Mine(Rule):\n"
PAGED = f'{RULE}    """A page."""\n\n    code = "SHP104"\n    name = "a-b"\n'
CART = "class A:\n    n = 0\n\n    def f(self):\n        self.n += 1\n"
WHO = "shop-rules (entry point shop = shop_rules)"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "import no_such_module\n",
            ["ModuleNotFoundError: No module named 'no_such_module'", "mine.py:1"],
        ),
        ("def f(:\n", ["SyntaxError: invalid syntax", "mine.py, line 1"]),
        ("x = 1 / 0\n", ["ZeroDivisionError", "mine.py:1"]),
        ("raise SystemExit\n", ["SystemExit", "mine.py:1"]),
        (
            f'{RULE}    """A page."""\n    code = "SHOP1"\n    name = "a"\n',
            ["Mine", "'SHOP1'", "three"],
        ),
        (f'{RULE}    """A page."""\n    code = "SHP104"\n', ["Mine", "its name is None"]),
        (f'{RULE}    code = "SHP104"\n    name = "a-b"\n', ["Mine", "no docstring"]),
        (
            f'{RULE}    """A page."""\n    code = "SHP104"\n    name = "a-b"\n    words = ("not")\n',
            ["Mine", "its words are 'not', not a tuple"],
        ),
        (
            f'{RULE}    """A page."""\n    code = "SHP104"\n    name = "a-b"\n    options = {{"a": 1.5}}\n',
            ["Mine", "option 'a' is 1.5"],
        ),
        (f"{PAGED}    options = 7\n", ["Mine", "its options are 7, not a dict"]),
        (f"{PAGED}    options = {{1: 2}}\n", ["Mine", "its option 1"]),
        (f"{PAGED}    on = 'no'\n", ["Mine", "its on is 'no', not True or False"]),
        (f"{PAGED}    needs_index = None\n", ["Mine", "its needs_index is None"]),
        (
            f"{PAGED}\n    def visit_Name(self, node):\n        pass\n",
            ["Mine", "its method visit_Name is called by nothing", "`claims(self, file)`"],
        ),
        (
            f"{PAGED}\n    def check(self):\n        pass\n",
            ["Mine", "its method check is called by nothing", "a `Claim` of a range"],
        ),
        (f"{PAGED}    facts = 'captures'\n", ["Mine", "its facts are 'captures'"]),
        (f"{PAGED}    facts = ('clases',)\n", ["Mine", "facts 'clases', which no extractor makes"]),
        (
            "from pyconcepts_lint import Rule\n\n\nclass Meta(type):\n    @property\n"
            "    def code(cls):\n        raise OSError('no code')\n\n\n"
            "class Mine(Rule, metaclass=Meta):\n    pass\n",
            ["OSError: no code", "mine.py:7"],
        ),
        (
            f"{PAGED}    class _On:\n        def __get__(self, one, kind):\n"
            "            raise SystemExit(0)\n\n    on = _On()\n",
            ["SystemExit: 0", "mine.py:11"],
        ),
        ("raise BaseException('as a signal')\n", ["BaseException: as a signal", "mine.py:1"]),
        (
            "class Mute(Exception):\n    def __str__(self):\n        raise ValueError\n\n\n"
            "raise Mute\n",
            ["don't load: Mute (", "mine.py:6"],
        ),
        ("import os, sys\nsys.exit('bye')\n", ["SystemExit: bye", "mine.py:2"]),
    ],
)
def test_a_rule_that_does_not_load_is_named_with_its_package(
    plugin: Path, shop: Path, text: str, words: list[str]
) -> None:
    (shop / "cart.py").write_text(CART)
    for arguments in ((), ("--no-cache",)):
        done = broken(plugin, shop, "mine.py", text, "--select", "PCL", *arguments)
        assert done.stdout.startswith("cart.py:5:9: PCL103 ")
        assert done.stdout.count("\n") == 1
        (line,) = (line for line in done.stderr.splitlines() if WHO in line)
        for word in words:
            assert word in line


@pytest.mark.parametrize("text", ["import no_such_module\n", "raise SystemExit\n"])
def test_under_flake8_the_package_is_named_once_and_the_rest_is_said(
    plugin: Path, shop: Path, text: str
) -> None:
    (plugin / "shop_rules" / "mine.py").write_text(text)
    (shop / "cart.py").write_text(CART)
    for jobs in ("1", "2"):
        for codes in ("PCL,SHP", "PCL"):
            done = run(shop, plugin, "flake8", "--jobs", jobs, "--select", codes)
            fault, finding = sorted(done.stdout.splitlines())
            assert fault.startswith(f"./cart.py:1:1: PCL901 {WHO}: its rules don't load: ")
            assert finding.startswith("./cart.py:5:9: PCL103 ")
            assert (done.stderr.count(WHO), done.returncode) == (1, 1)
    done = run(shop, plugin, "flake8", "--select", "SHP")
    assert done.stdout.startswith(f"./cart.py:1:1: SHP0 {WHO}: its rules don't load: ")
    assert (done.stdout.count("\n"), done.returncode) == (1, 1)
    # Even where flake8 shows nothing of that file.
    (shop / "cart.py").write_text(f"{CART}# flake8: noqa\n")
    assert WHO in run(shop, plugin, "flake8", "--select", "PCL").stderr


def test_codes_of_a_package_that_does_not_load_are_no_second_error(
    plugin: Path, shop: Path
) -> None:
    (shop / "cart.py").write_text(CART)
    settings = "[tool.pyconcepts-lint]\nextend-select = ['SHP101']\n"
    (shop / "pyproject.toml").write_text(
        f"{settings}[tool.pyconcepts-lint.rules.SHP102]\nattribute = 'days'\n"
    )
    text = "import no_such_module\n"
    for arguments, found in (
        ((), 1),
        (("--select", "SHP101"), 0),
        (("--ignore", "SHP1"), 1),
        (("--select", "SHP", "--diff"), 0),
    ):
        done = broken(plugin, shop, "mine.py", text, *arguments)
        assert done.stdout.count("\n") == found
        (line,) = (line for line in done.stderr.splitlines() if "SHP" in line or WHO in line)
        assert line.startswith(f"pyconcepts-lint: {WHO}: its rules don't load: ")
    done = broken(plugin, shop, "mine.py", text, "--explain", "SHP101")
    assert [WHO in line for line in done.stderr.splitlines()] == [True, False]
    done = broken(plugin, shop, "mine.py", text, "--list-rules")
    assert WHO in done.stderr
    assert "PCL101" in done.stdout


def test_a_baseline_keeps_what_a_package_that_does_not_load_has_put_there(
    plugin: Path, shop: Path
) -> None:
    arguments = ("--baseline", "known.json", "--update-baseline")
    assert lint(shop, plugin, *arguments).returncode == 0
    before = (shop / "known.json").read_text()
    assert "SHP101" in before
    broken(plugin, shop, "mine.py", "import no_such_module\n", *arguments)
    assert (shop / "known.json").read_text() == before


def test_calls_give_it_among_the_errors(plugin: Path, shop: Path) -> None:
    (plugin / "shop_rules" / "mine.py").write_text("raise SystemExit(0)\n")
    (shop / "cart.py").write_text(CART)
    program = (
        "from pyconcepts_lint import lint, lint_source\n"
        "for report in lint('.', select=['SHP', 'PCL1']), lint_source('x = 1', select=['SHP']):\n"
        "    print(report.errors, [finding.code for finding in report.findings])\n"
    )
    (plugin / "program.py").write_text(program)
    done = run(shop, plugin, "program")
    first, second = done.stdout.splitlines()
    start = f"[\"{WHO}: its rules don't load: SystemExit: 0 ("
    assert first.startswith(start)
    assert first.endswith(")\"] ['PCL103']")
    assert second.startswith(start)
    assert second.endswith(')"] []')


def test_one_that_stops_loading_after_it_was_listed_is_named_once(plugin: Path, shop: Path) -> None:
    """The list of rules rests on their own files, not on all that those import."""
    file = plugin / "shop_rules" / "not_before_comparison.py"
    other = shop.parent / "elsewhere" / "helper.py"
    other.parent.mkdir()
    other.write_text("")
    line = f"import sys; sys.path.append({str(other.parent)!r}); import helper\n"
    file.write_text(file.read_text().replace("import libcst", f"{line}import libcst", 1))
    (shop / "late.py").write_text("late = not 14 in [7]\n")
    assert lint(shop, plugin).returncode == 1
    other.unlink()
    for arguments in (("--no-cache",), ("--no-cache", "-j2"), ("--no-cache", "--fix")):
        done = lint(shop, plugin, *arguments)
        assert done.returncode == 2
        assert places(done.stdout) == PLACES[:1]
        (line,) = (line for line in done.stderr.splitlines() if "helper" in line)
        assert line.startswith(f"pyconcepts-lint: {WHO}: its rules don't load: ModuleNotFoundError")


def test_two_rules_with_one_code_are_named_with_their_packages(plugin: Path, shop: Path) -> None:
    text = f'{RULE}    """A page."""\n    code = "PCL101"\n    name = "mine"\n'
    done = broken(plugin, shop, "mine.py", text)
    theirs = "class-attribute-shadowed of pyconcepts-lint (entry point"
    assert f"{WHO}: its rule mine has the code PCL101, as {theirs}" in done.stderr
    text = f'{RULE}    """A page."""\n    code = "SHP101"\n    name = "mine"\n'
    done = broken(plugin, shop, "mine.py", text)
    assert f"{WHO}: its rule " in done.stderr


def test_facts_of_a_name_that_there_is_are_refused(plugin: Path, shop: Path) -> None:
    facts = (plugin / "shop_rules" / "_facts.py").read_text()
    text = facts.replace("def shop_error_codes", "def captures")
    done = broken(plugin, shop, "_facts2.py", text)
    assert (
        f"{WHO}: its extractor shop_rules._facts2:captures has the name of other facts"
        in done.stderr
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("shop_rules:__doc__", "no subclass of Rule"),
        ("shop_rules:Missing", "has no attribute 'Missing'"),
        ("json", "offers no rule"),
        ("no_such_rules", "No module named 'no_such_rules'"),
    ],
)
def test_an_entry_point_of_something_else_is_named(
    plugin: Path, shop: Path, value: str, message: str
) -> None:
    (file,) = plugin.glob("*.dist-info/entry_points.txt")
    file.write_text(f"[pyconcepts_lint.rules]\nshop = {value}\n")
    done = lint(shop, plugin)
    assert done.returncode == 2
    assert f"shop-rules (entry point shop = {value})" in done.stderr
    assert message in done.stderr


def test_an_entry_point_may_name_one_class(plugin: Path, shop: Path) -> None:
    (file,) = plugin.glob("*.dist-info/entry_points.txt")
    value = "shop_rules.not_before_comparison:NotBeforeComparison"
    file.write_text(f"[pyconcepts_lint.rules]\nshop = {value}\n")
    assert places(lint(shop, plugin).stdout) == PLACES[1:]


def test_a_rule_that_raises_is_named_and_the_others_go_on(plugin: Path, shop: Path) -> None:
    file = plugin / "shop_rules" / "not_before_comparison.py"
    marked = file.read_text().replace(
        "            word = ", "            raise KeyError('oh')\n            word = "
    )
    done = broken(plugin, shop, file.name, marked)
    assert places(done.stdout) == PLACES[:1]
    (line,) = [line for line in done.stderr.splitlines() if "internal error" in line]
    assert re.search(
        r"methods\.py: internal error in SHP101 \(not-before-comparison of shop-rules\): "
        r"KeyError: 'oh' \(not_before_comparison\.py:\d+\)$",
        line,
    )


# The page that tells how it is made


BLOCK = re.compile(r"^`([\w./]+)`:\n\n(`{3,})\w+\n(.*?)^\2$", re.MULTILINE | re.DOTALL)


def test_every_file_of_the_plugin_is_shown_as_it_is() -> None:
    files = {
        path.relative_to(EXAMPLE).as_posix(): path.read_text(encoding="utf-8")
        for path in EXAMPLE.rglob("*")
        if path.suffix in (".py", ".toml")
    }
    assert {path: text for path, _, text in BLOCK.findall(PAGE)} == files


def test_every_block_of_python_is_one_of_them() -> None:
    assert "```python" not in BLOCK.sub("", PAGE)

"""Settings come from the nearest pyproject.toml that has them, and mistakes in it are named."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from pyconcepts_lint.base import settings as module
from pyconcepts_lint.base.settings import (
    DEFAULT_EXCLUDE,
    Configuration,
    Settings,
    SettingsError,
    code_matches,
    path_matches,
)

ROOT = os.path.abspath("project")


def load(path: str, overrides: dict[str, object] | None = None, **options: Any) -> Settings:
    return Configuration(overrides, **options).for_path(path)


def find_root(path: str) -> tuple[str | None, str | None]:
    return Configuration().root_of(path)


def write(file: Path, text: str = "") -> str:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return str(file)


def load_table(tmp_path: Path, table: str) -> Settings:
    write(tmp_path / "pyproject.toml", f"[tool.pyconcepts-lint]\n{table}\n")
    return load(str(tmp_path / "m.py"))


def test_a_project_without_a_table_has_the_defaults(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[project]\nname = 'x'\n")
    assert load(str(tmp_path / "pkg" / "m.py")) == Settings(root=str(tmp_path))


def test_every_option_is_read(tmp_path: Path) -> None:
    write(tmp_path / "base.toml", "[tool.pyconcepts-lint]\n")
    settings = load_table(
        tmp_path,
        """
        select = ["PCL", "ABC1"]
        ignore = ["PCL101"]
        extend-select = ["PCL106"]
        extend-ignore = ["PCL2"]
        exclude = ["a"]
        extend-exclude = ["b/*.py"]
        force-exclude = true
        respect-gitignore = false
        src = ["src", "lib"]
        relative-import-levels = 1
        namespace-packages = ["ns", "ns.sub"]
        field-classes = ["pkg.models.Model"]
        fix = true
        unsafe-fixes = true
        output-format = "concise"
        jobs = 2
        cache-dir = ".cache"
        no-cache = true
        baseline = "b.jsonl"
        fixable = ["PCL2"]
        unfixable = ["PCL202"]
        target-version = "py312"
        python = ".venv"
        extend = "base.toml"
        required-version = ">=0.1"
        min-severity = "warning"
        fail-on = "note"
        generated = ["*_pb2.py"]
        [tool.pyconcepts-lint.severity]
        PCL1 = "note"
        PCL202 = "error"
        [tool.pyconcepts-lint.per-file-ignores]
        "tests/*" = ["PCL1", "PCL205"]
        [tool.pyconcepts-lint.rules.SHP201]
        base = "shop.Payment"
        longest = 3
        strict = true
        names = ["a", "b"]
        """,
    )
    assert settings == Settings(
        root=str(tmp_path),
        config_file=str(tmp_path / "pyproject.toml"),
        select=("PCL", "ABC1"),
        ignore=("PCL101",),
        extend_select=("PCL106",),
        extend_ignore=("PCL2",),
        per_file_ignores=(("tests/*", ("PCL1", "PCL205")),),
        exclude=("a",),
        extend_exclude=("b/*.py",),
        force_exclude=True,
        respect_gitignore=False,
        src=("src", "lib"),
        relative_import_levels=1,
        namespace_packages=("ns", "ns.sub"),
        field_classes=("pkg.models.Model",),
        rules=(
            (
                "SHP201",
                (("base", "shop.Payment"), ("longest", 3), ("strict", True), ("names", ("a", "b"))),
            ),
        ),
        fix=True,
        unsafe_fixes=True,
        output_format="concise",
        jobs=2,
        cache_dir=".cache",
        no_cache=True,
        baseline="b.jsonl",
        fixable=("PCL2",),
        unfixable=("PCL202",),
        target_version="py312",
        extend="base.toml",
        required_version=">=0.1",
        severity=(("PCL1", "note"), ("PCL202", "error")),
        min_severity="warning",
        fail_on="note",
        generated=("*_pb2.py",),
        python=".venv",
    )
    # root, config_file, is_project, is_inside
    assert len(module._OPTIONS) + 4 == len(settings)
    assert all(
        value != Settings._field_defaults[name]
        for name, value in settings._asdict().items()
        if name not in ("root", "is_project", "is_inside")
    )


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ('ingore = ["PCL1"]', ["tool.pyconcepts-lint.ingore", "did you mean `ignore`?"]),
        ("extend_exclude = []", ["extend_exclude", "did you mean `extend-exclude`?"]),
        ("zzzzzzzz = 1", ["zzzzzzzz", "select, ignore, extend-select"]),
        ("[tool.pyconcepts-lint.lint]\nselect = []", ["tool.pyconcepts-lint.lint"]),
        ('select = "PCL"', ["tool.pyconcepts-lint.select", 'not the string "PCL"']),
        ('select = ["PCL", 1]', ["select", "a list with the number 1 in it"]),
        ('ignore = ["pcl1"]', ["ignore", '"PCL101"', 'the string "pcl1"']),
        ('ignore = ["PCL1,PCL2"]', ["ignore", '"PCL1,PCL2"']),
        ("select = 1979-05-27", ["select", "1979-05-27"]),
        ('fix = "yes"', ["fix", "true or false", 'the string "yes"']),
        ("force-exclude = 1", ["force-exclude", "the number 1"]),
        ("relative-import-levels = true", ["relative-import-levels", "integer", "not true"]),
        ("jobs = 0", ["jobs", "above 0", "the number 0"]),
        ("jobs = 1.5", ["jobs", "the number 1.5"]),
        ('output-format = "xml"', ["output-format", "json", 'the string "xml"']),
        ('cache-dir = ""', ["cache-dir", "not empty"]),
        ("src = { a = 1 }", ["src", "not a table"]),
        ('namespace-packages = ["a-b"]', ["namespace-packages", "dotted names", '"a-b"']),
        ('exclude = [""]', ["exclude", "patterns"]),
        ('exclude = ["[z-a]"]', ["exclude", "patterns", "[z-a]"]),
        ('per-file-ignores = ["a:PCL1"]', ["per-file-ignores", "a table", "not a list"]),
        ('per-file-ignores = { "t/*" = "PCL1" }', ['per-file-ignores."t/*"', '"PCL1"']),
        ('per-file-ignores = { "[z-a]" = [] }', ["per-file-ignores", "[z-a]"]),
        ("rules = []", ["rules", "a table of codes", "not a list"]),
        ("rules = { SHP2 = {} }", ["rules", "a table of codes", '"SHP2"']),
        ("rules = { SHP201 = 1 }", ["rules.SHP201", "a table of options", "the number 1"]),
        ("rules = { SHP201 = { a = 1.5 } }", ["rules.SHP201.a", "an integer", "number 1.5"]),
        ("rules = { SHP201 = { a = [1] } }", ["rules.SHP201.a", "a list of strings"]),
    ],
)
def test_a_mistake_is_named_with_file_and_key(tmp_path: Path, table: str, words: list[str]) -> None:
    with pytest.raises(SettingsError) as caught:
        load_table(tmp_path, table)
    assert caught.value.path == str(tmp_path / "pyproject.toml")
    assert str(caught.value).startswith(str(tmp_path / "pyproject.toml") + ": ")
    for word in words:
        assert word in str(caught.value)


def test_a_syntax_error_is_named_with_its_line(tmp_path: Path) -> None:
    file = write(tmp_path / "pyproject.toml", "[tool.pyconcepts-lint]\nselect = [\nfix = true\n")
    with pytest.raises(SettingsError) as caught:
        load(str(tmp_path / "m.py"))
    assert (caught.value.path, caught.value.line) == (file, 3)


def test_a_file_that_is_not_utf_8_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_bytes(b"[tool.pyconcepts-lint]\n# \xe9\n")
    with pytest.raises(SettingsError, match="UTF-8") as caught:
        load(str(tmp_path))
    assert caught.value.line == 2


@pytest.mark.parametrize("text", ["tool.pyconcepts-lint = 1", "tool = [] # pyconcepts-lint"])
def test_a_table_that_is_none_is_refused(tmp_path: Path, text: str) -> None:
    write(tmp_path / "pyproject.toml", text)
    with pytest.raises(SettingsError, match="must be a table"):
        load(str(tmp_path))


def test_deep_nesting_is_an_error_not_a_crash(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "pyconcepts-lint = " + "[" * 50_000)
    with pytest.raises(SettingsError):
        load(str(tmp_path))


def test_a_broken_file_of_others_only_marks_the_project(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[[[")
    assert find_root(str(tmp_path / "m.py")) == (str(tmp_path), None)


def test_the_nearest_table_wins_over_nearer_markers(tmp_path: Path) -> None:
    outer = write(tmp_path / "pyproject.toml", "[tool.pyconcepts-lint]\n")
    write(tmp_path / "a" / "pyproject.toml", "[tool.other]\n")
    inner = write(tmp_path / "b" / "pyproject.toml", "[tool.pyconcepts-lint]\nfix = true\n")
    assert find_root(str(tmp_path / "a" / "pkg" / "m.py")) == (str(tmp_path), outer)
    assert find_root(str(tmp_path / "b" / "pkg" / "m.py")) == (str(tmp_path / "b"), inner)
    assert load(str(tmp_path / "b" / "m.py")).fix
    assert not load(str(tmp_path / "a" / "m.py")).fix


@pytest.mark.parametrize("marker", module.PROJECT_MARKERS)
def test_without_a_table_the_nearest_marker_is_the_root(tmp_path: Path, marker: str) -> None:
    write(tmp_path / ".git" / "HEAD")
    write(tmp_path / "a" / marker)
    assert find_root(str(tmp_path / "a" / "b" / "m.py")) == (str(tmp_path / "a"), None)
    assert find_root(str(tmp_path / "b")) == (str(tmp_path), None)


@pytest.mark.parametrize("marker", ["setup.py", "setup.cfg"])
@pytest.mark.parametrize("init", ["__init__.py", "__init__.pyi"])
def test_a_module_called_setup_marks_no_project(tmp_path: Path, marker: str, init: str) -> None:
    write(tmp_path / "pyproject.toml")
    write(tmp_path / "app" / marker)
    assert find_root(str(tmp_path / "app" / "m.py"))[0] == str(tmp_path / "app")
    write(tmp_path / "app" / init)
    assert find_root(str(tmp_path / "app" / "m.py"))[0] == str(tmp_path)


@pytest.mark.parametrize("marker", ["pyproject.toml", ".git", ".hg"])
def test_a_project_may_be_a_package_itself(tmp_path: Path, marker: str) -> None:
    write(tmp_path / "setup.py")
    write(tmp_path / "app" / "__init__.py")
    write(tmp_path / "app" / "setup.py")
    write(tmp_path / "app" / marker)
    assert find_root(str(tmp_path / "app" / "m.py"))[0] == str(tmp_path / "app")


def test_a_configuration_reads_each_file_once(tmp_path: Path) -> None:
    write(tmp_path / "setup.py")
    configuration = Configuration()
    assert not configuration.for_path(str(tmp_path)).fix
    write(tmp_path / "pyproject.toml", "[tool.pyconcepts-lint]\nfix = true\n")
    assert not configuration.for_path(str(tmp_path)).fix
    assert Configuration().for_path(str(tmp_path)).fix


def test_what_is_given_beside_the_files_can_be_left_out(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.pyconcepts-lint]\nfix = true\n")
    configuration = Configuration({"fix": False})
    assert not configuration.for_path(str(tmp_path)).fix
    assert configuration.of_files.for_path(str(tmp_path)).fix


def test_a_file_of_no_project_belongs_to_the_directory_above_its_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PROJECT_MARKERS", ())
    write(tmp_path / "pkg" / "__init__.py")
    write(tmp_path / "pkg" / "sub" / "__init__.py")
    assert find_root(str(tmp_path)) == (None, None)
    assert load(str(tmp_path / "pkg" / "sub" / "m.py")).root == str(tmp_path)
    assert load(str(tmp_path / "m.py")).root == str(tmp_path)


def test_the_same_arguments_give_the_same_settings(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.pyconcepts-lint]\n")
    options = {"select": ["PCL1"], "per_file_ignores": {"*.pyi": ["PCL2"]}, "ignore": None}
    configuration = Configuration(options)
    first = configuration.for_path(str(tmp_path / "a.py"))
    assert configuration.for_path(str(tmp_path / "b" / "c.py")) is first
    assert first.per_file_ignores == (("*.pyi", ("PCL2",)),)


def test_isolated_reads_no_file(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.pyconcepts-lint]\nfix = true\n")
    assert load(str(tmp_path / "m.py"), isolated=True) == Settings(root=str(tmp_path))


def test_a_config_file_replaces_the_project_s_own(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.pyconcepts-lint]\nfix = true\n")
    other = write(tmp_path / "ci" / "lint.toml", "[tool.pyconcepts-lint]\njobs = 3\n")
    settings = load(str(tmp_path / "m.py"), file=other)
    assert settings == Settings(root=str(tmp_path), config_file=other, jobs=3)


def test_a_config_file_that_is_missing_or_says_nothing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no such file"):
        load(str(tmp_path), file=str(tmp_path / "gone.toml"))
    empty = write(tmp_path / "empty.toml", "")
    with pytest.raises(SettingsError, match=r"no \[tool.pyconcepts-lint\] table"):
        load(str(tmp_path), file=empty)


def test_the_command_line_wins(tmp_path: Path) -> None:
    write(
        tmp_path / "pyproject.toml",
        "[tool.pyconcepts-lint]\n"
        "select = ['PCL1']\nextend-select = ['PCL3']\nignore = ['PCL101', 'PCL2']\nfix = true\n",
    )
    path = str(tmp_path / "m.py")
    assert load(path, {"fix": False}).fix is False
    assert load(path, {"ignore": ["PCL102"]}).selects("PCL101", True)
    narrowed = load(path, {"select": ["PCL2"]})
    assert narrowed.selects("PCL201", True)
    assert not narrowed.selects("PCL101", True)
    assert not narrowed.selects("PCL301", True)
    # A code that is more exact than what the command line selects stays ignored.
    assert not load(path, {"select": ["PCL1"]}).selects("PCL101", True)
    assert load(path, {"extend_select": ["PCL101"]}).selects("PCL101", True)


def test_a_mistake_on_the_command_line_names_the_option() -> None:
    with pytest.raises(SettingsError, match="`--extend-select` must be a list of codes") as caught:
        load(ROOT, {"extend_select": ["what?"]})
    assert caught.value.path is None


@pytest.mark.parametrize(
    ("settings", "on", "off"),
    [
        (Settings(ROOT), True, False),
        (Settings(ROOT, select=()), False, False),
        (Settings(ROOT, select=("PCL",)), True, True),
        (Settings(ROOT, select=("ALL",)), True, True),
        (Settings(ROOT, select=("PCL2",)), False, False),
        (Settings(ROOT, select=("PC",)), True, True),
        (Settings(ROOT, extend_select=("PCL1",)), True, True),
        (Settings(ROOT, extend_select=("PCL2",)), True, False),
        (Settings(ROOT, select=("PCL2",), extend_select=("PCL101",)), True, True),
        (Settings(ROOT, ignore=("PCL1",)), False, False),
        (Settings(ROOT, ignore=("ALL",)), False, False),
        (Settings(ROOT, extend_ignore=("PCL101",)), False, False),
        (Settings(ROOT, ignore=("PCL1010",)), True, False),
        (Settings(ROOT, select=("PCL1",), ignore=("PCL",)), True, True),
        (Settings(ROOT, select=("PCL",), ignore=("PCL1",)), False, False),
        (Settings(ROOT, select=("PCL1",), ignore=("PCL1",)), False, False),
        (Settings(ROOT, extend_select=("PCL101",), ignore=("PCL1",)), True, True),
    ],
)
def test_the_longest_prefix_decides(settings: Settings, on: bool, off: bool) -> None:
    assert settings.selects("PCL101", on_by_default=True) is on
    assert settings.selects("PCL101", on_by_default=False) is off


def test_code_matches_by_prefix() -> None:
    assert code_matches("PCL101", ["X", "PCL1"])
    assert code_matches("PCL101", ["ALL"])
    assert not code_matches("PCL101", ["PCL1011", "PCL2"])
    assert not code_matches("PCL101", [])


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("m.py", ["m.py", "a/m.py"], ["xm.py", "m.pyx", "a/xm.py", "m.py/x"]),
        ("m_*.py", ["m_1.py", "a/m_.py"], ["m_a/b.py", "xm_1.py"]),
        ("tests", ["tests", "a/tests"], ["tests2", "mytests", "tests/m.py"]),
        ("tests/", ["tests", "a/tests"], ["tests.py", "tests/m.py"]),
        ("tests/*", ["tests/m.py", "tests/a/m.py"], ["a/tests/m.py", "tests"]),
        ("./tests/*", ["tests/m.py"], ["a/tests/m.py"]),
        ("tests/*.py", ["tests/m.py", "tests/a/m.py"], ["tests/m.pyi"]),
        ("a/b", ["a/b"], ["x/a/b", "a/bc", "a", "a/b/m.py"]),
        ("**/b/*.py", ["b/m.py", "x/y/b/m.py"], ["xb/m.py"]),
        ("a/**/m.py", ["a/m.py", "a/x/m.py", "a/x/y/m.py"], ["am.py", "a/xm.py"]),
        ("a/**", ["a/m.py", "a/x/m.py"], ["b/m.py", "a"]),
        ("a**.py", ["a.py", "x/ab.py"], ["b.py", "a/b.py"]),
        ("x/a**.py", ["x/a.py", "x/a/b.py"], ["a/b.py"]),
        ("a?.py", ["ab.py"], ["a.py", "abc.py", "a/b"]),
        ("[ab].py", ["a.py", "b.py"], ["c.py", "ab.py"]),
        ("[!a].py", ["b.py"], ["a.py"]),
        ("[a-c^].py", ["b.py", "^.py"], ["d.py"]),
        ("[!].py", ["!.py"], ["a.py"]),
        ("[].py", ["[].py"], ["a.py"]),
        ("[a.py", ["[a.py"], ["a.py"]),
        ("{a,b*}.py", ["a.py", "bc.py"], ["c.py", "{a,b*}.py"]),
        ("{a,b}/m.py", ["a/m.py", "b/m.py"], ["c/m.py"]),
        ("{a.py", ["{a.py"], ["a.py"]),
        ("a+(b).py", ["a+(b).py"], ["aab.py"]),
        (os.path.join(ROOT, "a", "*.py"), ["a/m.py"], ["b/a/m.py"]),
    ],
)
def test_patterns_match_as_in_flake8_and_ruff(
    pattern: str, matching: list[str], other: list[str]
) -> None:
    for path in matching:
        assert path_matches(os.path.join(ROOT, *path.split("/")), ROOT, (pattern,)), path
    for path in other:
        assert not path_matches(os.path.join(ROOT, *path.split("/")), ROOT, (pattern,)), path


def test_patterns_say_nothing_about_what_is_above_the_root() -> None:
    root = os.path.join(ROOT, "build", "here")
    excluding = Settings(root, exclude=("build", "here", "h*"))
    assert not excluding.excludes_below(os.path.join(root, "m.py"))
    assert excluding.excludes_below(os.path.join(root, "here", "m.py"))
    outside = os.path.join(ROOT, "build", "m.py")
    assert not path_matches(outside, root, ("build",))
    assert path_matches(outside, root, ("m.*",))
    assert not path_matches(root + "after", root, ("after", "*/after"))


def test_patterns_work_below_the_root_of_the_file_system() -> None:
    assert path_matches(os.path.join(os.sep, "a", "m.py"), os.sep, ("a/m.py",))
    assert Settings(os.sep, exclude=("a",)).excludes_below(os.path.join(os.sep, "a", "m.py"))


def test_per_file_ignores_take_codes_out_of_files() -> None:
    settings = Settings(
        ROOT,
        per_file_ignores=(
            ("tests/*", ("PCL1",)),
            ("!src/*", ("PCL2",)),
            ("m.py", ("ALL",)),
            ("legacy", ("PCL7",)),
        ),
    )

    def ignored(path: str, code: str) -> bool:
        return settings.ignored_in(os.path.join(ROOT, *path.split("/")), code)

    assert ignored("tests/a.py", "PCL101")
    assert ignored("pkg/legacy/sub/a.py", "PCL701")
    assert not ignored("pkg/a.py", "PCL701")
    assert not ignored("src/a.py", "PCL101")
    assert not ignored("tests/a.py", "PCL301")
    assert ignored("tests/a.py", "PCL201")
    assert not ignored("src/a.py", "PCL201")
    assert ignored("src/m.py", "PCL301")


@pytest.mark.parametrize("name", ["build", "dist", "venv", "_build"])
def test_a_package_is_no_build_output(tmp_path: Path, name: str) -> None:
    inside = write(tmp_path / "pkg" / name / "m.py")
    directory = os.path.dirname(inside)
    settings = Settings(str(tmp_path))
    assert settings.excludes(directory)
    assert settings.excludes_below(inside)
    write(tmp_path / "pkg" / name / "__init__.py")
    assert not settings.excludes(directory)
    assert not settings.excludes_below(inside)
    assert settings.excludes(os.path.join(directory, "__pycache__"))
    assert settings._replace(exclude=(name,)).excludes(directory)
    assert settings._replace(extend_exclude=(name,)).excludes(directory)


def test_excludes_of_flake8_are_excluded() -> None:
    from flake8.defaults import EXCLUDE

    assert {*EXCLUDE} <= {*DEFAULT_EXCLUDE}


def test_loading_imports_only_what_it_needs(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[project]\nname = 'x'\n")
    code = (
        "import sys; from pyconcepts_lint.base.settings import Configuration; Configuration().for_path(sys.argv[1]).selects('P', True)\n"
        "print(sorted({'dataclasses', 'inspect', 'tomli', 'difflib', 'tokenize'} & {*sys.modules}))"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    done = subprocess.run(
        [sys.executable, "-S", "-c", code, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"

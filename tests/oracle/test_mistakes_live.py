"""PCL301, 303, 503, 507 and 607 against CPython, in real code with the mistake put into it.

Real code hardly ever has these mistakes. So they are made: properties get setters in subclasses,
class attributes go into `__slots__`, any function becomes a `__new__` or a `__get__`. What the
rules then say is compared with what Python does, or with what its compiler makes of it.
"""

from __future__ import annotations

import ast
import copy as copy_module
import dis
import random
import re
import types
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from oracle import module_name
from test_class_attributes_live import DJANGO, STANDARD_LIBRARY, copy, installed, modules
from test_slots_live import ask, models_of

from pyconcepts_lint.base.finding import Finding
from pyconcepts_lint.index.kinds import AttributeKind
from pyconcepts_lint.index.model import SourceClass
from pyconcepts_lint.testing import lint_paths as run

SOME_OF_IT = ("_collections_abc.py", "enum.py", "fractions.py", "ipaddress.py", "string.py")
SOME_OF_IT += ("threading.py", "typing.py")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
MOST_NAMES = 4
Ask = Callable[[list[tuple[str, str]]], list[str | None]]

__all__ = ["installed"]


class Sources(NamedTuple):
    """Modules below `root`, and a way to run programs beside them."""

    root: Path
    files: list[Path]
    scratch: Path
    run: Ask

    def lint(self, texts: dict[str, str], code: str, *, fix: bool = False) -> Any:
        """What is said of files with these texts, beside the modules: by name and line, or with
        `fix` the fixed texts."""
        project = self.scratch / code
        project.mkdir(exist_ok=True)
        for entry in {file.relative_to(self.root).parts[0] for file in self.files}:
            if not (project / entry).exists():
                (project / entry).symlink_to(self.root / entry)
        (project / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
        for name, text in texts.items():
            (project / name).write_text(text, encoding="utf-8")
        overrides = {"no_cache": True, "select": (code,)}
        paths = [str(project / name) for name in texts]
        report = run(paths, overrides=overrides, jobs=1, fix=fix)
        assert report.errors == []
        if fix:
            return {name: (project / name).read_text(encoding="utf-8") for name in texts}
        return {(Path(f.path).name, f.line): f for f in report.findings}


def sources(
    root: Path, files: list[Path], scratch: Path, path: Iterable[str] = (), prelude: str = ""
) -> Sources:
    def ask_live(programs: list[tuple[str, str]]) -> list[str | None]:
        task = {"path": [*path], "prelude": prelude, "programs": programs}
        return ask(scratch, "live_programs.py", **task)  # type: ignore[return-value]

    return Sources(root, files, scratch, ask_live)


def parsed(file: Path) -> tuple[str, ast.Module]:
    text = file.read_text(encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return text, ast.parse(text)


def check(found: Sources, choose: random.Random) -> Counter[str]:
    counts: Counter[str] = Counter()
    for part in (inherited_setters, conflicting_slots, functions_as_new, functions_as_hooks):
        counts += part(found)
    return counts + metaclasses_in_bodies(found, choose)


def importable(found: Sources) -> dict[str, SourceClass]:
    """The classes that a `from` import can name."""
    return {
        key: model
        for key, model in models_of(found.root, found.files).items()
        if re.fullmatch(r"[a-zA-Z_]\w*(?:\.[a-zA-Z_]\w*)*:\w+", key)
    }


def inherited_setters(found: Sources) -> Counter[str]:
    """PCL507: `@x.setter` below each class, for the properties and some other attributes."""
    texts: dict[str, str] = {}
    programs: list[tuple[str, str]] = []
    for key, model in importable(found).items():
        module, _, qualname = key.partition(":")
        lookups = {name: model.lookup(name) for name in sorted(model.names_on_mro)}
        kinds = {name: a.kind for name, a in lookups.items() if a is not None}
        properties = [name for name, kind in kinds.items() if kind == AttributeKind.PROPERTY]
        for name in (properties + [n for n in kinds if kinds[n] != AttributeKind.PROPERTY])[
            :MOST_NAMES
        ]:
            if name.isidentifier() and not name.startswith("__"):
                text = (
                    f"class Made({qualname}):\n"
                    f"    @{name}.setter\n    def {name}(self, value): pass\n"
                )
                texts[f"g{len(texts)}.py"] = f"from {module} import {qualname}\n{text}"
                programs.append((module, f"class {name}: pass\ndel {name}\n{text}"))
    said = found.lint(texts, "PCL507")
    counts: Counter[str] = Counter()
    for (name, text), raised in zip(texts.items(), found.run(programs), strict=True):
        if raised is None or f"{text.split()[3]!r} is not defined" in raised:
            continue  # no such module, or no such class in it
        fails = raised.startswith("NameError: name ")
        if (name, 3) in said:
            assert fails, (text, raised)
            counts["PCL507"] += 1
        else:
            counts["PCL507 silent"] += fails
    return counts


def conflicting_slots(found: Sources) -> Counter[str]:
    """PCL607: each class gets `__slots__` with the first name in it that can be a slot."""
    texts: dict[str, str] = {}
    programs: dict[tuple[str, str, int], tuple[str, str]] = {}
    for file in found.files:
        text, tree = parsed(file)
        lines = text.split("\n")
        module = module_name(file, found.root)
        inserted = 0
        for node in tree.body:
            name = _first_name(node) if isinstance(node, ast.ClassDef) else ""
            if not name or not isinstance(node, ast.ClassDef):
                continue
            first = node.body[0]
            line = min([first.lineno, *(d.lineno for d in getattr(first, "decorator_list", ()))])
            slots = " " * first.col_offset + f"__slots__ = ({name!r},)"
            lines.insert(line - 1 + inserted, slots)
            start, end = node.lineno - 1 + inserted, (node.end_lineno or 0) + inserted + 1
            inserted += 1
            generated = f"g{len(texts)}.py"
            programs[generated, name, start] = module, "\n".join(lines[start:end])
        if inserted:
            texts[f"g{len(texts)}.py"] = "\n".join(lines)
    findings: dict[tuple[str, int], Finding] = found.lint(texts, "PCL607")
    counts: Counter[str] = Counter()
    for (key, program), raised in zip(
        programs.items(), found.run([*programs.values()]), strict=True
    ):
        if raised is None or raised.startswith("NameError"):
            continue  # no such module, or no such name left in it
        file_name, name, start = key
        end = start + program[1].count("\n") + 1
        is_said = any(file_name == other and start < n <= end for other, n in findings)
        fails = f"ValueError: {name!r} in __slots__ conflicts with class variable" == raised
        if is_said:
            assert fails, (program, raised)
            counts["PCL607"] += 1
        else:
            counts["PCL607 silent"] += fails
            counts["PCL607 rightly silent"] += not fails
    return counts


def _first_name(node: ast.ClassDef) -> str:
    """A name that the class body binds; "" where it stands on the line of the header, or has
    `__slots__` already."""
    if node.body[0].lineno == node.lineno or "__slots__" in ast.dump(node):
        return ""
    names = [part.name for part in node.body if isinstance(part, FUNCTIONS)]
    names += [
        target.id
        for part in node.body
        if isinstance(part, ast.Assign)
        for target in part.targets
        if isinstance(target, ast.Name)
    ]
    return next((name for name in names if not name.startswith("__")), "")


def functions_as_new(found: Sources) -> Counter[str]:
    """PCL303: each function as the `__new__` of a class of its own at the end of its module."""
    texts: dict[str, str] = {}
    functions: dict[tuple[str, int], ast.FunctionDef] = {}
    for file in found.files:
        text, tree = parsed(file)
        lines = text.split("\n")
        name = f"n{len(texts)}.py"
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and not _is_stub(node):
                new = copy_module.deepcopy(node)
                new.name, new.decorator_list, new.returns = "__new__", [], None
                written = ast.unparse(new).split("\n")
                lines += [f"class Made{len(lines)}:", *("    " + line for line in written)]
                line = len(lines) - len(written) + 1
                functions[name, line] = ast.parse("\n".join(written)).body[0]  # type: ignore[assignment]
        texts[name] = "\n".join(lines) + "\n"
    findings: dict[tuple[str, int], Finding] = found.lint(texts, "PCL303")
    counts: Counter[str] = Counter()
    for place, function in functions.items():
        ends, nones = _returned_by_bytecode(function)
        finding = findings.get(place)
        if finding is None:
            counts["PCL303 silent"] += ends or bool(nones)
            continue
        line = re.search(r"returns None on line (\d+)", finding.message)
        is_so = int(line[1]) - place[1] + 1 in nones if line else ends
        assert is_so, (finding.message, ast.unparse(function))
        counts["PCL303"] += 1
    return counts


def _is_stub(node: ast.FunctionDef) -> bool:
    return any(
        isinstance(part, (ast.Yield, ast.YieldFrom, ast.Await, ast.Nonlocal))
        for part in ast.walk(node)
    )


def _returned_by_bytecode(function: ast.FunctionDef) -> tuple[bool, set[int]]:
    """Does the compiler let a function come to its end, and on which of its lines may `return`
    give None? It leaves out what can't be reached."""
    marked = copy_module.deepcopy(function)
    waiting: list[ast.AST] = list(marked.body)
    for node in waiting:
        if isinstance(node, ast.Return):
            is_none = node.value is None or (
                isinstance(node.value, ast.Constant) and node.value.value is None
            )
            mark = ast.Constant(f"None on line {node.lineno}" if is_none else "a value")
            node.value = ast.copy_location(mark, node)
        elif not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            waiting.extend(ast.iter_child_nodes(node))
    module = compile(ast.fix_missing_locations(ast.Module([marked], [])), "marked", "exec")
    code = next(c for c in _codes(module) if c.co_name == "__new__")
    instructions = list(dis.get_instructions(code))
    constants = {
        before.argval
        for before, after in pairwise(instructions)
        if after.opname == "RETURN_VALUE" and before.opname == "LOAD_CONST"
    }
    constants |= {part.argval for part in instructions if part.opname == "RETURN_CONST"}
    constants |= {part.argval for part in instructions if part.opname == "LOAD_CONST"} - {None}
    lines = (re.fullmatch(r"None on line (\d+)", str(value)) for value in constants)
    return None in constants, {int(line[1]) for line in lines if line}


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield constant


def functions_as_hooks(found: Sources) -> Counter[str]:
    """PCL503: the parameters of each function as those of the methods of a descriptor."""
    uses = {"__get__": "made.x", "__set__": "made.x = 1", "__delete__": "del made.x"}
    uses["__set_name__"] = ""
    parameters: dict[str, None] = {}
    for file in found.files:
        for node in ast.walk(parsed(file)[1]):
            if isinstance(node, FUNCTIONS):
                args = copy_module.deepcopy(node.args)
                args.defaults = [ast.Constant(0) for _ in args.defaults]
                args.kw_defaults = [part and ast.Constant(0) for part in args.kw_defaults]
                for part in ast.walk(args):
                    if isinstance(part, ast.arg):
                        part.annotation = None
                parameters[ast.unparse(args)] = None
    lines: list[str] = []
    raised: dict[int, str] = {}
    for written in parameters:
        for hook, use in uses.items():
            text = [f"class D{len(lines)}:", f"    def {hook}({written}): pass"]
            program = [*text, f"class C: x = D{len(lines)}()", "made = C()", use]
            lines += text
            raised[len(lines)] = ""
            try:
                exec("\n".join(program), {})
            except (TypeError, RuntimeError) as error:
                raised[len(lines)] = str(error.__cause__ or error)
    findings: dict[tuple[str, int], Finding] = found.lint(
        {"hooks.py": "\n".join(lines) + "\n"}, "PCL503"
    )
    counts: Counter[str] = Counter()
    for line, message in raised.items():
        finding = findings.get(("hooks.py", line))
        assert (finding is not None) == bool(message), lines[line - 1]
        if finding is not None:
            assert finding.message.endswith(message), (lines[line - 1], finding.message)
        counts["PCL503" if message else "PCL503 rightly silent"] += 1
    return counts


def metaclasses_in_bodies(found: Sources, choose: random.Random) -> Counter[str]:
    """PCL301: a `__metaclass__` in classes below the real ones, which makes an attribute; what its
    safe fix makes of it is a class of that metaclass."""
    models = importable(found)
    metaclasses = [
        key
        for key, model in models.items()
        if any(base.full_name == "builtins.type" for base in model.mro or ())
    ]
    bases = sorted(models)
    if not metaclasses:
        return Counter()
    texts: dict[str, str] = {}
    for number in range(10 * len(metaclasses) + 50):
        (module, name), (other, metaclass) = (
            key.split(":") for key in (choose.choice(bases), choose.choice(metaclasses))
        )
        texts[f"m{number}.py"] = (
            f"from {module} import {name}\nfrom {other} import {metaclass}\n"
            f"class Made({name}):\n    __metaclass__ = {metaclass}\n"
        )
    said = found.lint(texts, "PCL301")
    fixed = found.lint(texts, "PCL301", fix=True)
    claim = "if Made.__metaclass__ is not {0} or type(Made) is not type({1}): raise SystemExit"
    plain, done = [], []
    for text in texts.values():
        name, metaclass = re.findall(r"import (\w+)", text)
        plain.append(("", text + claim.format(metaclass, name)))
    for text in fixed.values():
        metaclass = re.findall(r"import (\w+)", text)[1]
        done.append(("", text + f"if not isinstance(Made, {metaclass}): raise SystemExit"))
    counts: Counter[str] = Counter()
    answers = zip(texts, found.run(plain), found.run(done), strict=True)
    for name, before, after in answers:
        assert (name, 4) in said
        if before:
            counts["PCL301 unusable"] += 1  # no base, or with a metaclass that asks for more
            assert "SystemExit" not in before, texts[name]
            continue
        counts["PCL301"] += 1
        if fixed[name] != texts[name]:
            counts["PCL301 fixed"] += 1
            assert after is not None
            assert "metaclass conflict" not in after, fixed[name]
            assert "SystemExit" not in after, fixed[name]
    return counts


def test_some_of_the_standard_library_with_mistakes(tmp_path: Path) -> None:
    files = [file for name in SOME_OF_IT for file in modules(STANDARD_LIBRARY / name)]
    root = tmp_path / "lib"
    found = sources(root, copy(files, STANDARD_LIBRARY, root), tmp_path)
    counts = check(found, random.Random(1))
    assert min(counts[code] for code in ("PCL301", "PCL303", "PCL503", "PCL507", "PCL607")) > 20


@pytest.mark.corpus
def test_the_whole_standard_library_with_mistakes(tmp_path: Path) -> None:
    tops = [path for path in STANDARD_LIBRARY.iterdir() if path.is_dir() or path.suffix == ".py"]
    files = [file for top in tops for file in modules(top)]
    root = tmp_path / "lib"
    found = sources(root, copy(files, STANDARD_LIBRARY, root), tmp_path)
    print(check(found, random.Random(1)))


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("packages", "prelude"),
    [
        (("attr", "attrs", "click", "requests", "rich", "urllib3", "werkzeug"), ""),
        (("billiard", "celery", "docutils", "kombu", "tornado", "vine"), ""),
        (("sqlalchemy",), ""),
        (("django",), DJANGO),
    ],
    ids=["small", "large", "sqlalchemy", "django"],
)
def test_installed_packages_with_mistakes(
    installed: Path, tmp_path: Path, packages: tuple[str, ...], prelude: str
) -> None:
    files = [file for name in packages for file in modules(installed / name)]
    found = sources(installed, files, tmp_path, [str(installed)], prelude)
    print(check(found, random.Random(1)))

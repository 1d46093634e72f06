"""PCL410: each claim is compared with the TypeError that CPython raises there."""

from __future__ import annotations

import importlib
import inspect
import itertools
import random
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]


def error_of(text: str) -> str:
    """The TypeError that running a program ends in, as its traceback says it; "" for none."""
    try:
        exec(compile(text, "main.py", "exec"), {"__name__": "main"})
    except TypeError as error:
        return f"TypeError: {error}"
    except Exception:
        return ""
    return ""


def check(project: Project, text: str) -> None:
    (said,) = project(text).messages("PCL410")
    assert said.endswith(error_of(text))
    assert error_of(text)


C = """
class C:
    def __init__(self, a, b=1): pass
    def m(self, x): pass
    @classmethod
    def k(cls, x): pass
    @staticmethod
    def s(x): pass
class D(C):
    pass
"""
REFUSED = [
    "c = C\nc.m(1)",
    "def f():\n    c = D\n    return c.m(1)\nf()",
    "class S:\n    def __new__(cls, *args): return super().__new__(cls, *args)\n"
    "    def __init__(self, x): self.x = x\nS(1)",
    "class S:\n    def __new__(cls, *args, **kw): return super(S, cls).__new__(cls, *args, **kw)\n"
    "    def __init__(self, x): self.x = x\nS(x=1)",
    "class S:\n    def __new__(cls, *args): return object.__new__(cls, *args)\n"
    "    def __init__(self, x): self.x = x\nS(1)",
    "C()",
    "C(1, 2, 3)",
    "C(1, c=2)",
    "C(1, a=2)",
    "D()",
    "C(1).m()",
    "C(1).m(1, 2)",
    "D(1).m(1, y=2)",
    "c = C(1)\nc.m()",
    "c = C(1)\nc.k()",
    "c = C(1)\nc.s()",
    "C.k()",
    "C.k(1, 2)",
    "C.s(1, 2)",
    "D.s()",
    "C.m(1, 2, 3)",
    "C.m(C(1), y=2)",
    "def f():\n    c = D(1)\n    return c.m(1, 2)\nf()",
    "class E(C):\n    def __init__(self): super().__init__()\nE()",
    "class E(C):\n    def __init__(self): super(E, self).__init__(1, 2, 3)\nE()",
    "class E(C):\n    def __init__(self): C.__init__(self)\nE()",
    "class E(C):\n    def m(self): return super().m()\nE(1).m()",
    "class E(C):\n    @classmethod\n    def k(cls): return super().k()\nE.k()",
    "class E:\n    def __init__(self, x): super().__init__(x)\nE(1)",
    "class E:\n    def __init__(self, x): super().__init__(x=x)\nE(1)",
    "class E:\n    def __new__(cls, x): return super().__new__(cls, x)\nE(1)",
    "class E: pass\nE(1)",
    "class E(Exception):\n    def __init__(self, x): pass\nE()",
    "class E(dict):\n    def __init__(self, x): pass\nE()",
    "class E:\n    def __new__(cls, x): return object.__new__(cls)\nE()",
    "class E(C):\n    def n(self): return self.m()\nE(1).n()",
    "class E(C):\n    def n(self): return self.s(1, 2)\nE(1).n()",
    "class E(C):\n    @classmethod\n    def n(cls): return cls.k()\nE.n()",
    "class E(C):\n    def n(self): return self.__p(1)\n    def __p(self): pass\nE(1).n()",
    "class E(C):\n    def n(self): return [self.m() for _ in 'a']\nE(1).n()",
]
SOUND = [
    "c = C\nc.m(1, 2)",
    "c = C\nc = C(1)\nc.m(1)",
    "class S:\n    def __new__(cls, *args): return super().__new__(cls, *args)\nS()",
    "class S:\n    def __new__(cls, *args): return super().__new__(cls, *args)\n"
    "    def __init__(self, x=1): self.x = x\nS()",
    "class S:\n    def __new__(cls, *args, **kw): return super().__new__(cls, *args)\n"
    "    def __init__(self, x): self.x = x\nS(x=1)",
    "class S(int):\n    def __new__(cls, *args): return super().__new__(cls, *args)\n"
    "    def __init__(self, x): self.x = x\nS(1)",
    "class S:\n    def __new__(cls, x, *args): return super().__new__(cls, *args)\n"
    "    def __init__(self, x): self.x = x\nS(1)",
    "C(1)",
    "C(b=2, a=1)",
    "C(1).m(x=1)",
    "C.m(C(1), 1)",
    "C(*(1, 2))",
    "args = {'a': 1}\nC(**args)",
    "class E(C):\n    def __init__(self, *args): super().__init__(*args)\nE(1)",
    "class E(C):\n    def n(self): return self.m()\nclass F(E):\n    def m(self): pass\nF(1).n()",
    "class E(C):\n    def n(self): return self.m()\n    def m(self, x=1): pass\nE(1).n()",
    "c = C(1)\nc.m = lambda: 1\nc.m()",
    "C.m = lambda self: 1\nC(1).m()",
    "class E(C):\n    def __init__(self): self.m = print\n    def n(self): return self.m()\nE().n()",
    "class M(type):\n    def __call__(cls, *args): return 1\nclass E(C, metaclass=M): pass\nE()",
    "class E(C):\n    def __new__(cls, *args): return 1\nE()",
    "class E:\n    def __new__(cls, x): return object.__new__(cls)\nE(1)",
    "def deco(f): return lambda *args: 1\nclass E(C):\n    @deco\n    def m(self): pass\nE(1).m(1, 2)",
    "def deco(cls): return lambda: 1\n@deco\nclass E(C): pass\nE()",
    "from dataclasses import dataclass\n@dataclass\nclass E:\n    x: int = 1\nE(1)",
    "from typing import NamedTuple\nclass E(NamedTuple):\n    x: int = 1\nE(1)",
    "from enum import Enum\nclass E(Enum):\n    x = 1\nE(1)",
    "C = print\nC()",
    "from dataclasses import dataclass\n@dataclass\nclass A:\n    x: int\nclass E(A):\n"
    "    def __init__(self): super().__init__(1)\nE()",
    "from dataclasses import dataclass\n@dataclass\nclass A(C):\n    x: int\nclass E(A):\n"
    "    def __init__(self): A.__init__(self, x=1)\nE()",
    "def f(C=print): return C()\nf()",
    "c = C(1)\nc = print\nc()",
    "for c in (print, C):\n    c(1)",
    "class Mixin:\n    def n(self): return super().m()\nclass E(Mixin, C):\n    def m(self, x=1): pass",
    "class A:\n    def __init__(self, x): super().__init__(x)\nclass B:\n"
    "    def __init__(self, x): pass\nclass E(A, B): pass\nE(1)",
    "class E:\n    def __init__(self, x): super().__init__()\nE(1)",
    "class E(Exception):\n    def __init__(self, x): super().__init__(x, 1)\nE(1)",
    "import functools\nclass E(C):\n    m = functools.partialmethod(C.m, 1)\nE(1).m()",
    "class E(C):\n    @property\n    def m(self): return print\nE(1).m()",
    "class E(C):\n    def __getattribute__(self, name): return print\nE(1).m()",
    "class E(C):\n    def n(self): raise NotImplementedError\nclass F(E):\n    def n(self, x): pass\nF(1).n(1)",
    "try:\n    C()\nexcept TypeError:\n    pass",
]


@pytest.mark.parametrize("use", REFUSED)
def test_what_is_reported_raises_that_very_type_error(project: Project, use: str) -> None:
    check(project, C + use + "\n")


@pytest.mark.parametrize("use", SOUND)
def test_what_works_is_left_alone(project: Project, use: str) -> None:
    assert project(C + use + "\n").lint("PCL410") == []
    assert error_of(C + use + "\n") == ""


def test_new_is_mended_to_pass_the_class_only(project: Project) -> None:
    text = (
        "class S:\n    def __new__(cls, *args, **kw):\n"
        "        return super().__new__(cls, *args, **kw)\n"
        "    def __init__(self, x):\n        self.x = x\nS(1)\nS(x=1)\n"
    )
    shop = project(text)
    assert "object.__new__() takes exactly one argument" in shop.run("main.py").stderr
    assert shop.fix("PCL410")["main.py"] == text
    assert "super().__new__(cls)\n" in shop.fix("PCL410", unsafe=True)["main.py"]
    assert shop.run("main.py").stderr == ""


def test_other_rules_keep_their_cases(project: Project) -> None:
    texts = {
        "PCL401": "class E:\n    def m(): pass\n    def n(self): return self.m()\nE().n()\n",
        "PCL402": "class E:\n    def m(self): pass\nE.m()\n",
        "PCL405": "class E:\n    m = lambda x: 1\n    def n(self): return self.m(1)\nE().n()\n",
        "PCL409": "class E:\n    def __init__(self): super().__init__(self)\nE()\n",
    }
    for code, text in texts.items():
        shop = project(text)
        assert shop.lint("PCL410") == []
        assert len(shop.lint(code)) == 1


def test_classes_of_other_modules_are_known(project: Project) -> None:
    files = {
        "shop.py": C,
        "main.py": "import shop\nfrom shop import D\nshop.C()\nD()\nshop.C.k()\nd = D(1)\nd.m()\n",
    }
    assert [line for _, line, _ in project(files).places("PCL410")] == [3, 4, 5, 7]


def test_a_base_that_is_not_known_may_take_anything(project: Project) -> None:
    text = "from nowhere import Base\nclass C(Base):\n    def m(self): pass\nC(1).m(2)\n"
    assert project(text).lint("PCL410") == []


def test_a_test_may_patch_the_method(project: Project) -> None:
    text = C + "def test(monkeypatch):\n    monkeypatch.setattr(C, 'm', print)\n    C(1).m()\n"
    assert project(text).lint("PCL410") == []


PARAMETERS = ["", "x", "x, y=1", "*xs", "x, /", "*, x", "x, *, y=1", "**xs", "x, *xs, y"]
PASSED = ["", "1", "1, 2", "x=1", "1, y=2", "y=1", "1, x=2"]
KINDS = [("", "self"), ("@classmethod", "cls"), ("@staticmethod", "")]
USES = ["{c}({a})", "{c}.m({a})", "x = {c}()\nx.m({a})", "{c}().n({a})"]


def programs() -> list[str]:
    made = []
    cases = list(itertools.product(PARAMETERS, PASSED, KINDS, USES, ["C", "D"], ["", "x=0"]))
    for parameters, passed, (kind, first), use, name, other in random.Random(410).sample(
        cases, 700
    ):
        signature = ", ".join(filter(None, (first, parameters)))
        override = f"    {kind}\n    def m({', '.join(filter(None, (first, other)))}): pass\n"
        made.append(
            f"class C:\n    {kind}\n    def m({signature}): pass\n"
            f"    def n(self, *a, **k): return self.m({passed})\n"
            f"class D(C):\n    pass\n{override if other else ''}"
            + use.format(c=name, a=passed)
            + "\n"
        )
    return made


def test_claims_of_generated_programs_come_true(project: Project) -> None:
    texts = programs()
    shop = project({f"m{number}.py": text for number, text in enumerate(texts)})
    said: dict[str, list[Any]] = {}
    for finding in shop.lint("PCL410"):
        said.setdefault(finding.path.rpartition("/")[2], []).append(finding)
    failing = found = 0
    for number, text in enumerate(texts):
        last = text.count("\n")
        error = error_of(text)
        messages = [f.message for f in said.get(f"m{number}.py", ()) if f.line == last]
        for message in messages:
            assert error, text
            assert message.endswith(error), text
        for finding in said.get(f"m{number}.py", ()):
            if finding.line != last:  # `self.m(…)` in `n`
                names: dict[str, Any] = {"__name__": "main"}
                exec(compile("\n".join(text.split("\n")[: last - 1]), "m", "exec"), names)
                with pytest.raises(TypeError, match=r"m\(\)"):
                    names["C"]().n()
        failing += bool(error) and ".n(" not in text.split("\n")[-2]
        found += bool(messages)
    assert found > 100
    assert found > failing * 0.8


STANDARD = ["shlex", "sched", "cmd", "code", "queue", "string", "textwrap", "trace", "pprint"]
STANDARD += ["calendar", "filecmp", "graphlib", "optparse", "plistlib", "difflib", "bdb"]


def test_claims_are_what_signatures_of_live_classes_say(project: Project) -> None:
    files: dict[str, str] = {}
    calls: list[tuple[str, Any, tuple[int, ...], dict[str, int]]] = []
    choose = random.Random(411)
    for name in STANDARD:
        module = importlib.import_module(name)
        files[f"own_{name}.py"] = inspect.getsource(module)
        for cls in [c for c in vars(module).values() if inspect.isclass(c)]:
            if cls.__module__ != name or cls.__name__.startswith("_") or type(cls) is not type:
                continue
            members = [m for m, value in vars(cls).items() if inspect.isfunction(value)]
            for member in [m for m in members if m != "__init__" and not m.startswith("__")][:8]:
                number = choose.randrange(6)
                keywords = {"zzz": 1} if choose.random() < 0.2 else {}
                passed = [*(["1"] * number), *(f"{key}=1" for key in keywords)]
                path = f"m{len(calls)}.py"
                files[path] = (
                    f"from own_{name} import {cls.__name__}\n"
                    f"{cls.__name__}.{member}({', '.join(['self', *passed])})\n"
                )
                calls.append((path, getattr(cls, member), (0, *range(number)), keywords))
    found = {f.path.rpartition("/")[2]: f.message for f in project(files).lint("PCL410")}
    refused = 0
    for path, function, arguments, keywords in calls:
        try:
            inspect.signature(function).bind(*arguments, **keywords)
            assert path not in found, files[path]
        except TypeError:
            refused += 1
    claimed = sum(path in found for path, *_ in calls)
    assert claimed > 100
    assert claimed > refused * 0.8


def test_a_module_of_the_project_may_be_called_like_a_standard_one(project: Project) -> None:
    shop = project(
        {
            "calendar.py": "class Day:\n    def __init__(self, number):\n        pass\n",
            "main.py": "from calendar import Day\n\nDay(1, 2)\n",
        }
    )
    assert shop.places("PCL410") == [("main.py", 3, 1)]
    assert "takes 2 positional arguments but 3 were given" in shop.run("main.py").stderr


def test_a_class_in_a_function_may_have_the_name_of_another(project: Project) -> None:
    shop = project(
        "class Day:\n    def end(self, hour):\n        pass\n\n\n"
        "def main():\n    class Day:\n        def end(self):\n            pass\n\n"
        "    day = Day()\n    day.end(1)\n\n\nmain()\n"
    )
    assert shop.places("PCL410") == [("main.py", 12, 5)]
    assert "takes 1 positional argument but 2 were given" in shop.run("main.py").stderr


def test_a_decorator_may_have_replaced_a_base(project: Project) -> None:
    shop = project(
        "def declarative():\n    def decorate(cls):\n        class Base(cls):\n"
        "            def __init__(self, **values):\n                vars(self).update(values)\n\n"
        "        return Base\n\n    return decorate\n\n\n"
        "@declarative()\nclass Base:\n    pass\n\n\n"
        "class Item(Base):\n    pass\n\n\nprint(Item(name='tea').name)\n"
    )
    assert shop.run("main.py").stdout == "tea\n"
    assert shop.places("PCL410") == []


def test_the_name_of_a_class_may_be_given_to_an_instance_of_it(project: Project) -> None:
    shop = project(
        "class Scale:\n    def __call__(self, weight):\n        return weight\n\n"
        "    def half(self, weight):\n        return weight / 2\n\n\n"
        "Scale = Scale()\n\n\n"
        "def weigh(weight):\n    return Scale(weight), Scale.half(weight)\n\n\nprint(weigh(4))\n"
    )
    assert shop.run("main.py").stdout == "(4, 2.0)\n"
    assert shop.places("PCL410") == shop.places("PCL402") == []


def test_another_name_means_the_class_that_was_there(project: Project) -> None:
    shop = project(
        "class Node:\n    def __init__(self, left, right):\n        pass\n\n\nPair = Node\n\n\n"
        "class Node:\n    def __init__(self):\n        pass\n\n\nPair(1, 2)\nNode()\nprint('built')\n"
    )
    assert shop.run("main.py").stdout == "built\n"
    assert shop.places("PCL410") == []


def test_a_call_is_reported_by_one_rule(project: Project) -> None:
    shop = project(
        "class _isNumber:\n    def normalize(self, x):\n        return float(x)\n\n\n"
        "class _isNone(_isNumber):\n    def normalize(self, x):\n"
        "        return x and _isNumber.normalize(x)\n\n\n_isNone().normalize(1)\n"
    )
    assert "missing 1 required positional argument: 'x'" in shop.run("main.py").stderr
    assert shop.places("PCL402") == [("main.py", 8, 22)]
    assert shop.places("PCL410") == []

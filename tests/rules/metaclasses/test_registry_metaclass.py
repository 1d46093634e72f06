"""PCL306: which metaclasses an `__init_subclass__` could replace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

CODE = "PCL306"
INIT = "    def __init__(cls, name, bases, namespace):\n"
NEW = "    def __new__(meta, name, bases, namespace):\n"
SUPER = "        super().__init__(name, bases, namespace)\n"
MADE = "        cls = super().__new__(meta, name, bases, namespace)\n"
NOTE = "        known.append(name)\n"
USE = "class Base(metaclass=Meta): pass\n"


def program(body: str, use: str = USE, header: str = "class Meta(type):") -> str:
    return f"known = []\n{header}\n{body}\n{use}"


@pytest.mark.parametrize(
    "body",
    [
        INIT + NOTE,
        INIT + SUPER + NOTE,
        INIT + "        super(Meta, cls).__init__(name, bases, namespace)\n" + NOTE,
        INIT + "        type.__init__(cls, name, bases, namespace)\n" + NOTE,
        INIT + "        if not hasattr(cls, 'registry'): cls.registry = {}\n"
        "        else: cls.registry[name] = cls\n" + SUPER,
        INIT + "        if 'x' not in namespace and bases: raise TypeError(name)\n",
        NEW + MADE + NOTE + "        return cls\n",
        "    registry = {}\n" + NEW + "        cls = type.__new__(meta, name, bases, namespace)\n"
        "        meta.registry[name] = cls\n        return cls\n",
        NEW + "        if 'x' in namespace: raise TypeError\n"
        "        return super().__new__(meta, name, bases, namespace)\n",
        "    'All that there are.'\n    __slots__ = ()\n" + INIT + NOTE,
        INIT + SUPER + NOTE + NEW + "        return type.__new__(meta, name, bases, namespace)\n",
    ],
)
def test_metaclasses_that_note_or_check(project: Callable[..., Any], body: str) -> None:
    text = program(body, USE.replace("pass", "x = 1") if "'x' not in" in body else USE)
    p = project(text)
    assert not p.run("main.py").stderr
    assert p.places(CODE) == [("main.py", 2, 1)]
    assert p.messages(CODE) == [
        "what `Meta` does with the classes that it makes, an `__init_subclass__` of the class at "
        "their top can do without a metaclass"
    ]


@pytest.mark.parametrize(
    "body",
    [
        "    pass\n",
        INIT + SUPER,
        INIT + "        pass\n",
        NEW + "        return super().__new__(meta, name, bases, namespace)\n",
        INIT + NOTE + "    def __call__(cls): return 1\n",
        INIT + NOTE + "    def __prepare__(*a): return {}\n",
        INIT + NOTE + "    def __iter__(cls): return iter(known)\n",
        INIT + NOTE + "    everything = property(lambda cls: known)\n",
        INIT + NOTE + "    __init__ = wrap(__init__)\n",
        "    @wrap\n" + INIT + NOTE,
        NEW + "        namespace['x'] = 1\n" + MADE + "        return cls\n",
        NEW + "        namespace.update(x=1)\n" + MADE + "        return cls\n",
        NEW + "        name = name.title()\n" + MADE + NOTE + "        return cls\n",
        NEW + "        bases += (dict,)\n" + MADE + NOTE + "        return cls\n",
        NEW + NOTE + "        return super().__new__(meta, name, bases, dict(namespace))\n",
        NEW + NOTE + "        return super().__new__(meta, name + '_', bases, namespace)\n",
        NEW + NOTE + "        return super().__new__(type, name, bases, namespace)\n",
        NEW + NOTE + "        return known[0]\n",
        NEW + "        cls = type(name, bases, namespace)\n" + NOTE + "        return cls\n",
        INIT + "        super().setup(name)\n",
        INIT + "        known.append(type(cls))\n",
        INIT + "        known.append(cls.__class__)\n",
        INIT + "        cls.__bases__ = (dict,)\n",
        INIT + "        def method(self): return name\n        cls.method = method\n",
        "    def __init__(cls, *args):\n        known.append(cls)\n",
    ],
)
def test_other_metaclasses_are_left_alone(project: Callable[..., Any], body: str) -> None:
    assert project(program(body)).lint(CODE) == []


@pytest.mark.parametrize(
    "header",
    [
        "class Meta(dict):",
        "class Meta(type, dict):",
        "class Meta(type, metaclass=type):",
        "class Meta(type, x=1):",
        "@wrap\nclass Meta(type):",
        "from elsewhere import type\nclass Meta(type):",
        "class Meta(unknown):",
        "class Meta(abc.ABCMeta):",
    ],
)
def test_headers(project: Callable[..., Any], header: str) -> None:
    assert project(program(INIT + NOTE, header=header)).lint(CODE) == []


@pytest.mark.parametrize(
    "use",
    [
        "",
        USE + "class Other(Meta): pass\n",
        USE + "print(isinstance(Base, Meta))\n",
        USE + "Made = Meta('Made', (), {})\n",
        USE + "__all__ = ['Base', 'Meta']\n",
        USE + "__all__ = make()\n",
        USE + "Meta = wrap(Meta)\n",
        USE + "def f(x: Meta): pass\n",
    ],
)
def test_other_uses(project: Callable[..., Any], use: str) -> None:
    assert project(program(INIT + NOTE, use)).lint(CODE) == []


@pytest.mark.parametrize(
    "other",
    ["from main import Meta", "from main import *", "import main\nprint(main.Meta)"],
)
def test_uses_in_other_modules(project: Callable[..., Any], other: str) -> None:
    text = program(INIT + NOTE)
    assert len(project({"main.py": text, "more.py": "import main\n"}).lint(CODE)) == 1
    assert project({"main.py": text, "more.py": other}).lint(CODE) == []


def test_python2_has_no_init_subclass(project: Callable[..., Any]) -> None:
    use = "class Base:\n    __metaclass__ = Meta\n"
    assert project("print 'x'\n" + program(INIT + NOTE, use)).lint(CODE) == []

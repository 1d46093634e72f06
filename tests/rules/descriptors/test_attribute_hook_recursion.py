"""PCL505, compared with what calling the hooks and accessors does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from endless import HYPOTHESIS, PRELUDE, blocks, counter, indented, recurs
from hypothesis import given
from hypothesis import strategies as st

CODE = "PCL505"

USES = {
    "__setattr__": ("self.x = 1", "self.x, y = 1, 2", "self.x += 1", "setattr(self, 'x', 1)"),
    "__delattr__": ("del self.x", "delattr(self, 'x')", "del (self.x), name"),
    "__getattribute__": ("self.x", "y = value and self.x", "getattr(self, 'x')", "YES or self.x"),
}
OTHERS = (
    *(
        "pass",
        "return object.{hook}(self, {given})",
        "raise KeyError",
        "y = 1",
        "assert name != 'x'",
    ),
    *("object.__getattribute__(self, '__dict__')", "{same}", "{same}", "lambda: self.x"),
)
SAME = {
    "__setattr__": "setattr(self, name, value)",
    "__delattr__": "delattr(self, name)",
    "__getattribute__": "getattr(self, name)",
}


@HYPOTHESIS
@given(data=st.data(), hook=st.sampled_from(sorted(USES)))
def test_reported_uses_recur_without_end(
    project: Callable[..., Any], data: st.DataObject, hook: str
) -> None:
    given_names = "name, value" if hook == "__setattr__" else "name"
    others = [text.format(hook=hook, given=given_names, same=SAME[hook]) for text in OTHERS]
    body = data.draw(blocks(st.sampled_from([*others, *USES[hook], *USES[hook]])))
    text = f"{PRELUDE}class C:\n    def {hook}(self, name, value=0):\n        COUNT()\n"
    text += indented(indented(body)) + "\n"
    findings = project(text).lint(CODE)
    namespace: dict[str, Any] = {"COUNT": counter()}
    exec(text, namespace)
    instance = namespace["C"]()
    object.__setattr__(instance, "x", 1)
    actions = {
        "__setattr__": lambda name: setattr(instance, name, 0),
        "__delattr__": lambda name: delattr(instance, name),
        "__getattribute__": lambda name: getattr(instance, name),
    }
    for finding in findings:
        names = (
            ("x",)
            if "name" not in finding.message
            else ("x", "y", "z", "value", "other", "_z", "__z")
        )
        if "__dict__" in finding.message:
            names = ("__dict__",)
        assert any(recurs(lambda name=name: actions[hook](name)) for name in names), finding.message


ACCESSORS = {
    "getter": (
        "@property",
        "return self.x",
        "y = self.x",
        "getattr(self, 'x')",
        "[y for y in self.x]",
    ),
    "setter": (
        "@x.setter",
        "self.x = value",
        "self.x = 1; y = 2",
        "setattr(self, 'x', value)",
        "self.x: int = 1",
    ),
    "deleter": (
        "@x.deleter",
        "del self.x",
        "delattr(self, 'x')",
        "del self.x, value",
    ),
}


@HYPOTHESIS
@given(data=st.data(), accessor=st.sampled_from(sorted(ACCESSORS)))
def test_reported_accessors_recur_without_end(
    project: Callable[..., Any], data: st.DataObject, accessor: str
) -> None:
    decorator, *uses = ACCESSORS[accessor]
    others = ["pass", "return", "raise KeyError", "value = 0", "lambda: self.x"]
    body = data.draw(blocks(st.sampled_from([*others, *uses, *uses])))
    text = f"{PRELUDE}class C:\n    _x = 1\n"
    if accessor != "getter":
        text += "    @property\n    def x(self): return 1\n"
    text += f"    {decorator}\n    def x(self, value=0):\n        COUNT()\n"
    text += indented(indented(body)) + "\n"
    findings = project(text).lint(CODE)
    namespace: dict[str, Any] = {"COUNT": counter(), "name": "x"}
    exec(text, namespace)
    instance = namespace["C"]()
    function = {"getter": "fget", "setter": "fset", "deleter": "fdel"}[accessor]
    if findings:
        call = getattr(namespace["C"].x, function)
        assert all(recurs(lambda given=given: call(instance, given)) for given in (0, 1))


def hooked(body: str, hook: str = "__setattr__", parameters: str = "self, name, value") -> str:
    return f"class C:\n    def {hook}({parameters}):\n{indented(indented(body))}\n"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (hooked("self.x = value"), ["`self.x = …` in `C.__setattr__` calls `__setattr__` again"]),
        (
            hooked("if name in ('a', 'b'):\n    setattr(self, name, value)"),
            ["`setattr(self, name, value)` in `C.__setattr__` calls `__setattr__` again"],
        ),
        (
            hooked("self.__setattr__(name, value)"),
            ["`self.__setattr__(name, value)` in `C.__setattr__` calls `__setattr__` again"],
        ),
        (
            hooked("del me.x, me.y", "__delattr__", "me, name"),
            [
                "`del me.x` in `C.__delattr__` calls `__delattr__` again",
                "`del me.y` in `C.__delattr__` calls `__delattr__` again",
            ],
        ),
        (
            hooked("return self.__dict__[name]", "__getattribute__", "self, name"),
            ["`self.__dict__` in `C.__getattribute__` calls `__getattribute__` again"],
        ),
        (
            hooked("return vars(self)[name]", "__getattribute__", "self, *names"),
            ["`vars(self)` in `C.__getattribute__` calls `__getattribute__` again"],
        ),
        (
            hooked("self.count += 1", "__getattribute__", "self, name"),
            ["`self.count += 1` in `C.__getattribute__` calls `__getattribute__` again"],
        ),
        (
            "class C:\n    def get(self):\n        return self.x\n    x = property(get)\n",
            ["`self.x` in the getter of `C.x` calls that getter again"],
        ),
        (
            "class C:\n    @property\n    def x(self): pass\n    @x.setter\n"
            "    def x(self, value):\n        self.x = value\n",
            ["`self.x = …` in the setter of `C.x` calls that setter again"],
        ),
        (
            hooked("name = '_' + name\nsetattr(self, name, value)"),
            ["`setattr(self, name, value)` in `C.__setattr__` calls `__setattr__` again"],
        ),
        (
            hooked("setattr(self, f'_{name}', value)"),
            ["`setattr(self, f'_{name}', value)` in `C.__setattr__` calls `__setattr__` again"],
        ),
        (
            hooked("delattr(self, KEYS[name])", "__delattr__", "self, name"),
            ["`delattr(self, KEYS[name])` in `C.__delattr__` calls `__delattr__` again"],
        ),
        (
            hooked("print(name)\nreturn getattr(self, name)", "__getattr__", "self, name"),
            [
                "`getattr(self, name)` in `C.__getattr__`, which found no such attribute, "
                "calls it again"
            ],
        ),
        (
            "class C:\n    @property\n    def __x(self):\n        return self.__x\n",
            ["`self.__x` in the getter of `C._C__x` calls that getter again"],
        ),
    ],
)
def test_messages_say_what_calls_itself(
    project: Callable[..., Any], text: str, messages: list[str]
) -> None:
    found = project(text).messages(CODE)
    assert found == [f"{message}, without end: RecursionError" for message in messages]


@pytest.mark.parametrize(
    "text",
    [
        hooked("super().__setattr__(name, value)"),
        hooked("object.__setattr__(self, 'x', value)"),
        hooked("self.__dict__[name] = value"),
        hooked("self.x[name] = value"),
        hooked("if name[0] == '_':\n    return\nsetattr(self, '_' + name, value)"),
        hooked("self.load()\nreturn getattr(self, name)", "__getattr__", "self, name"),
        hooked("return getattr(self, '_' + name)", "__getattr__", "self, name"),
        hooked("return getattr(self, name)", "__getattr__", "self, name").replace("C:", "C(B):"),
        hooked("if name == 'x':\n    return 1\nreturn getattr(self.x, name)", "__getattr__"),
        hooked("other.x = value"),
        hooked("if name == 'x':\n    return\nself.x = value"),
        hooked("if name != 'x':\n    self.x = value"),
        hooked(
            "if name.startswith('_'):\n    object.__setattr__(self, name, value)\n    return\nself._x = 1"
        ),
        hooked("if check(name):\n    return\nself.x = value"),
        hooked("if check(name):\n    self.x = value"),
        hooked("if not hasattr(self, 'x'):\n    self.x = value"),
        hooked("if isinstance(value, str):\n    setattr(self, name, value)"),
        hooked("try:\n    self.x = value\nexcept RecursionError:\n    pass"),
        hooked("def later():\n    self.x = value"),
        hooked("self = other\nself.x = value"),
        hooked("self.x: int"),
        hooked("self.__class__ = Other\nself.x = value"),
        hooked("yield\nself.x = value"),
        "def setattr(*args): pass\n" + hooked("setattr(self, name, value)"),
        hooked("self.x = value").replace("    def", "    @unknown\n    def"),
        "@unknown\n" + hooked("self.x = value"),
        hooked("self.x = value").replace("class C", "class C(metaclass=Unknown)"),
        hooked("self.x = value") + "    __setattr__ = object.__setattr__\n",
        "if PY2:\n" + indented(hooked("self.x = value")),
        hooked("return object.__getattribute__(self, 'x')", "__getattribute__", "self, name"),
        hooked("return type(self).x", "__getattribute__", "self, name"),
        hooked("self.x = 1", "__getattribute__", "self, name"),
        hooked("self.x", "__setattr__"),
        hooked("self.x = 1", "__getattr__", "self, name"),
        "class C:\n    @property\n    def x(self):\n        return self._x\n",
        "class C:\n    @property\n    def x(self):\n        return other.x\n",
        "class C:\n    @property\n    def x(self):\n        if self._x:\n            return 1\n        return self.x\n",
        "class C:\n    @property\n    def x(self):\n        return lambda: self.x\n",
        "class C:\n    @property\n    def x(self):\n        return super().x\n",
        "class C(Unknown):\n    @property\n    def x(self):\n        return self.x\n",
        "class C:\n    @functools.cached_property\n    def x(self):\n        self.x = 1\n        return self.x\n",
        "class C:\n    @property\n    def x(self):\n        return self.x\n    x = 1\n",
        "class C:\n    @property\n    def x(self):\n        return 1\n    @x.setter\n"
        "    def put(self, value):\n        self.x = value\n",
        "class C:\n    @property\n    def x(self):\n        return self.x\n"
        "    def __getattribute__(self, name):\n        return 1\n",
        "class C:\n    def __delattr__(self, name):\n        if name != 'x':\n"
        "            if name == 'x':\n                delattr(self, name)\n",
        "class C:\n    def __delattr__(self, name):\n        if name in KNOWN:\n"
        "            if name not in KNOWN:\n                delattr(self, name)\n",
        "class C:\n    def __setattr__(self, name, value):\n        try:\n            while True:\n"
        "                value.next()\n        except StopIteration:\n            return\n"
        "        self.x = value\n",
    ],
)
def test_what_ends_is_left_alone(project: Callable[..., Any], text: str) -> None:
    assert project(text).lint(CODE) == []


@pytest.mark.parametrize(
    ("hook", "before", "after"),
    [
        ("__setattr__", "self.x = 1", 'super().__setattr__("x", 1)'),
        ("__setattr__", "self . x=1 ,  2 # two", 'super().__setattr__("x", (1 ,  2)) # two'),
        ("__setattr__", "self.__x = (1)", 'super().__setattr__("_C__x", (1))'),
        (
            "__setattr__",
            "self.x = \\\n  [i\n  for i in value]",
            'super().__setattr__("x", [i\n  for i in value])',
        ),
        ("__setattr__", "setattr(self, 'x', value)", "super().__setattr__('x', value)"),
        (
            "__setattr__",
            "setattr( self,\n name, # why\n value)",
            "super().__setattr__(name, # why\n value)",
        ),
        ("__setattr__", "self.__setattr__(name, value)", "super().__setattr__(name, value)"),
        ("__delattr__", "del self.x", 'super().__delattr__("x")'),
        ("__delattr__", "delattr(self, name)", "super().__delattr__(name)"),
        ("__getattribute__", "return self.x.y()", 'return super().__getattribute__("x").y()'),
        ("__getattribute__", "return getattr(self, name)", "return super().__getattribute__(name)"),
        ("__setattr__", "self.x = y = 1", None),
        ("__setattr__", "self.x, y = 1, 2", None),
        ("__setattr__", "self.x += 1", None),
        ("__setattr__", "self.x: int = 1", None),
        ("__setattr__", "for y in [self.x for self.x in (1,)]: pass", None),
        ("__delattr__", "del self.x, name", None),
        ("__getattribute__", "return getattr(self, name, None)", None),
        ("__getattribute__", "return hasattr(self, 'x')", None),
        ("__setattr__", "super = 1\nself.x = 1", None),
    ],
)
def test_fix_calls_the_next_class(
    project: Callable[..., Any], hook: str, before: str, after: str | None
) -> None:
    parameters = {"__setattr__": "self, name, value"}.get(hook, "self, name")
    text = hooked(before, hook, parameters)
    p = project(text)
    assert p.fix(CODE)["main.py"] == text
    wanted = text if after is None else hooked(after, hook, parameters)
    assert p.fix(CODE, unsafe=True)["main.py"].split() == wanted.split()


def test_fixed_program_runs(project: Callable[..., Any]) -> None:
    text = hooked("self.count = 1, 2\nself.last: str\nsetattr(self, name, value)")
    p = project(text + "c = C()\nc.x = 5\nprint(vars(c))\n")
    assert "RecursionError" in p.run("main.py").stderr
    p.fix(CODE, unsafe=True)
    assert p.run("main.py").stdout == "{'count': (1, 2), 'x': 5}\n"


def test_python2_source_is_read_but_not_fixed(project: Callable[..., Any]) -> None:
    text = hooked("self.x = value").replace("class C", "class C(object)") + "print 'x'\n"
    findings = project(text).lint(CODE)
    assert [(f.line, f.column, f.fix) for f in findings] == [(3, 9, None)]


def test_calling_the_hook_itself_is_one_thing(project: Callable[..., Any]) -> None:
    small = project(
        """
        class A:
            def __getattribute__(self, name):
                return self.__getattribute__(name)

        class B:
            def __getattribute__(self, name):
                hook = self.__getattribute__
                return hook(name)
        """
    )
    assert small.places("PCL505") == [("main.py", 4, 16), ("main.py", 8, 16)]
    assert "`self.__getattribute__(name)`" in small.messages("PCL505")[0]


def test_a_use_in_a_string_is_found_where_it_stands(project: Callable[..., Any]) -> None:
    p = project(hooked("return f'{name} {self.x}'", "__getattribute__", "self, name"))
    assert [message.partition(" in ")[0] for message in p.messages(CODE)] == ["`self.x`"]
    assert "{super().__getattribute__(" in p.fix(CODE, unsafe=True)["main.py"]


ASKS_ITSELF = {
    "__repr__": (
        *("return repr(self)", "return f'<{self!r}>'", "return f'<{self}>'", "return str(self)"),
        *("return '<%r>' % self", "return '<%s %d>' % (self, 1)", "return '<{}>'.format(self)"),
        *(
            "x = '{0} {a!r}'.format(1, a=self)\n        return x",
            "print('made', self)\n        return ''",
        ),
        *("return format(self)", "return self.__repr__()", "return ascii(self)"),
        "if self.n:\n            return repr(self)\n        return '%s' % self",
    ),
    "__str__": (
        *("return str(self)", "return f'{self}'", "return f'{self!s:>3}'", "return '%s' % (self,)"),
        *(
            "return format(self)",
            "print(self)\n        return ''",
            "return 'a' + '{:}'.format(self)",
        ),
    ),
    "__format__": ("return f'{self}'", "return format(self)", "return '{}'.format(self)"),
    "__len__": ("return len(self)", "return 1 + len(self)"),
    "__hash__": ("return hash(self)",),
    "__bool__": ("return bool(self)",),
    "__iter__": ("return iter(self)",),
}


@pytest.mark.parametrize(("name", "body"), [(k, b) for k in ASKS_ITSELF for b in ASKS_ITSELF[k]])
def test_what_asks_an_object_for_what_it_gives_never_ends(
    project: Callable[..., Any], name: str, body: str
) -> None:
    rest = ", spec" if name == "__format__" else ""
    text = f"class C:\n    n = 0\n    def {name}(self{rest}):\n        {body}\n"
    call = {"__format__": "format(C())", "__bool__": "bool(C())"}.get(name, f"C().{name}()")
    made = project(f"{text}{call}\n")
    assert "RecursionError" in made.run("main.py").stderr
    messages = made.messages("PCL505")
    assert messages
    assert all(f"`C.{name}` calls `{name}` again" in message for message in messages)


@pytest.mark.parametrize(
    "text",
    [
        "class C:\n    def __repr__(self):\n        return f'{self}'\n    def __str__(self):\n        return 'c'\n",
        "class C:\n    def __str__(self):\n        return f'{self!r}'\n",
        "class C:\n    def __repr__(self):\n        return super().__repr__()\n",
        "class C:\n    def __repr__(self):\n        return repr(self.__class__)\n",
        "class C(Exception):\n    def __repr__(self):\n        return f'<{self}>'\n",
        "class C(list):\n    def __repr__(self):\n        return '%d' % len(self)\n",
        "class C(str):\n    def __repr__(self):\n        return f'<{self}>'\n",
        "class C:\n    def __str__(self):\n        return f'{self:>3}' if 0 else 'c'\n",
        "class C:\n    busy = False\n    def __repr__(self):\n        if self.busy:\n            return '…'\n"
        "        self.busy = True\n        return repr(self)\n",
        "class C:\n    def __repr__(self):\n        try:\n            return repr(self)\n"
        "        except RecursionError:\n            return 'c'\n",
        "class C:\n    def __repr__(self):\n        return (lambda: repr(self)) and 'c'\n",
        "class C:\n    def __format__(self, spec):\n        return f'{self!s}'\n",
        "class C:\n    def __str__(self):\n        return '{self}' + '%s' % 'self'\n",
        "class C:\n    def __repr__(self):\n        self = 1\n        return repr(self)\n",
        "class C:\n    def __repr__(self):\n        return f'{self}'\n"
        "class D(C):\n    def __str__(self):\n        return 'd'\nC = D\n",
        "def repr(x):\n    return 'x'\nclass C:\n    def __repr__(self):\n        return repr(self)\n",
    ],
)
def test_what_asks_for_something_else_ends(project: Callable[..., Any], text: str) -> None:
    made = project(f"{text}repr(C()), str(C()), format(C())\n")
    assert made.run("main.py").stderr == ""
    assert made.places("PCL505") == []

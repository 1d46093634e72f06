"""PCL801: functions that are kept see the last value; those used up in their turn don't."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

import pytest

Project = Callable[..., Any]

PRELUDE = """
from functools import partial
class Thing:
    pass
kept, table, things = [], {}, [Thing() for _ in range(3)]
"""
SHOW = """
def called(f):
    return f()
found = [called(f) for f in functions()]
assert len(found) == 3, found
print("same" if len(set(map(str, found))) == 1 else "different")
"""


def outcome(source: str) -> str:
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(source, "main.py", "exec"), {"__name__": "__main__"})
    return printed.getvalue().strip()


# A loop, and where its functions are afterwards.
KEPT = [
    ("for i in range(3):\n    kept.append(lambda: i)", "kept"),
    ("for i in range(3):\n    kept.append((lambda: i))", "kept"),
    ("for i in range(3): kept.insert(0, lambda *, a=1: i)", "kept"),
    ("for i in range(3):\n    kept.append((i, lambda: i))", "[f for _, f in kept]"),
    ("for i in range(3):\n    kept.append(partial(lambda a: i, 1))", "kept"),
    ("for i in range(3):\n    kept.extend([lambda: i])", "kept"),
    ("for i in range(3):\n    kept += [lambda *a: i]", "kept"),
    ("for i in range(3):\n    table[i] = lambda **k: i", "table.values()"),
    ("for i in range(3):\n    table['%s' % i] = lambda a=1, **k: i", "table.values()"),
    ("for i in range(3):\n    table.setdefault(i, lambda: i)", "table.values()"),
    ("for i in range(3):\n    if i not in table: table[i] = lambda: i", "table.values()"),
    ("for i in range(3):\n    f = lambda: i\n    kept.append(f)", "kept"),
    ("for i in range(3):\n    def f():\n        return i\n    kept.append(f)", "kept"),
    ("for i in range(3):\n    def f(a=1, ):\n        return i\n    table[i] = f", "table.values()"),
    ("for i in range(3):\n    def f(*a): return [i for _ in 'a']\n    kept.append(f)", "kept"),
    ("for i in range(3):\n    kept.append(lambda: (lambda: i)())", "kept"),
    ("for i, (j, *k) in [(1, (2, 3))] * 2 + [(4, (5, 6))]:\n    kept.append(lambda: k)", "kept"),
    ("n = 0\nwhile n < 3:\n    kept.append(lambda: n)\n    n += 1", "kept"),
    ("while (n := len(kept)) < 3:\n    kept.append(lambda: n)", "kept"),
    ("for i in range(3):\n    n, m = i, i * 2\n    kept.append(lambda: (n, m))", "kept"),
    ("for i in range(3):\n    n: int = i + 1\n    kept.append(lambda: n)", "kept"),
    (
        "for i in range(3):\n    try:\n        n = i + 1\n        kept.append(lambda: n)\n"
        "    finally:\n        pass",
        "kept",
    ),
    (
        "for i in range(3):\n    with __import__('contextlib').nullcontext(i) as n:\n"
        "        kept.append(lambda: n)",
        "kept",
    ),
    (
        "for i in range(3):\n    match [i]:\n        case [n]:\n            kept.append(lambda: n)",
        "kept",
    ),
    ("for i in range(3):\n    if (n := i + 1):\n        kept.append(lambda: n)", "kept"),
    ("for i in range(3):\n    kept.append(None or (lambda: i))", "kept"),
    ("for i in range(3):\n    kept.append(f := lambda: i)", "kept"),
    ("for i in range(3):\n    kept.append({'cb': [lambda: i]})", "[d['cb'][0] for d in kept]"),
    (
        "for i in range(3):\n    table[i] = {}\n    table[i]['cb'] = lambda: i",
        "[d['cb'] for d in table.values()]",
    ),
    (
        "for i in range(3):\n    setattr(Thing, 'f%d' % i, lambda self: i)",
        "[getattr(Thing(), 'f%d' % i) for i in range(3)]",
    ),
    ("for thing in things:\n    setattr(thing, 'f', lambda: thing)", "[t.f for t in things]"),
    (
        "for thing in things:\n    thing.a = Thing()\n    thing.a.f = lambda: thing",
        "[t.a.f for t in things]",
    ),
    (
        "for i in range(3):\n    thing = Thing()\n    thing.f = lambda: i\n    kept.append(thing)",
        "[t.f for t in kept]",
    ),
    (
        "for i in range(3):\n    kept.append(partial(print, end=lambda: i))",
        "[p.keywords['end'] for p in kept]",
    ),
    (
        "import functools\nfor i in range(3):\n    @functools.lru_cache\n"
        "    def f():\n        return i\n    kept.append(f)",
        "kept",
    ),
    (
        "for i in range(3):\n    def f():\n        yield i\n    kept.append(f())",
        "[lambda g=g: list(g) for g in kept]",
    ),
    (
        "for i in range(3):\n    for j in range(1):\n        pass\n    kept.append(lambda: i)",
        "kept",
    ),
    (
        "for i in range(3):\n    with __import__('io').StringIO():\n        kept.append(lambda: i)",
        "kept",
    ),
    (
        "for i in range(3):\n    if i >= 0:\n        kept.append(lambda: i)\n        continue",
        "kept",
    ),
    ("for thing in things:\n    thing.f = lambda: thing", "[t.f for t in things]"),
    ("for n, thing in enumerate(things):\n    thing.f = lambda: n", "[t.f for t in things]"),
    ("n = 0\nwhile n < 3:\n    n += 1\n    m = n * 2\n    kept.append(lambda: m)", "kept"),
    ("kept = [lambda: i for i in range(3)]", "kept"),
    ("kept = [lambda: i for i in range(3) if i < 3]", "kept"),
    ("kept = {lambda: i for i in range(3)}", "kept"),
    ("kept = {i: lambda: i for i in range(3)}.values()", "kept"),
    ("kept = [f for _, f in [(i, lambda: i) for i in range(3)]]", "kept"),
    ("kept = list((lambda: i) for i in range(3))", "kept"),
    ("kept.extend(lambda: i for i in range(3))", "kept"),
    ("table = dict((i, lambda: i) for i in range(3))", "table.values()"),
    ("def make():\n    for i in range(3):\n        yield lambda: i\nkept = list(make())", "kept"),
]


@pytest.mark.parametrize(("loop", "functions"), KEPT)
def test_functions_that_are_kept_see_the_last_value(
    loop: str, functions: str, project: Project
) -> None:
    source = f"{PRELUDE}{loop}\ndef functions(): return list({functions})\n{SHOW}"
    p = project(source)
    assert len(p.lint("PCL801")) == 1
    assert outcome(source) == "same"
    fixed = p.fix("PCL801", unsafe=True)["main.py"]
    assert p.lint("PCL801") == []
    assert outcome(fixed) == "different"


def test_in_a_function_too(project: Project) -> None:
    p = project(
        """
        def handlers(products):
            found = []
            for product in products:
                price = product * 2
                found.append(lambda: (product, price))
            return found

        print([handler() for handler in handlers([1, 2])])
        """
    )
    (finding,) = p.lint("PCL801")
    assert (finding.line, finding.column) == (6, 22)
    assert finding.message == (
        "this lambda outlives this iteration of the loop (`found` keeps it) and looks `product` "
        "and `price` up only when it is called: it then finds the values of the latest iteration, "
        "not of its own (late binding)"
    )
    assert outcome(p.texts()["main.py"]) == "[(2, 4), (2, 4)]"
    assert outcome(p.fix("PCL801", unsafe=True)["main.py"]) == "[(1, 2), (2, 4)]"


@pytest.mark.parametrize(
    "loop",
    [
        "for i in x:\n    signal.connect(lambda: i)",
        "for i in x:\n    future.add_done_callback(lambda done: print(i, done.result()))",
        "for i in x:\n    PeriodicCallback(lambda: i, 2000).start()",
        "for i in x:\n    setattr(cls, i, property(lambda self: i))",
        "for i in x:\n    options = {'text': i, 'command': lambda: i}\n    Button(root, **options).pack()",
        "for i in x:\n    Button(root, **{'command': lambda: i}).pack()",
        "for i in keys:\n    text = keys[i]['text']\n    keys[i]['action'] = lambda: text",
        "for i in x:\n    if i.name:\n        def f():\n            return i\nprint(f)",
        "for i in x:\n    loop.call_soon(lambda: i)",
        "for i in x:\n    future.add_done_callback(lambda f: i)",
        "for i in x:\n    self.addCleanup(lambda: i)",
        "for i in x:\n    root.after(100, lambda: i)",
        "for i in x:\n    atexit.register(lambda: i)",
        "for i in x:\n    Thread(target=lambda: i).start()",
        "for i in x:\n    threads.append(threading.Thread(target=lambda: i))",
        "for i in x:\n    def work():\n        return i\n    t = Thread(target=work)\n    threads.append(t)",
        "async def f():\n    async for i in x:\n        kept.append(lambda: i)",
        "for i in x:\n    async def f(): return i\n    kept.append(f)",
        "for i in x:\n    self.handlers[i.name] = lambda: i",
        "for i in x:\n    self.handlers[i.name]['cb'] = lambda: i",
        "for i in x:\n    Button(root, text=i, command=lambda: i).pack()",
        "for i in x:\n    button = Button(root, text=i, command=lambda: i)\n    button.pack()",
        "for i in x:\n    menu.add_command(label=i, command=lambda: i)",
        "for i in x:\n    button = Button(root)\n    button.bind('<1>', lambda event: i)",
        "for i in x:\n    button = Button(root)\n    button.on_click = lambda: i",
        "for i in x:\n    i.button.when_pressed = lambda: i",
        "for i in x:\n    executor.submit(lambda: i)",
        "print([executor.submit(lambda: i) for i in x])",
        "for i in x:\n    menu.add_button(i, callback=lambda: i)",
        "for i in x:\n    variable.trace_add('write', lambda *a: i)",
        "for i in x:\n    QTimer.singleShot(10, lambda: i)",
        "for i in x:\n    scheduler.every(5).minutes.do_later(i, on_done=lambda: i)",
        "for i in x:\n    transaction.on_commit(lambda: i)",
        "for i in x:\n    @app.route(i)\n    def f():\n        return i",
        "for i in x:\n    @group.command(name=i)\n    def f():\n        return i",
        "for i in x:\n    @register\n    def f():\n        return i",
        "for i in x:\n    async def f():\n        print(i)\n    tasks.append(asyncio.create_task(f()))",
        "for i in x:\n    async def f():\n        print(i)\n    asyncio.create_task(f())",
        "for i in x:\n    self.buttons[i] = Button(command=lambda: i)\n    self.buttons[i].pack()",
        "for i in x:\n    a.b.append(lambda: i if a else None)",
    ],
)
def test_what_is_registered_or_belongs_to_something_outside(loop: str, project: Project) -> None:
    assert len(project(loop + "\n").lint("PCL801")) == 1


SILENT = [
    # used up in the turn
    "for i in x:\n    print(sorted(x, key=lambda y: y + i))",
    "for i in x:\n    x.sort(key=lambda y: y + i)",
    "for i in x:\n    print(any(map(lambda y: y == i, x)))",
    "for i in x:\n    kept.append((lambda: i)())",
    "for i in x:\n    kept.append(max(x, key=lambda y: y + i))",
    "for i in x:\n    def f():\n        return i\n    kept.append(f())",
    "for i in x:\n    def f():\n        return i\n    f()",
    "for i in x:\n    f = lambda: i\n    print(f())",
    "for i in x:\n    kept.append(call(lambda: i))",
    "for i in x:\n    statement += lambda s: s.where(i)",
    "for i in x:\n    functions = []\n    functions.append(lambda: i)\n    functions[0]()",
    "for i in x:\n    kept.append(lambda: i)\n    kept.pop()()",
    "for i in x:\n    kept.append(lambda: i)\n    run(kept)",
    "for i in x:\n    table[i] = lambda: i\n    table[i]()",
    "for i in x:\n    t = Thread(target=lambda: i)\n    t.start()\n    t.join()",
    "for i in x:\n    f = lambda: i\n    signal.connect(f)\n    send()\n    signal.disconnect(f)",
    "for thing in x:\n    thing.f = lambda: thing\n    thing.run()",
    "for i in x:\n    thing = Thing()\n    thing.f = lambda: i\n    thing.run()",
    "async def g():\n    for i in x:\n        async def f():\n            print(i)\n        await f()",
    "async def g():\n    for i in x:\n        async def f():\n            print(i)\n"
    "        await asyncio.create_task(f())",
    "for i in x:\n    def f():\n        yield i\n    print(list(f()))",
    "for i in x:\n    @contextmanager\n    def f():\n        yield i\n    with f():\n        pass",
    "for i in x:\n    self.callback = lambda: i",
    "for i in x:\n    if i.name:\n        def f():\n            return i\n        break\nprint(f)",
    "for i in x:\n    def f():\n        return i\nprint(f)",
    "for i in x:\n    if i.name:\n        def f():\n            return i\n        f()",
    "def g():\n    for i in x:\n        return client.get().addCallback(lambda r: i)",
    "for i in x:\n    def rewind(f):\n        return f.seek(0)\n    client.addCallback(lambda r: rewind(r))",
    "for i in x:\n    if i:\n        n = i + 1\n    kept.append(lambda: n)",
    "n = None\nfor i in x:\n    if n is None:\n        n = make()\n    kept.append(lambda: n)",
    "total = 0\nfor i in x:\n    total += i\n    kept.append(lambda: total)",
    "for i in x:\n    try:\n        pass\n    except E as e:\n        kept.append(lambda: e)",
    "for i in x:\n    print(filter(lambda y: y == i, x))",
    "for thing in make(x):\n    thing.f = lambda: thing",
    "for i in x:\n    thing = Thing()\n    thing.f = lambda: thing",
    # bound in the turn
    "for i in x:\n    kept.append(lambda i=i: i)",
    "for i in x:\n    kept.append(lambda *, _i=i: _i)",
    "for i in x:\n    def make(i):\n        return lambda: i\n    kept.append(make(i))",
    "for i in x:\n    kept.append((lambda i: lambda: i)(i))",
    "for i in x:\n    kept.append(partial(call, i))",
    "for i in x:\n    kept.append(lambda y: [i for i in y])",
    "for i in x:\n    def f():\n        i = 1\n        return i\n    kept.append(f)",
    "for i in x:\n    def f():\n        global i\n        i += 1\n    kept.append(f)",
    # the loop is left, or makes one turn
    "for i in x:\n    if i:\n        kept.append(lambda: i)\n        break",
    "def f():\n    for i in x:\n        if i:\n            kept.append(lambda: i)\n            return kept",
    "def f():\n    for i in x:\n        return lambda: i",
    "for i in x:\n    if i:\n        kept.append(lambda: i)\n        raise E",
    "for i in x:\n    for j in x:\n        if j:\n            break\n    kept.append(lambda: i)\n    break",
    "for i in (x,):\n    kept.append(lambda: i)",
    # overwritten, so that the last function is left with the last value
    "for i in x:\n    y.f = lambda: i",
    "for i in x:\n    table['f'] = lambda: i",
    "for i in x:\n    f = lambda: i",
    # other variables
    "for i in x:\n    kept.append(lambda: y)",
    "for i in x:\n    y = 0\n    kept.append(lambda: y)",
    "total = 0\nfor i in x:\n    total = total + i\n    kept.append(lambda: total)",
    "for i in x:\n    import os\n    kept.append(lambda: os)",
    "for i in x:\n    pass\nkept.append(lambda: i)",
    "class C:\n    i = 1\n    for i in x:\n        kept.append(lambda: i)",
    "print([y for i in x for y in kept if (lambda: i)()])",
    "print(any((lambda: i)() for i in x))",
    "print(all(f() for f in (lambda: i for i in x)))",
    "print([call(lambda: i) for i in x])",
    "print([sorted(x, key=lambda y: i) for i in x])",
    "print([(lambda i=i: i) for i in x])",
    "print([i for i in x if any(map(lambda y: i, x))])",
    "for i in [lambda: 1, lambda: 2]:\n    kept.append(i)",
    "for i in x:\n    @wrapped\n    def f():\n        return i\n    kept.append(f)",
    "for i in x:\n    class C:\n        def m(self):\n            return i\n    C().m()",
    "numbers = list(range(5))\nfor number in numbers:\n    hundred = list(range(9))\n"
    "    found = filter(lambda x: number % 2 == 0, hundred)\n    print(list(found))",
]


@pytest.mark.parametrize("loop", SILENT)
def test_what_may_be_right_is_left_alone(loop: str, project: Project) -> None:
    assert project(loop + "\n").lint("PCL801") == []


LIBRARY = """
registry = []
table = {}
class Lazy:
    def __init__(self, factory, *, on_done=None):
        self._factory = factory
        self.on_done = on_done
    def get(self):
        return self._factory()
    def then(self, function):
        self.on_done = function
class Below(Lazy):
    pass
class Bus:
    def __init__(self):
        self.handlers = []
    def add(self, handler):
        self.handlers.append(handler)
    def fire(self):
        return [handler() for handler in self.handlers]
    def fill(self, names):
        for name in names:
            self.add(lambda: name)
def keep(function):
    registry.append(function)
    return function
def put(key, function):
    table[key] = function
def wrapped(function):
    def inner():
        return function()
    return inner
def at_once(function):
    return function()
class Once:
    def __init__(self, function):
        self.value = function()
"""


@pytest.mark.parametrize(
    ("loop", "functions"),
    [
        ("for i in range(3):\n    kept.append(Lazy(lambda: i))", "[k.get for k in kept]"),
        ("for i in range(3):\n    kept.append(Below(factory=lambda: i))", "[k.get for k in kept]"),
        ("kept = [Lazy(lambda: i) for i in range(3)]", "[k.get for k in kept]"),
        ("for i in range(3):\n    keep(lambda: i)", "lib.registry[-3:]"),
        ("for i in range(3):\n    @keep\n    def f():\n        return i", "lib.registry[-3:]"),
        ("for i in range(3):\n    lib.put(i, lambda: i)", "list(lib.table.values())[-3:]"),
        ("for i in range(3):\n    kept.append(wrapped(lambda: i))", "kept"),
        (
            "for i in range(3):\n    @wrapped\n    def f():\n        return i\n    kept.append(f)",
            "kept",
        ),
    ],
)
def test_what_the_projects_own_functions_keep(
    loop: str, functions: str, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = (
        "import lib\nfrom lib import *\nkept = []\n"
        f"{loop}\ndef functions(): return list({functions})\n{SHOW}"
    )
    p = project({"lib.py": LIBRARY, "main.py": source})
    assert [path for path, *_ in p.places("PCL801")] == ["lib.py", "main.py"]
    assert p.run("main.py").stdout.strip() == "same"
    p.fix("PCL801", unsafe=True)
    assert p.run("main.py").stdout.strip() == "different"


@pytest.mark.parametrize(
    "loop",
    [
        "for i in range(3):\n    at_once(lambda: i)",
        "for i in range(3):\n    kept.append(at_once(lambda: i))",
        "for i in range(3):\n    kept.append(Once(lambda: i))",
        "for i in range(3):\n    print(Lazy(lambda: i).get())",
        "for i in range(3):\n    one = Lazy(lambda: i)\n    print(one.get())",
        "for i in range(3):\n    @at_once\n    def f():\n        return i\n    kept.append(f)",
    ],
)
def test_what_the_projects_own_functions_use_at_once(loop: str, project: Project) -> None:
    source = f"import lib\nfrom lib import *\nkept = []\n{loop}\n"
    p = project({"lib.py": LIBRARY, "main.py": source})
    assert [path for path, *_ in p.places("PCL801")] == ["lib.py"]


def test_yields_of_tests_are_used_at_once(project: Project) -> None:
    source = "def test():\n    for i in x:\n        yield lambda: i\n"
    p = project({"tests/test_a.py": source, "a.py": source})
    assert [path for path, *_ in p.places("PCL801")] == ["a.py"]


def test_the_list_of_an_inner_comprehension_goes_on(project: Project) -> None:
    p = project("rows = [[lambda: (i, j) for j in x] for i in x]\n")
    (message,) = p.messages("PCL801")
    assert "`i` and `j`" in message
    assert p.fix("PCL801", unsafe=True)["main.py"].startswith("rows = [[lambda i=i, j=j: (i, j)")


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ("()", "(i=i)"),
        ("( )", "( i=i)"),
        ("(a, /)", "(a, /, i=i)"),
        ("(a, *, b)", "(a, *, b, i=i)"),
        ("(a, **k)", "(a, i=i, **k)"),
        ("(*a, **k)", "(*a, i=i, **k)"),
        ("(\n        a,\n    )", "(\n        a, i=i\n    )"),
        ("(\r\n        a=(1)\r\n    )", "(\r\n        a=(1), i=i\r\n    )"),
        ("(é='ü')", "(é='ü', i=i)"),
    ],
)
def test_the_parameter_is_the_last(parameters: str, expected: str, project: Project) -> None:
    source = f"for i in x:\n    def f{parameters}:\n        return i\n    kept.append(f)\n"
    p = project({"main.py": source.encode()})
    assert f"    def f{expected}:\n" in p.fix("PCL801", unsafe=True)["main.py"]


def test_comments_are_left_where_they_are(project: Project) -> None:
    p = project(
        "for i in x:\n    def f(a,  # the first\n          ):\n        return i\n    kept.append(f)\n"
    )
    assert [finding.fix for finding in p.lint("PCL801")] == [None]


def test_python2(project: Project) -> None:
    p = project("for i in x:\n    print i\n    kept.append(lambda: i)\n")
    assert p.places("PCL801") == [("main.py", 3, 17)]
    assert "lambda i=i: i" in p.fix("PCL801", unsafe=True)["main.py"]


def test_a_function_in_a_comprehension_in_a_loop_is_reported_once(project: Project) -> None:
    p = project(
        """
        kept = []
        for i in range(3):
            kept.append(lambda: i)
            kept.append([lambda: j for j in range(3)])
        """
    )
    assert [(line, column) for _, line, column in p.places("PCL801")] == [(4, 17), (5, 18)]

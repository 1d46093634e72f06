"""PCL218: what it says raises TypeError or AttributeError there; what may be called it leaves alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

import pytest

Project = Callable[..., Any]

PRICE = {"shop/__init__.py": "", "shop/price.py": "def price(net):\n    return net + 1\n"}
HIDDEN = {
    "shop/__init__.py": "from .price import price\n",
    "shop/price.py": "rate = 3\n\ndef price(net):\n    return net + 1\n",
}
CLASS = {"shop/__init__.py": "from .Cart import Cart\n", "shop/Cart.py": "class Cart:\n    x = 1\n"}

CALLED = [
    ({}, "import glob\nglob('*')", 2),
    ({}, "import time\ntime()", 2),
    ({}, "import datetime as dt\ndt(2020, 1, 1)", 2),
    ({}, "import os.path\nos.path('x')", 2),
    ({}, "from os import path\npath('x')", 2),
    ({}, "from xml import dom\ndom('x')", 2),
    ({}, "import string\ndef f():\n    string(1)\nf()", 3),
    ({}, "def f():\n    import pprint\n    pprint({})\nf()", 3),
    ({}, "if True:\n    import glob\nelse:\n    import glob\nglob('*')", 5),
    ({"FMF.py": "class FMF: pass\n"}, "import FMF\nx = [FMF()]", 2),
    ({"FMF.py": "x = 1\n"}, "import FMF\nFMF()", 2),
    (PRICE, "from shop import price\nprice(1)", 2),
    (PRICE, "from shop import price as p\np(1)", 2),
    (PRICE, "import shop.price\nshop.price(1)", 2),
    (PRICE, "import shop.price\nshop(1)", 2),
    (PRICE, "import shop.price as p\np(1)", 2),
    (PRICE, "import shop\nshop(1)", 2),
]
ASKED = [
    (HIDDEN, "import shop.price\nprint(shop.price.rate)", 2),
    (HIDDEN, "import shop.price as p\nprint(p.rate)", 2),
    (HIDDEN, "import shop.price as p\ndef f():\n    return p.rate\nf()", 3),
    (CLASS, "import shop.Cart\nprint(shop.Cart.Cart)", 2),
]
SOUND = [
    ({}, "import glob\nglob.glob('*')"),
    ({}, "from glob import glob\nglob('*')"),
    ({}, "import glob\nfrom glob import glob\nglob('*')"),
    ({}, "import glob\nglob = glob.glob\nglob('*')"),
    ({}, "import glob\ndef f(glob):\n    glob('*')\nf(print)"),
    ({}, "import glob\ndef f():\n    from glob import glob\n    glob('*')\nf()"),
    ({}, "import time\nfrom time import *\ntime()"),
    ({}, "try:\n    import glob\nexcept ImportError:\n    from glob import glob\nglob.glob('*')"),
    (
        {},
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import glob\nglob = print\nglob(1)",
    ),
    ({}, "import glob\ntry:\n    glob('*')\nexcept TypeError:\n    pass"),
    ({}, "import glob\nglobals()['glob'] = print\nglob('*')"),
    ({}, "import glob\nclass C:\n    def glob(self): pass\n    def f(self): self.glob()\nC().f()"),
    (
        {"p.py": "import main\nmain.glob = print\n"},
        "import glob\nimport sys\nsys.modules['main'] = "
        "sys.modules['__main__']\nimport p\nglob('*')",
    ),
    (HIDDEN, "from shop import price\nprice(1)"),
    (HIDDEN, "import shop\nshop.price(1)"),
    (HIDDEN, "import shop.price as p\nprint(p.__name__, p.__code__)"),
    (CLASS, "import shop.Cart\nprint(shop.Cart.x, shop.Cart.__mro__, shop.Cart.mro())"),
    (
        {**PRICE, "shop/__init__.py": "def price(net): return net\n"},
        "from shop import price\nprice(1)",
    ),
    ({**PRICE, "shop/__init__.py": "from .price import *\n"}, "from shop import price\nprice(1)"),
    (
        {**PRICE, "shop/__init__.py": "def price(net): return net\n"},
        "import shop.price as p\np.price(1)",
    ),
    (
        {**HIDDEN, "tax.py": "import shop\nshop.price.rate = 4\n"},
        "import tax\nimport shop.price\nshop.price.rate",
    ),
    ({"m.py": "import sys\nsys.modules[__name__] = print\n"}, "import m\nm(1)"),
    (
        {
            "m.py": "import sys, types\nclass M(types.ModuleType):\n    __call__ = print\n"
            "sys.modules['m'].__class__ = M\n"
        },
        "import m\nm(1)",
    ),
]


@pytest.mark.parametrize(("files", "text", "line"), CALLED)
def test_a_call_of_a_module_raises_type_error_there(
    project: Project, files: Mapping[str, str], text: str, line: int
) -> None:
    _raises_as_reported(project({**files, "main.py": text + "\n"}), "TypeError", line)


@pytest.mark.parametrize(("files", "text", "line"), ASKED)
def test_what_hides_its_module_has_no_such_attribute(
    project: Project, files: Mapping[str, str], text: str, line: int
) -> None:
    _raises_as_reported(project({**files, "main.py": text + "\n"}), "AttributeError", line)


def _raises_as_reported(shop: Any, error: str, line: int) -> None:
    (finding,) = shop.lint("PCL218")
    assert (finding.line, error in finding.message) == (line, True)
    found = shop.run("main.py")
    assert found.stderr.splitlines()[-1].startswith(error), found.stderr
    assert f'main.py", line {line}, in' in found.stderr, found.stderr


@pytest.mark.parametrize(("files", "text"), SOUND)
def test_what_can_be_called_is_left_alone(
    project: Project, files: Mapping[str, str], text: str
) -> None:
    shop = project({**files, "main.py": text + "\n"})
    assert shop.run("main.py").returncode == 0, shop.run("main.py").stderr
    assert shop.places("PCL218") == []


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        (
            "from shop import price\nprint(price(1))",
            "from shop.price import price\nprint(price(1))",
        ),
        ("import shop.price as p\nprint(p(1))", "from shop.price import price as p\nprint(p(1))"),
        (
            "import shop.price\nprint(shop.price(1))",
            "import shop.price\nprint(shop.price.price(1))",
        ),
        (
            "from shop import price\nprint(price(1), price.__name__)",
            "from shop import price\nprint(price.price(1), price.__name__)",
        ),
        (
            "import sys\ndef f():\n    from shop import price\n    return price(1)\nprint(f())",
            "import sys\ndef f():\n    from shop.price import price\n    return price(1)\nprint(f())",
        ),
        (
            "import os, glob\nprint(glob('*.toml'))",
            "import os, glob\nprint(glob.glob('*.toml'))",
        ),
    ],
)
def test_the_fix_imports_or_calls_what_was_meant(project: Project, text: str, fixed: str) -> None:
    shop = project({**PRICE, "main.py": text + "\n"})
    assert shop.fix("PCL218") == {**PRICE, "main.py": text + "\n"}
    assert shop.fix("PCL218", unsafe=True)["main.py"] == fixed + "\n"
    assert shop.run("main.py").returncode == 0, shop.run("main.py").stderr
    assert shop.places("PCL218") == []


def test_modules_of_the_standard_library_that_are_called_are_reported(project: Project) -> None:
    names = sorted(name for name in sys.stdlib_module_names if name[0] != "_")[::8]
    text = "".join(f"import {name}\n{name}()\n" for name in names)
    reported = {finding.line // 2 - 1 for finding in project(text).lint("PCL218")}
    assert [names[number] for number in sorted(reported)] == names


LOOKS = [
    "def has(plugin):\n    return 'timer' in sys.modules\n",
    "def has(plugin):\n    if plugin not in sys.modules: return 'timer'\n",
    "def find(name='timer'):\n    return sys.modules[name], sys.modules.get(name)\n",
    "def forget(name='timer'):\n    del sys.modules[name]\n    sys.modules.pop(name, None)\n",
    "def show():\n    for name in sorted(sys.modules): print(name, 'timer')\n",
    "print(len(sys.modules), *[name for name in list(sys.modules) if name == 'timer'])\n",
]
PUTS = [
    "sys.modules['glances.timer'] = print\n",
    "sys.modules.update({'glances.timer': print})\n",
    "sys.modules.setdefault('glances.timer', print)\n",
    "loaded = sys.modules\nloaded['glances.timer'] = print\n",
    "def put(where): where['glances.timer'] = print\n\n\nput(sys.modules)\n",
    "from sys import modules\n\nmodules['glances.timer'] = print\n",
]
TIMER = {"glances/__init__.py": "", "glances/timer.py": "def timer(n):\n    return n\n"}
START = "import start\nfrom glances import timer\n\ntimer(3)\n"


@pytest.mark.parametrize("text", LOOKS)
def test_looking_into_sys_modules_replaces_no_module(project: Project, text: str) -> None:
    shop = project({**TIMER, "start.py": f"import sys\n\n{text}", "main.py": START})
    assert "TypeError: 'module' object is not callable" in shop.run("main.py").stderr
    assert shop.places("PCL218") == [("main.py", 4, 1)]


@pytest.mark.parametrize("text", PUTS)
def test_a_module_that_is_put_into_sys_modules_may_be_called(project: Project, text: str) -> None:
    shop = project({**TIMER, "start.py": f"import sys\n{text}", "main.py": START})
    assert shop.run("main.py").stdout == "3\n"
    assert shop.places("PCL218") == []


@pytest.mark.parametrize("text", [*LOOKS, "here = sys.modules[__name__]\nprint(here.timer)\n"])
def test_a_module_that_looks_into_sys_modules_is_a_module_still(
    project: Project, text: str
) -> None:
    timer = {"glances/timer.py": f"import sys\n{TIMER['glances/timer.py']}\n\n{text}"}
    shop = project({**TIMER, **timer, "main.py": START, "start.py": ""})
    assert "TypeError: 'module' object is not callable" in shop.run("main.py").stderr
    assert shop.places("PCL218") == [("main.py", 4, 1)]


# `setdefault` leaves the module there that is being imported.
@pytest.mark.parametrize(
    "text", [put.replace("print", "timer") for put in PUTS if "setdefault" not in put]
)
def test_a_module_that_puts_something_in_its_place_may_be_called(
    project: Project, text: str
) -> None:
    timer = {"glances/timer.py": f"import sys\n{TIMER['glances/timer.py']}\n\n{text}"}
    shop = project({**TIMER, **timer, "main.py": START, "start.py": ""})
    assert shop.run("main.py").stderr == ""
    assert shop.places("PCL218") == []

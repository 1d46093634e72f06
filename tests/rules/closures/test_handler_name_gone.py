"""PCL806: names that an `except … as` clause has taken away."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pyconcepts_lint.testing import Project

Make = Callable[..., Project]

CLAUSE = "    try:\n        open(path)\n    except OSError as e:\n        pass\n"
GONE = {
    "behind the clause": f"def read(path):\n{CLAUSE}    return e\n\n\nread('/none')\n",
    "where the clause didn't run": f"def read(path):\n{CLAUSE}    return e\n\n\nread(__file__)\n",
    "behind a loop": (
        "def read(path):\n    for n in range(2):\n        try:\n            open(path)\n"
        "            break\n        except OSError as e:\n            pass\n    else:\n"
        "        raise e\n\n\nread('/none')\n"
    ),
    "in the module": "path = '/none'\nif path:\n" + CLAUSE + "print(e)\n",
    "behind two clauses": (
        "def read(path):\n    try:\n        open(path)\n    except ValueError as e:\n        print(e)\n"
        "    except OSError as e:\n        print(e)\n    print(f'{e}')\n\n\nread('/none')\n"
    ),
    "in a finally clause": (
        "def read(path):\n    try:\n        open(path)\n    except OSError as e:\n        pass\n"
        "    finally:\n        print(e)\n\n\nread('/none')\n"
    ),
    "in a comprehension": f"def read(path):\n{CLAUSE}    return [e for _ in 'a']\n\n\nread('/none')\n",
}


@pytest.mark.parametrize("case", GONE)
def test_the_name_has_no_value(project: Make, case: str) -> None:
    shop = project(GONE[case])
    said = shop.run("main.py").stderr
    (found,) = shop.lint("PCL806")
    assert f"{found.message.rpartition(' ')[2]}: " in said


FINE = {
    "bound above": f"def read(path):\n    e = None\n{CLAUSE}    print(e)\n\n\nread(__file__)\n",
    "bound by an import": f"def read(path):\n    from math import e\n{CLAUSE}    print(e)\n\n\nread(__file__)\n",
    "a parameter": f"def read(path, e=1):\n{CLAUSE}    print(e)\n\n\nread(__file__)\n",
    "inside of the clause": (
        "def read(path):\n    try:\n        open(path)\n    except OSError as e:\n        print(e)\n\n\n"
        "read('/none')\n"
    ),
    "a clause inside of another": (
        "def read(path):\n    try:\n        open(path)\n    except OSError as e:\n        try:\n"
        "            open(path)\n        except OSError as again:\n            print(e)\n\n\n"
        "read('/none')\n"
    ),
    "a global name": (
        f"e = 1\n\n\ndef read(path):\n    global e\n{CLAUSE}    print(e)\n\n\nread(__file__)\n"
    ),
    "a nonlocal name": (
        f"def read(path):\n{CLAUSE}    def put():\n        nonlocal e\n        e = 1\n\n"
        "    put()\n    print(e)\n\n\nread('/none')\n"
    ),
    "a lambda that is not called": (
        f"def read(path):\n{CLAUSE}    return lambda: e\n\n\nread('/none')\n"
    ),
    "the error is expected": (
        f"def read(path):\n{CLAUSE}    try:\n        print(e)\n    except NameError:\n"
        "        pass\n\n\nread('/none')\n"
    ),
    "a class body": "e = 1\npath = '/none'\n\n\nclass C:\n" + CLAUSE + "    print(e)\n",
    "another scope": f"e = 1\n\n\ndef read(path):\n{CLAUSE}\n\nprint(e)\nread('/none')\n",
}


@pytest.mark.parametrize("case", FINE)
def test_a_name_with_a_value_is_left_alone(project: Make, case: str) -> None:
    shop = project(FINE[case])
    assert shop.run("main.py").stderr == ""
    assert shop.places("PCL806") == []

"""PCL214: names that were imported from a module which binds them anew."""

from __future__ import annotations

from typing import Any

import pytest

Project = Any

SETTINGS = 'language = "en"\n\n\ndef switch(code):\n    global language\n    language = code\n'
USER = "from .settings import language\n\n\ndef greet():\n    return language\n"
MAIN = "from shop import user, settings\nsettings.switch('de')\nprint(user.greet())\n"


def shop(**files: str) -> dict[str, str]:
    known = {"__init__": "", "settings": SETTINGS, "user": USER}
    return {f"shop/{name}.py": text for name, text in {**known, **files}.items()} | {
        "main.py": MAIN
    }


def test_the_old_object_stays(project: Project) -> None:
    p = project(shop())
    assert p.places("PCL214") == [("shop/user.py", 1, 1)]
    assert (
        "`switch()` binds `language` anew (line 6), and `greet()` here" in p.messages("PCL214")[0]
    )
    assert p.run("main.py").stdout == "en\n"


def test_the_fix_asks_the_module(project: Project) -> None:
    p = project(shop())
    fixed = p.fix("PCL214", unsafe=True)["shop/user.py"]
    assert fixed == ("from . import settings\n\n\ndef greet():\n    return settings.language\n")
    assert p.run("main.py").stdout == "de\n"
    assert p.places("PCL214") == []


def test_the_other_names_of_the_statement_stay_imported(project: Project) -> None:
    user = "from shop.settings import switch, language as l\ndef greet():\n    return l, switch\n"
    p = project(shop(user=user))
    assert p.places("PCL214") == [("shop/user.py", 1, 35)]
    assert p.fix("PCL214", unsafe=True)["shop/user.py"] == (
        "from shop.settings import switch\nfrom shop import settings\n"
        "def greet():\n    return settings.language, switch\n"
    )


def test_a_module_at_the_root_is_imported_by_its_name(project: Project) -> None:
    p = project({"settings.py": SETTINGS, "user.py": USER.replace(".settings", "settings")})
    assert p.fix("PCL214", unsafe=True)["user.py"].startswith("import settings\n")


@pytest.mark.parametrize(
    "settings",
    [
        SETTINGS + "\n\nswitch('de')\n",  # has run when the import ends
        SETTINGS + "\n\ndef start():\n    switch('fr')\n\n\nstart()\n",
        SETTINGS + "\n\nclass C:\n    def __init__(self):\n        switch('fr')\n\n\nC()\n",
        SETTINGS + "\n\nHANDLERS = {'language': switch}\n",
        'language = "en"\ndef switch(code):\n    language = code\n',
        'language = "en"\ndef read():\n    global language\n    return language\n',
    ],
)
def test_what_the_body_may_have_done_is_settled(project: Project, settings: str) -> None:
    assert project(shop(settings=settings)).places("PCL214") == []


def test_what_runs_as_a_script_or_at_the_end_is_no_part_of_the_import(project: Project) -> None:
    for end in (
        "if __name__ == '__main__':\n    switch('de')\n",
        "import atexit\natexit.register(switch, 'de')\n",
    ):
        assert len(project(shop(settings=SETTINGS + end)).lint("PCL214")) == 1


@pytest.mark.parametrize(
    "user",
    [
        "from .settings import language\nprint(language)\n",  # no function uses it
        "from .settings import language\ndef greet(language):\n    return language\n",
        "from .settings import language\nlanguage = language.upper()\ndef f():\n    return language\n",
        "def greet():\n    from .settings import language\n    return language\n",
        "from . import settings\ndef greet():\n    return settings.language\n",
    ],
)
def test_uses_that_see_the_new_object_or_none(project: Project, user: str) -> None:
    assert project(shop(user=user)).places("PCL214") == []


def test_another_module_that_assigns_the_attribute(project: Project) -> None:
    changer = "from . import settings\n\n\ndef change():\n    settings.language = 'fr'\n"
    files = shop(settings='language = "en"\n', changer=changer)
    p = project(files)
    assert p.places("PCL214") == [("shop/user.py", 1, 1)]
    assert "`shop.changer`'s `change()` binds `language` anew (line 5)" in p.messages("PCL214")[0]
    # A test's own change is undone by it, most likely; and what runs at import time comes first.
    del files["shop/changer.py"]
    assert (
        project({**files, "tests/test_it.py": changer.replace(".", "shop")}).places("PCL214") == []
    )
    at_once = "from . import settings\nsettings.language = 'fr'\n"
    assert project({**files, "shop/changer.py": at_once}).places("PCL214") == []


@pytest.mark.parametrize(
    "files",
    [
        {"user": USER + "settings = 1\n"},
        {"user": USER + "__all__ = ['language']\n"},
        {"other": "from .user import language\n"},
        {"other": "from . import user\nprint(user.language)\n"},
        {"user": USER.replace("\n", "  # the first one\n", 1)},
        {"user": USER + "def f():\n    language = 1\n    return language\n"},
    ],
)
def test_the_fix_is_withheld_where_a_name_would_be_lost(
    project: Project, files: dict[str, str]
) -> None:
    p = project(shop(**files))
    assert [finding.fix for finding in p.lint("PCL214")] == [None]


def test_the_answer_follows_the_other_module(project: Project) -> None:
    p = project(shop())
    assert len(p.lint("PCL214")) == 1
    p.write({"shop/settings.py": 'language = "en"\n'})
    assert p.lint("PCL214") == []


SETTINGS_THAT_SWITCH = """\
language = "en"


def switch(code):
    global language
    language = code
"""
READER = "from .settings import language\n\n\ndef use():\n    return language\n"


@pytest.mark.parametrize(
    ("settings", "user"),
    [
        # The list stays the same object.
        ("language = []\n\ndef switch(c):\n    global language\n    language += [c]\n", READER),
        ("language = set()\n\ndef switch(c):\n    global language\n    language |= {c}\n", READER),
        # There is nothing at first.
        ("def switch(c):\n    global language\n    language = c\n", READER),
        # The global statement is another function's.
        (
            "language = 1\n\ndef switch(c):\n    language = c\n\n    def f():\n"
            "        global language\n        print(language)\n    f()\n",
            READER,
        ),
        # A comprehension of the module's own runs while it is imported.
        (
            SETTINGS_THAT_SWITCH,
            "from .settings import language\n\nx = [language for i in 'ab' if language]\n",
        ),
    ],
)
def test_what_binds_nothing_anew_that_is_used_later(
    project: Project, settings: str, user: str
) -> None:
    files = {"pkg/__init__.py": "", "pkg/settings.py": settings, "pkg/user.py": user}
    assert project(files).lint("PCL214") == []


@pytest.mark.parametrize(
    "settings",
    [
        "language = 0\n\ndef switch(code):\n    global language\n    language += 1\n",
        "language = []\n\ndef switch(code):\n    global language\n    language = [code]\n",
        "def language(): pass\n\ndef switch(code):\n    global language\n    language = code\n",
        "class language: pass\n\ndef switch(c):\n    global language\n    a, language = 1, c\n",
        "language = None\n\ndef switch(c):\n    global language\n    for language in [c]: pass\n",
        "language = None\n\ndef switch(code):\n    def inner():\n        global language\n"
        "        language = code\n    inner()\n",
    ],
)
def test_every_way_of_binding_anew_leaves_the_old_object_here(
    project: Project, settings: str
) -> None:
    main = "from pkg import settings, user\nsettings.switch('de')\n"
    main += "print(user.use() is settings.language)\n"
    files = {"pkg/__init__.py": "", "pkg/settings.py": settings, "pkg/user.py": READER}
    small = project({**files, "main.py": main})
    assert small.places("PCL214") == [("pkg/user.py", 1, 1)]
    assert small.run("main.py").stdout == "False\n"


@pytest.mark.parametrize(
    "value",
    [
        "f'{language}'",
        "f'language {language}'",
        "f'{language} {language!r} language'",
        "f'{{language}} {language:>{len(language)}}'",
        "'é' f'é {language}' + f'{ language }'",
        "f'{[language for x in language]}' + language",
        "f'{language}' 'language' f'{language}'",
    ],
)
def test_the_fix_reaches_into_f_strings(project: Project, value: str) -> None:
    user = f"from .settings import language\n\n\ndef use():\n    return {value}\n"
    main = "from pkg import settings, user\nsettings.language = 'de'\nprint(user.use())\n"
    files = {"pkg/__init__.py": "", "pkg/settings.py": SETTINGS_THAT_SWITCH, "main.py": main}
    shop = project({**files, "pkg/user.py": user})
    assert shop.places("PCL214") == [("pkg/user.py", 1, 1)]
    fixed = shop.fix("PCL214", unsafe=True)["pkg/user.py"]
    assert fixed != user
    expected = eval(value, {"language": "de"})
    assert shop.run("main.py").stdout == f"{expected}\n", fixed


@pytest.mark.parametrize(
    "value",
    [
        "f'''\n{language}'''",
        "f'''language\n  {language} {language}'''",
        "f'''{language}\n  {language}'''",
        "(f'{language}'\n    f'{language}')",
    ],
)
def test_in_an_f_string_of_several_lines_all_uses_are_replaced_or_none(
    project: Project, value: str
) -> None:
    user = f"from .settings import language\n\n\ndef use():\n    return {value}\n"
    files = {"pkg/__init__.py": "", "pkg/settings.py": SETTINGS_THAT_SWITCH, "pkg/user.py": user}
    main = "from pkg import settings, user\nsettings.language = 'de'\nprint(user.use())\n"
    shop = project({**files, "main.py": main})
    fixed = shop.fix("PCL214", unsafe=True)["pkg/user.py"]
    new = eval(value, {"language": "de"})
    assert fixed == user or shop.run("main.py").stdout == f"{new}\n", fixed


def test_tests_are_left_alone(project: Project) -> None:
    files = {"pkg/__init__.py": "", "pkg/settings.py": SETTINGS_THAT_SWITCH}
    assert project({**files, "pkg/test_user.py": READER}).lint("PCL214") == []
    assert len(project({**files, "pkg/user.py": READER}).lint("PCL214")) == 1


# Two names, and the module's own name

TWO = "a = b = 1\n\n\ndef switch():\n    global a, b\n    a = b = 2\n"


def test_all_names_of_a_statement_are_mended_together(project: Project) -> None:
    user = "from .settings import a, switch, b as c\n\n\ndef greet():\n    return a, c\n"
    main = "from shop import user, settings\nsettings.switch()\nprint(user.greet())\n"
    p = project({**shop(settings=TWO, user=user), "main.py": main})
    assert len(p.lint("PCL214")) == 2
    assert p.fix("PCL214", unsafe=True)["shop/user.py"] == (
        "from .settings import switch\nfrom . import settings\n\n\n"
        "def greet():\n    return settings.a, settings.b\n"
    )
    assert p.run("main.py").stdout == "(2, 2)\n"
    assert p.lint("PCL214") == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "from . import settings\nfrom .settings import a, switch\n",
            "from .settings import switch\n",
        ),
        ("import shop.settings as settings\nfrom .settings import a\n", ""),
    ],
)
def test_a_module_that_is_imported_above_is_used(project: Project, before: str, after: str) -> None:
    body = "\n\ndef greet():\n    return a, settings.b\n"
    main = "from shop import user, settings\nsettings.switch()\nprint(user.greet())\n"
    p = project({**shop(settings=TWO, user=before + body), "main.py": main})
    fixed = p.fix("PCL214", unsafe=True)["shop/user.py"]
    assert fixed.startswith(
        before.partition("\n")[0] + "\n" + (after or "from . import settings\n")
    )
    assert p.run("main.py").stdout == "(2, 2)\n"


def test_no_fix_where_the_package_has_something_else_under_the_module_s_name(
    project: Project,
) -> None:
    p = project(shop(__init__="from .settings import language as settings\n"))
    assert [finding.fix for finding in p.lint("PCL214")] == [None]


def test_two_modules_of_one_name_are_not_mixed_up(project: Project) -> None:
    user = "from .settings import a\nfrom .other.settings import b\n\n\ndef greet():\n    return a, b\n"
    files = shop(settings=TWO, user=user) | {
        "shop/other/__init__.py": "",
        "shop/other/settings.py": TWO.replace("2", "3"),
        "main.py": "from shop import user, settings\nfrom shop.other import settings as other\n"
        "settings.switch()\nother.switch()\nprint(user.greet())\n",
    }
    p = project(files)
    assert len(p.lint("PCL214")) == 2
    p.fix("PCL214", unsafe=True)
    assert p.run("main.py").stdout == "(2, 1)\n"


CONFIG = "level = 1\nlog = []\n"
LEVEL = "\n\ndef read():\n    return level\n"
OUTSIDE = [
    ("from config import level", "import reader\nimport config\nconfig.level = 2\n", True),
    ("from config import level", "import reader, config\nif True:\n    config.level = 2\n", True),
    ("from config import level", "import first\nimport config as c\nc.level += 1\n", True),
    (
        "from config import level",
        "import reader\nimport config\nif __name__ == '__main__':\n    config.level = 2\n",
        True,
    ),
    ("from config import *", "import reader\nimport config\nconfig.level = 2\n", True),
    ("from config import *", "import config\nconfig.level = 2\nimport reader\n", False),
    ("from config import level", "import config\nconfig.level = 2\nimport reader\n", False),
    ("import config\nlevel = config.level", "import reader\nimport config\nconfig.level = 2\n", False),
    ("from config import *\nlevel = 2", "import reader\nimport config\nconfig.level = 2\n", False),
]  # fmt: skip


@pytest.mark.parametrize(("imported", "main", "is_stale"), OUTSIDE)
def test_what_another_modules_body_binds_below_its_imports_is_not_seen(
    project: Project, imported: str, main: str, is_stale: bool
) -> None:
    files = {"config.py": CONFIG, "reader.py": imported + LEVEL, "first.py": "import reader\n"}
    shown = "import reader, config\nprint(reader.read(), config.level)\n"
    p = project({**files, "main.py": main + shown})
    old, new = p.run("main.py").stdout.split()
    assert new == "2"
    assert p.places("PCL214") == ([("reader.py", 1, 1)] if is_stale else [])
    assert (old == "1") or not is_stale
    if is_stale and "*" not in imported:
        p.fix("PCL214", unsafe=True)
        assert p.run("main.py").stdout == "2 2\n"


def test_a_name_that_a_function_binds_anew_is_stale_by_a_star_import_too(project: Project) -> None:
    config = f"{CONFIG}\n\ndef raise_level():\n    global level\n    level += 1\n"
    p = project({"config.py": config, "reader.py": "from config import *" + LEVEL})
    p.write({"main.py": "import config, reader\nconfig.raise_level()\nprint(reader.read())\n"})
    assert p.run("main.py").stdout == "1\n"
    assert p.places("PCL214") == [("reader.py", 1, 1)]
    assert [finding.fix for finding in p.lint("PCL214")] == [None]

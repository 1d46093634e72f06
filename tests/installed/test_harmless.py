"""What silences nothing: metaclasses that leave values alone, decorators that give back the class."""

from __future__ import annotations

import pytest
from test_installed_names import lint

DJANGO = {
    "django/__init__.py": "",
    "django/db/__init__.py": "",
    "django/db/models/__init__.py": "from .base import Model\nclass CharField: ...\n",
    "django/db/models/base.py": "class ModelBase(type):\n"
    "    def __new__(cls, name, bases, attrs, **kwargs):\n"
    "        kept = {k: v for k, v in attrs.items() if not hasattr(v, 'contribute_to_class')}\n"
    "        return super().__new__(cls, name, bases, kept)\n\n\n"
    "class Model(metaclass=ModelBase):\n"
    "    def __init__(self, **words):\n"
    "        self.state = []\n"
    "        for name, value in words.items():\n            setattr(self, name, value)\n",
    "other.py": "class Meta(type): ...\nclass Base(metaclass=Meta): ...\n",
}
ITEM = """
    from django.db import models
    from other import Base
    from zope.interface import implementer
    from gone import register, define


    {decorator}
    class Item({base}):
        tags = []
        state = []
        field = models.CharField()

        def remember(self, tag):
            self.tags.append(tag)
            self.state.append(tag)
            self.field.append(tag)
"""
SAID = "`self.tags.append(tag)` changes the list `Item.tags`, which all instances of `Item` share"
STATE = SAID.replace("tags", "state")


def said(project, environment, base: str, decorator: str = "") -> list[str]:
    main = ITEM.format(base=base, decorator=decorator)
    return lint(project, environment, main, DJANGO, "PCL104")


def test_a_metaclass_that_makes_fields_of_its_own_objects_only(project, environment) -> None:
    # What the library itself binds on instances is known.
    assert said(project, environment, "models.Model") == [SAID]


def test_what_is_said_of_a_list_is_so_when_it_runs(project, environment) -> None:
    main = (
        "import sys\nsys.path.insert(0, '.venv/lib/python3.11/site-packages')\n"
        "from django.db import models\n\nclass Item(models.Model):\n    tags = []\n\n"
        "    def remember(self, tag):\n        self.tags.append(tag)\n\n"
        "one, two = Item(), Item()\none.remember('x')\nprint(two.tags)\n"
    )
    made = project({"main.py": main})
    environment(DJANGO, made.root / ".venv")
    assert len(made.messages("PCL104")) == 1
    assert made.run("main.py").stdout == "['x']\n"


def test_another_metaclass_may_do_anything(project, environment) -> None:
    assert said(project, environment, "Base") == []
    assert said(project, environment, "models.Model, Base") == []


@pytest.mark.parametrize("decorator", ["@implementer(Base)", ""])
def test_a_decorator_that_gives_back_the_class(project, environment, decorator: str) -> None:
    assert said(project, environment, "", decorator) == [SAID, STATE]


@pytest.mark.parametrize("decorator", ["@register", "@register('x')"])
def test_a_decorator_that_is_not_found(project, environment, decorator: str) -> None:
    unless = ", unless `register`, which was not found, changes the class"
    assert said(project, environment, "", decorator) == [SAID + unless, STATE + unless]
    assert said(project, environment, "models.Model", decorator) == [SAID + unless]


def test_conditions_on_a_base_and_a_decorator_are_both_named(project, environment) -> None:
    main = ITEM.format(base="Gone", decorator="@register").replace("define", "define, Gone")
    [first, _] = lint(project, environment, main, DJANGO, "PCL104")
    assert first == (
        f"{SAID}, unless `Gone`, which was not found, sets `tags` itself, or `register`, which was "
        "not found, changes the class"
    )


@pytest.mark.parametrize("decorator", ["@define", "@attr.s", "@unheard_of", "@register.inner[0]"])
def test_a_decorator_that_may_make_fields(project, environment, decorator: str) -> None:
    assert said(project, environment, "", decorator) == []


@pytest.mark.parametrize(
    ("made", "is_said"),
    [
        ("Factory()", True),
        ("Factory('name', [1, 2], port=3)", True),
        ("Factory(self)", False),
        ("Factory(Server)", False),
        ("Factory(handlers=[self])", False),
        ("factory()", False),
        ("Factory.of('server')", False),
        ("Factory().server", False),
        ("Factory()()", False),
    ],
)
def test_a_call_that_is_given_nothing_of_ours_makes_nothing_of_ours(
    project, environment, made: str, is_said: bool
) -> None:
    main = f"""
        from gone import Factory, factory


        class Server:
            methods = {{}}

            def __init__(self):
                self.factory = {made}
                self.factory.methods = {{}}

            def register(self, name, method):
                self.methods[name] = method
    """
    assert bool(lint(project, environment, main, {}, "PCL104")) is is_said

"""What is certain below classes of which there is only a stub: orders, metaclasses, `super`."""

from __future__ import annotations

import pytest
from test_installed_names import lint

QT = {
    "PyQt6/__init__.py": "",
    "PyQt6/sip.abi3.so": "",
    "PyQt6/sip.pyi": "class wrappertype: ...\nclass simplewrapper: ...\n"
    "class wrapper(simplewrapper): ...\n",
    "PyQt6/QtCore.abi3.so": "",
    "PyQt6/QtCore.pyi": "import PyQt6.sip\nimport typing\nimport collections.abc\n"
    "class QObject(PyQt6.sip.wrapper): ...\n"
    "class QList(QObject, collections.abc.Sequence, typing.Generic): ...\n",
    "fast/__init__.abi3.so": "",
    "fast/__init__.pyi": "import abc\nclass Meta(type): ...\nclass Thing(metaclass=Meta): ...\n"
    "class Abstract(metaclass=abc.ABCMeta): ...\n",
}
HEAD = (
    "import abc, collections.abc, typing\nfrom PyQt6.QtCore import QObject, QList\n"
    "from fast import Thing, Meta, Abstract\nfrom sqlalchemy.orm import declarative_base\n\n"
    "class Own(QObject): ...\nclass OwnMeta(type): ...\nclass WithMeta(metaclass=OwnMeta): ...\n"
    "class Below(Meta): ...\nclass WithBelow(metaclass=Below): ...\nclass Plain: ...\n"
    "class Both(type(QObject), abc.ABCMeta): ...\nBase = declarative_base()\n"
    "class Item(Base): ...\n@unheard_of\nclass Replaced(QObject): ...\n"
)


def said(project, environment, header: str, code: str) -> list[str]:
    return lint(project, environment, f"{HEAD}class Last({header}): ...\n", QT, code)


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("QObject, Own", "its base `QObject` stands before `Own`, which is derived from it"),
        ("object, QObject", "its base `object` stands before `QObject`, which is derived from it"),
        ("QObject, Plain, QObject", "its base `QObject` stands there twice"),
        ("Base, Item", "its base `Base` stands before `Item`, which is derived from it"),
    ],
)
def test_there_is_no_order(project, environment, header: str, reason: str) -> None:
    assert said(project, environment, header, "PCL305") == [
        f"making `Last` raises TypeError: {reason}"
    ]


@pytest.mark.parametrize(
    "header",
    [
        "Own, QObject",
        "Own, Plain, QObject",
        "typing.Generic, QList",
        "collections.abc.Sequence, QList",
        "QObject, Own, WithMeta",  # their metaclasses are what is told first
        "QObject, Own, metaclass=Both",
        "QObject, Replaced",
        "QObject, unheard_of",
    ],
)
def test_there_may_be_an_order(project, environment, header: str) -> None:
    assert said(project, environment, header, "PCL305") == []


@pytest.mark.parametrize(
    ("header", "one", "other"),
    [
        (
            "QObject, abc.ABC",
            "`wrappertype`, the metaclass of `QObject`,",
            "`ABCMeta`, that of `abc.ABC`,",
        ),
        ("abc.ABC, Own", "`wrappertype`, the metaclass of `Own`,", "`ABCMeta`, that of `abc.ABC`,"),
        (
            "Own, metaclass=abc.ABCMeta",
            "`wrappertype`, the metaclass of `Own`,",
            "`metaclass=ABCMeta`",
        ),
        (
            "Own, WithMeta",
            "`wrappertype`, the metaclass of `Own`,",
            "`OwnMeta`, that of `WithMeta`,",
        ),
        ("Thing, WithMeta", "`Meta`, the metaclass of `Thing`,", "`OwnMeta`, that of `WithMeta`,"),
    ],
)
def test_metaclasses_are_out_of_line(project, environment, header, one, other) -> None:
    [message] = said(project, environment, header, "PCL304")
    assert message.endswith(f"neither {one} nor {other} is derived from the other")


@pytest.mark.parametrize(
    "header",
    [
        "QObject, Plain",
        "QObject, metaclass=Both",
        "Thing, WithBelow",
        "Thing, abc.ABC",  # the real one may be derived from what Python has
        "Abstract, WithMeta",
        "Replaced, abc.ABC",
        "Item, WithMeta",
        "QObject, unheard_of",
    ],
)
def test_metaclasses_may_be_in_line(project, environment, header: str) -> None:
    assert said(project, environment, header, "PCL304") == []


def test_super_of_a_class_that_is_no_base(project, environment) -> None:
    main = """
        from PyQt6.QtCore import QObject
        from gone import Gone


        class Other:
            def run(self): ...


        class Last(QObject):
            def run(self):
                super(Other, self).run()


        class Mixed(QObject, Gone):
            def run(self):
                super(Other, self).run()
    """
    assert lint(project, environment, main, QT, "PCL409") == [
        "`super(Other, self)` in `Last`: `self` is no instance of `Other`, which is no base of "
        "`Last`: TypeError"
    ]

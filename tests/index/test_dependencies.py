"""What a project declares that it depends on."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyconcepts_lint.index.dependencies import declared, declaring_files, lowest_minor

FILES = {
    "pyproject.toml": """
        [build-system]
        requires = ["hatchling>=1"]
        [project]
        name = "shop"
        version = "1"
        keywords = ["basket", "prices"]
        dependencies = ["requests[socks]>=2 ; python_version > '3'", "ruamel.yaml", "PyYAML"]
        [project.optional-dependencies]
        fast = ["python-dateutil"]
        [project.scripts]
        report = "shop.report:main"
        [dependency-groups]
        dev = ["pytest", {include-group = "docs"}]
        [tool.poetry.dependencies]
        flask = "^1"
        celery = {version = "*", extras = ["redis"]}
        [[tool.mypy.overrides]]
        module = "models.*"
        """,
    "setup.cfg": """
        [metadata]
        name = shop
        [options]
        packages = find:
        install_requires =
            lxml
            beautifulsoup4 >= 4
        [options.extras_require]
        images = Pillow
        """,
    "setup.py": """
        from setuptools import setup
        TEST_REQUIRES = ['mock', "nose>=1"]
        setup(name='shop', packages=["shop", 'util'], py_modules=['single'],
              install_requires=[
                  "SQLAlchemy>=0.5",  # (why]
                  'six',
              ] + TEST_REQUIRES, extras_require={'x': ["simplejson"]}, scripts=['run'])
        """,
    "requirements.txt": "gevent==1.0  # why\n-r more.txt\n\nzope.interface\n# comment\n",
    "dev-requirements.in": "tox\n",
    "requirements/base.txt": "Django\n",
    "Pipfile": '[packages]\nboto = "*"\n[requires]\npython_version = "2.7"\n',
    "environment.yml": "dependencies:\n  - numpy=1.2\n  - pip:\n    - pika\n",
    "tox.ini": "[testenv]\ndeps =\n    webtest\ncommands = coverage run\n",
    "notes.txt": "ghost\n",
}
THERE = [
    "hatchling",
    "requests",
    "ruamel",
    "ruamel_yaml",
    "yaml",
    "dateutil",
    "pytest",
    "flask",
    "celery",
    "lxml",
    "bs4",
    "pil",
    "mock",
    "nose",
    "sqlalchemy",
    "six",
    "simplejson",
    "gevent",
    "zope",
    "zope_interface",
    "tox",
    "django",
    "boto",
    "numpy",
    "pika",
    "webtest",
]
NOT_THERE = [
    "shop",
    "name",
    "version",
    "basket",
    "prices",
    "report",
    "main",
    "models",
    "packages",
    "util",
    "single",
    "run",
    "ghost",
    "commands",
    "coverage",
    "keywords",
    "setup",
]


@pytest.fixture
def root(tmp_path: Path) -> str:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        lines = text.splitlines()
        path.write_text("\n".join(line.removeprefix(" " * 8) for line in lines) + "\n")
    return str(tmp_path)


def test_names_of_dependencies_are_found_wherever_they_are_declared(root: str) -> None:
    assert set(THERE) <= declared(root)


def test_other_words_of_those_files_are_not_taken_for_dependencies(root: str) -> None:
    assert declared(root).isdisjoint(NOT_THERE)


def test_files_are_those_that_can_declare(root: str) -> None:
    names = {str(Path(path).relative_to(root)) for path in declaring_files(root)}
    assert names == set(FILES) - {"notes.txt"}


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"pyproject.toml": "not = [toml"},
        {"setup.cfg": "no section\n"},
        {"setup.py": "install_requires=['six\n"},
        {"setup.py": "install_requires=[\n"},
        {"requirements.txt": "\xff"},
    ],
)
def test_files_that_can_not_be_read_declare_nothing(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_bytes(text.encode("latin-1"))
    assert declared(str(tmp_path)) == frozenset()
    assert declared(str(tmp_path / "missing")) == frozenset()


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("pyproject.toml", '[project]\nrequires-python = ">=3.12"\n', 12),
        ("pyproject.toml", "[project]\nrequires-python='>= 3.10, <4'\n", 10),
        ("pyproject.toml", '[project]\nrequires-python = "~=3.13.1"\n', 13),
        ("pyproject.toml", '[project]\nrequires-python = ">=2.7, !=3.0.*"\n', 0),
        ("pyproject.toml", '[project]\n# requires-python = ">=3.12"\n', 0),
        ("pyproject.toml", '[tool.poetry.dependencies]\npython = "^3.12"\n', 12),
        ("setup.cfg", "[options]\npython_requires = >=3.12\n", 12),
        ("setup.py", "setup(\n    python_requires='>=3.9',\n)\n", 9),
        ("setup.py", "setup()\n", 0),
        ("Pipfile", "", 0),
    ],
)
def test_the_lowest_python_a_project_asks_for(
    tmp_path: Path, name: str, text: str, expected: int
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    assert lowest_minor(str(tmp_path)) == expected

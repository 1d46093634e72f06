"""The table of what standard-library modules load, against the running interpreter."""

from __future__ import annotations

import sys

import pytest
from make_standard import VERSIONS, is_of_interest, loaded, modules

from pyconcepts_lint.index.standard import PACKAGES, SUBMODULES, loads

OFTEN_USED = (
    *("argparse", "ast", "collections.abc", "concurrent.futures", "dataclasses", "email.message"),
    *("functools", "html.parser", "http.client", "importlib.metadata", "importlib.resources"),
    *("inspect", "logging.handlers", "multiprocessing.pool", "os", "pathlib", "pkgutil", "re"),
    *("shutil", "sqlite3", "subprocess", "tempfile", "typing", "unittest.mock", "urllib.request"),
    *("uuid", "xml.dom.minidom", "xml.etree.ElementTree", "xmlrpc.client", "zipfile"),
)

known_version = pytest.mark.skipif(
    "{}.{}".format(*sys.version_info) not in VERSIONS, reason="the table was made for others"
)


def unexpected(name: str) -> set[str]:
    """What importing a module loads and the table doesn't say."""
    live = loaded(sys.executable, name)
    return set() if live is None else (live & SUBMODULES) - loads(name)


@known_version
@pytest.mark.parametrize("name", sorted({*PACKAGES, *OFTEN_USED} - {"distutils.command"}))
def test_module_loads_no_more_than_the_table_says(name: str) -> None:
    assert unexpected(name) == set()


@known_version
@pytest.mark.corpus
def test_no_module_loads_more_than_the_table_says() -> None:
    found, _, _ = modules(sys.executable)
    wrong = {name: unexpected(name) for name in filter(is_of_interest, found)}
    assert {name: more for name, more in wrong.items() if more} == {}


def test_some_that_are_known_by_heart() -> None:
    assert loads("xml") == loads("concurrent") == loads("urllib") == loads("os") == frozenset()
    assert "xml.dom" in loads("xml.dom.minidom")
    assert "importlib.util" in loads("pkgutil")
    assert "logging.handlers" in loads("logging.config")
    assert "concurrent.futures" in loads("asyncio")
    assert not {"importlib.util", "importlib.abc"} & loads("importlib")
    assert {name.rpartition(".")[0] for name in SUBMODULES} == PACKAGES

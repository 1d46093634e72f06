"""What a project says that it depends on, as names that could be imported; and which Pythons run it.

What a distribution installs isn't told by its name. Names that could be meant are taken for
meant: callers want to be sure that something is *not* a dependency.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator

from ..base.lazy import lazy_pattern
from ..base.regular import read_regular

# Distributions whose name gives no hint of what they install.
_INSTALLS = {
    "attrs": ("attr",),
    "beautifulsoup": ("BeautifulSoup",),
    "beautifulsoup4": ("bs4",),
    "djangorestframework": ("rest_framework",),
    "pycrypto": ("Crypto",),
    "pycryptodome": ("Crypto",),
    "pillow": ("PIL",),
    "opencv_python": ("cv2",),
    "protobuf": ("google",),
    "pyserial": ("serial",),
    "pyusb": ("usb",),
    "pywin32": ("win32api", "win32con", "pythoncom", "pywintypes", "winreg"),
    "pyzmq": ("zmq",),
    "scikit_image": ("skimage",),
    "scikit_learn": ("sklearn",),
    "setuptools": ("pkg_resources",),
    "msgpack_python": ("msgpack",),
    "pymongo": ("bson", "gridfs"),
    "mysqlclient": ("MySQLdb",),
    "psycopg2_binary": ("psycopg2",),
    "pyopenssl": ("OpenSSL",),
    "pyjwt": ("jwt",),
    "google_api_python_client": ("apiclient", "googleapiclient"),
    "gitpython": ("git",),
    "pygobject": ("gi",),
    "wxpython": ("wx",),
}
# What a setting that holds requirements is called.
_SETTING = lazy_pattern(r"requires?\b|requirements?\b|dependenc|\bdeps\b", re.IGNORECASE)
_ASSIGNED = lazy_pattern(
    rf"""(?<!\w)(?>\w*?(?:{_SETTING.pattern}))\w*+["']?\s*+[=:]\s*+(?=[\[({{"'])""",
    re.IGNORECASE,
)
_STRING = lazy_pattern(r"""(["'])(.*?)\1""", re.DOTALL)
_NAME = lazy_pattern(r"[A-Za-z0-9][\w.-]*")
# `requires-python` of pyproject.toml, and setuptools' and poetry's own.
_REQUIRES_PYTHON = lazy_pattern(
    r"""^(?:[ \t]*["']?python|[^#\r\n]*\b(?:requires-python|python_requires))["']?[ \t]*[=:]"""
    r"""[ \t]*["']?([^"'\r\n]*)""",
    re.MULTILINE,
)
_LOWEST_MINOR = lazy_pattern(r"(?:>=|~=|==|\^)\s*3\.(\d+)")
_AFFIX = lazy_pattern(r"^(?:python|py|lib)[_-]?|[_-]?(?:python|py)[23]?$")


def declaring_files(root: str) -> Iterator[str]:
    """The files in a project's root in which dependencies are declared by custom."""
    for directory in (root, os.path.join(root, "requirements")):
        try:
            names = sorted(os.listdir(directory))
        except OSError:
            continue
        for name in names:
            if _reader(name, directory == root) is not None:
                yield os.path.join(directory, name)


def declared(root: str) -> frozenset[str]:
    """The names, in lower case, by which what a project depends on may be imported."""
    return frozenset(name for written in _written(root) for name in _importable(written))


def requirements(root: str) -> frozenset[str]:
    """The names of the distributions that a project depends on, in lower case, with `_` for `-`."""
    found = (_NAME.match(written) for written in _written(root))
    return frozenset(_normalized(match[0]) for match in found if match is not None)


def _written(root: str) -> Iterator[str]:
    """The requirements that the files of a project name."""
    for path in declaring_files(root):
        directory, name = os.path.split(path)
        read = _reader(name, directory == root)
        assert read is not None
        try:
            yield from list(read(_text_of(path)))
        except (OSError, ValueError):
            continue


def _text_of(path: str) -> str:
    """Raises OSError or ValueError."""
    return read_regular(path).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def lowest_minor(root: str) -> int:
    """The 3.x from which on Python runs a project, as far as it says so; else 0."""
    for name in ("pyproject.toml", "setup.cfg", "setup.py"):
        try:
            required = _REQUIRES_PYTHON.search(_text_of(os.path.join(root, name)))
        except (OSError, ValueError):
            continue
        if required is not None:
            return max((int(minor) for minor in _LOWEST_MINOR.findall(required[1])), default=0)
    return 0


def _reader(name: str, in_root: bool) -> Callable[[str], Iterator[str]] | None:
    """What finds the requirements in the text of a file of that name."""
    stem, suffix = os.path.splitext(name)
    if suffix in (".txt", ".in") and (not in_root or "requirements" in stem):
        return _lines
    return _READERS.get(name) if in_root else None


def _lines(text: str) -> Iterator[str]:
    for line in text.splitlines():
        yield line.strip().removeprefix("- ").lstrip()


def _toml(text: str) -> Iterator[str]:
    import tomli

    waiting: list[tuple[object, bool]] = [(tomli.loads(text), False)]
    while waiting:
        value, wanted = waiting.pop()
        if isinstance(value, dict):
            for key, item in value.items():
                if not wanted or isinstance(item, list):
                    waiting.append((item, wanted or _holds_requirements(key)))
                elif not key.startswith("python_"):  # Pipfile's `python_version`
                    yield key
        elif isinstance(value, list):
            waiting += [(item, wanted) for item in value]
        elif wanted and isinstance(value, str):
            yield value


def _holds_requirements(key: str) -> bool:
    return bool(_SETTING.search(key)) or key in ("packages", "dev-packages")


def _ini(text: str) -> Iterator[str]:
    import configparser

    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        raise ValueError(str(error)) from None
    for section in parser.sections():
        for key, value in parser.items(section):
            if value and (_SETTING.search(key) or _SETTING.search(section)):
                yield from _lines(value)


def _python(text: str) -> Iterator[str]:
    """The strings in the brackets behind `install_requires=`, `REQUIREMENTS =` and their like."""
    for match in _ASSIGNED.finditer(text):
        depth, position = 0, match.end()
        while position < len(text):
            string = _STRING.match(text, position)
            if string is not None:
                yield string[2]
                position = string.end() - 1
            else:
                depth += (text[position] in "([{") - (text[position] in ")]}")
            position += 1
            if depth <= 0:
                break


_READERS: dict[str, Callable[[str], Iterator[str]]] = {
    "Pipfile": _toml,
    "environment.yaml": _lines,
    "environment.yml": _lines,
    "pyproject.toml": _toml,
    "setup.cfg": _ini,
    "setup.py": _python,
    "tox.ini": _ini,
}


def _normalized(name: str) -> str:
    return re.sub(r"[-_.]+", "_", name).lower()


def _importable(requirement: str) -> Iterator[str]:
    match = _NAME.match(requirement)
    if match is None:
        return
    name = _normalized(match[0])
    yield name
    yield _AFFIX.sub("", name)
    yield name.partition("_")[0]
    for known in _INSTALLS.get(name, ()):
        yield known.lower()

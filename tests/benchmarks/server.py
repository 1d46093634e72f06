"""Measure the language server: from a keystroke to the diagnostics, its start, its memory.

    python tests/benchmarks/server.py [--turns N] [--corpus DIR] [--write FILE]

Two copies of the corpus are one project, whose cache is warm. An editor has five files open: one of
about 500 lines in which it types, a base class and three modules with subclasses of it.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path, PurePath
from statistics import median
from typing import Any, NamedTuple

import corpora

LINES = 500
"""Those of the file that is typed in."""
PATIENCE = 100
"""Seconds after which nothing more is waited for."""
QUIET = 2.0
"""Seconds without a message and without work after which a server has nothing to do."""
BASE = """\
class Base:
    __slots__ = ("first",)


class Other:
    pass
"""
USER = """\
from base_of_it import Base


class Sub(Base):
    __slots__ = ()

    def __init__(self):
        self.first = 1
        self.second = 2
"""
USERS = 3


class Turn(NamedTuple):
    """What one answer took: seconds of wall time, and of CPU time of the server."""

    wall: float
    cpu: float


class Measured(NamedTuple):
    """All that is measured."""

    typed: list[Turn]
    """A character in a function's body, to the diagnostics of its file."""
    named: list[Turn]
    """A character of a name that other files can see, to the diagnostics of its file."""
    dependents: list[Turn]
    """A change of a base class, to the diagnostics of all open files with subclasses of it."""
    started: list[Turn]
    """The start of the program, to the diagnostics of the file that is opened."""
    memory: list[int]
    """Bytes, when there is nothing left to do."""
    peak: list[int]
    """Bytes, at most."""


class Server:
    """A server and its editor.

    Args:
        command: the program and its arguments.
        root: the project.
        environment: its environment variables.
    """

    def __init__(
        self, command: Sequence[str], root: Path, environment: Mapping[str, str] | None
    ) -> None:
        self.root = root
        self.begun = time.perf_counter()
        self._process = subprocess.Popen(
            command,
            cwd=root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._received: queue.Queue[tuple[float, dict[str, Any]]] = queue.Queue()
        self._number = 0
        self._versions: dict[str, int] = {}
        threading.Thread(target=self._read, daemon=True).start()
        folder = {"uri": root.as_uri(), "name": root.name}
        capabilities = {"textDocument": {"publishDiagnostics": {"versionSupport": True}}}
        self._ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root.as_uri(),
                "workspaceFolders": [folder],
                "capabilities": capabilities,
            },
        )
        self._tell("initialized", {})

    def open(self, name: str, text: str) -> None:
        self._versions[name] = 1
        item = {"uri": self._uri(name), "languageId": "python", "version": 1, "text": text}
        self._tell("textDocument/didOpen", {"textDocument": item})

    def type(self, name: str, line: int, character: int, new: str, *, instead: int = 0) -> None:
        """Put characters at a place, instead of so many that stand there."""
        self._versions[name] += 1
        document = {"uri": self._uri(name), "version": self._versions[name]}
        start = {"line": line, "character": character}
        end = {"line": line, "character": character + instead}
        change = {"range": {"start": start, "end": end}, "text": new}
        params = {"textDocument": document, "contentChanges": [change]}
        self._tell("textDocument/didChange", params)

    def until_shown(self, names: Iterable[str], holds: Callable[[dict[str, Any]], bool]) -> float:
        """Wait for diagnostics of some files; gives when the last of them came."""
        left = {self._uri(name) for name in names}
        at = 0.0
        while left:
            at, message = self._next()
            if message.get("method") == "textDocument/publishDiagnostics":
                params = message["params"]
                if params["uri"] in left and holds(params):
                    left.remove(params["uri"])
        return at

    def until_version(self, name: str) -> float:
        """Wait for the diagnostics of the text as it is now."""
        return self.until_shown(
            [name], lambda params: bool(params.get("version") == self._versions[name])
        )

    def until_quiet(self) -> None:
        """Wait until there is nothing left to do."""
        before = -1.0
        while self.cpu() - before > 0.02:
            before = self.cpu()
            time.sleep(QUIET)
        while not self._received.empty():
            self._received.get()

    def cpu(self) -> float:
        """Seconds of CPU time so far, of all threads."""
        total = 0
        for task in Path(f"/proc/{self._process.pid}/task").iterdir():
            total += int((task / "schedstat").read_text(encoding="ascii").split()[0])
        return total / 1e9

    def memory(self, of: str) -> int:
        """Bytes: `VmRSS` now, `VmHWM` at most."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        (line,) = (line for line in status.splitlines() if line.startswith(f"{of}:"))
        return int(line.split()[1]) * 1024

    def end(self) -> None:
        self._ask("shutdown", None)
        self._tell("exit", None)
        self._process.wait(PATIENCE)

    def _uri(self, name: str) -> str:
        return (self.root / name).as_uri()

    def _ask(self, method: str, params: object) -> None:
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while self._next()[1].get("id") != self._number:
            pass

    def _tell(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(data), data))
        self._process.stdin.flush()

    def _next(self) -> tuple[float, dict[str, Any]]:
        return self._received.get(timeout=PATIENCE)

    def _read(self) -> None:
        assert self._process.stdout is not None
        while True:
            length = 0
            while line := self._process.stdout.readline().strip():
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                return
            data = self._process.stdout.read(length)
            self._received.put((time.perf_counter(), json.loads(data)))


def lay_out(corpus: corpora.Corpus, root: Path) -> str:
    """Write the project; gives the name of the file to type in."""
    twice = corpus.copies(2)
    twice.write(root)
    (root / "base_of_it.py").write_text(BASE, encoding="utf-8")
    for number in range(USERS):
        (root / f"user{number}.py").write_text(USER, encoding="utf-8")
    return typed_in(twice).as_posix()


def typed_in(corpus: corpora.Corpus) -> PurePath:
    """The file with a function whose number of lines is nearest to what is asked for."""

    def distance(path: PurePath) -> tuple[int, PurePath]:
        return abs(corpus.files[path].count(b"\n") - LINES), path

    return min((path for path, data in corpus.files.items() if b"\ndef " in data), key=distance)


def measure(
    command: Sequence[str], root: Path, name: str, turns: int, environment: Mapping[str, str] | None
) -> Measured:
    """Measure a server in a project that is laid out."""
    text = (root / name).read_text(encoding="utf-8")
    warm_up(command, root, environment)
    measured = Measured([], [], [], [], [], [])
    for _ in range(turns):
        server = Server(command, root, environment)
        server.open(name, text)
        at = server.until_version(name)
        measured.started.append(Turn(at - server.begun, server.cpu()))
        server.end()
    server = Server(command, root, environment)
    server.open(name, text)
    server.open("base_of_it.py", BASE)
    for number in range(USERS):
        server.open(f"user{number}.py", USER)
    server.until_quiet()
    measured.memory.append(server.memory("VmRSS"))
    _type(server, name, text, turns, measured)
    _change_base(server, turns, measured)
    server.until_quiet()
    measured.memory.append(server.memory("VmRSS"))
    measured.peak.append(server.memory("VmHWM"))
    server.end()
    return measured


def warm_up(command: Sequence[str], root: Path, environment: Mapping[str, str] | None) -> None:
    """Let a server fill the cache: it trusts no time stamp that is as new as the look at it."""
    for _ in range(2):
        time.sleep(1)
        server = Server(command, root, environment)
        server.until_quiet()
        server.end()


def _type(server: Server, name: str, text: str, turns: int, measured: Measured) -> None:
    lines = text.split("\n")
    line = max(n for n, each in enumerate(lines) if each.startswith("def "))
    server.type(name, line, 0, "def zzz():\n    pass\n\n\n")
    server.until_version(name)
    for at, character, kept in ((line + 1, 8, measured.typed), (line, 7, measured.named)):
        server.until_quiet()
        for number in range(turns):
            cpu, begun = server.cpu(), time.perf_counter()
            new = "_abcdefghij"[number % 10]
            server.type(name, at, character, new)
            end = server.until_version(name)
            kept.append(Turn(end - begun, server.cpu() - cpu))
            time.sleep(0.3)


def _change_base(server: Server, turns: int, measured: Measured) -> None:
    before, after = '("first",)', '("first", "second")'
    server.until_quiet()
    for number in range(turns):
        old, new = (before, after) if number % 2 == 0 else (after, before)
        cpu, begun = server.cpu(), time.perf_counter()
        server.type("base_of_it.py", 1, 16, new, instead=len(old))
        wanted = number % 2

        def holds(params: dict[str, Any], wanted: int = wanted) -> bool:
            return any(each["code"] == "PCL606" for each in params["diagnostics"]) == bool(wanted)

        end = server.until_shown([f"user{user}.py" for user in range(USERS)], holds)
        measured.dependents.append(Turn(end - begun, server.cpu() - cpu))
        server.until_quiet()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--write", type=Path)
    parser.add_argument("--keep", type=Path, help="where the project is laid out, and stays")
    options = parser.parse_args()
    corpus = corpora.load(options.corpus)
    with tempfile.TemporaryDirectory(prefix="pyconcepts-benchmark-") as scratch:
        root = (options.keep or Path(scratch) / "project").resolve()
        name = typed_in(corpus.copies(2)).as_posix() if root.exists() else lay_out(corpus, root)
        command = [sys.executable, "-m", "pyconcepts_lint", "server"]
        measured = measure(command, root, name, options.turns, None)
    print(name)
    for what, turns in measured._asdict().items():
        if what in ("memory", "peak"):
            print(what, [round(each / 1e6) for each in turns])
        else:
            walls, cpus = ([each[n] * 1000 for each in turns] for n in (0, 1))
            print(f"{what}: {median(walls):.0f} ms, CPU {median(cpus):.0f} ms")
            print("   ", " ".join(f"{a:.0f}/{b:.0f}" for a, b in zip(walls, cpus, strict=True)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

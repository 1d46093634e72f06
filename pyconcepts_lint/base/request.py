"""What a run is asked to do: the same for the command line, the API and the tests."""

from __future__ import annotations

from .typed import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from concurrent.futures import Executor
    from typing import Any

    from .finding import Finding

    Progress = Callable[[int, int], None]
    Choose = Callable[[Sequence[Finding], Mapping[str, bytes]], list[Finding]]


class RunRequest(NamedTuple):
    """A run.

    `paths` are files and directories; "-" is standard input, whose bytes are `stdin` and whose
    path, which decides its project, is `stdin_filename`. With `alone`, "-" is a project of its
    own: nothing is read that lies around its file.

    `fix` makes the safe fixes, with `unsafe_fixes` the unsafe ones too. Without `write`, fixed
    files are only in the report's `changed`. Without `fix_elsewhere`, fixes of "-" that change
    other files aren't made.

    `jobs` is the number of processes, None for as many as there are processors; an `executor`
    does the work instead. Without `gate` every file is looked at whole, whatever the rules look
    for; the findings are the same.

    `ask` gives those findings whose fixes are to be made, as they are to be made.
    """

    paths: tuple[str, ...]
    stdin: bytes | None = None
    stdin_filename: str | None = None
    alone: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    write: bool = True
    fix_elsewhere: bool = True
    jobs: int | None = None
    executor: Executor | None = None
    gate: bool = True
    ask: Choose | None = None


class Options:
    """What the command line says, by the names of the options."""

    def __init__(self, **values: object) -> None:
        vars(self).update(values)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

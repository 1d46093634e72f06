"""`pyconcepts-lint server`: a language server for editors, over standard input and output."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from ..base.errors import Error
from ..base.typed import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from typing import NoReturn


def run(arguments: Sequence[str]) -> int:
    """Serve until the editor ends it. Returns the exit code. Raises Error."""
    try:
        options = parser().parse_args(arguments)
    except SystemExit as done:  # --help
        return int(done.code or 0)
    try:
        from ..server.options import Options
        from ..server.session import Session
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise Error(
            f"server: {error.name} is missing; pip install 'pyconcepts-lint[server]' brings it"
        ) from None
    config = None if options.config is None else os.path.abspath(options.config)
    if config is not None and not os.path.isfile(config):
        raise Error(f"server: --config: there is no file {options.config}")
    stdin = os.fdopen(os.dup(0), "rb")
    stdout = os.fdopen(os.dup(1), "wb")
    # Whatever else writes to standard output would be taken for a message.
    os.dup2(2, 1)
    code = Session(Options({}, config, options.isolated)).run(stdin, stdout)
    sys.stderr.flush()
    # What is known may be large: taking it apart would take longer than an editor waits.
    os._exit(code)


def parser() -> argparse.ArgumentParser:
    """The options of `server`."""
    import argparse

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise Error(f"server: {message} (see pyconcepts-lint server --help)")

    made = Parser(
        prog="pyconcepts-lint server",
        description="Serves editors: the language server protocol, over standard input and output.",
        allow_abbrev=False,
    )
    made.add_argument("--stdio", action="store_true", help="as it is without; editors add it")
    made.add_argument("--config", metavar="FILE", help="read the settings from this TOML file")
    made.add_argument("--isolated", action="store_true", help="read no settings file")
    return made

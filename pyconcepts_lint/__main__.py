"""`python -m pyconcepts_lint`, and the command `pyconcepts-lint`."""

from __future__ import annotations

import gc
import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given in (["--version"], ["-V"]):
        from . import __version__

        print(f"pyconcepts-lint {__version__}")
        return 0
    from .cli import run

    if arguments is not None:
        return run(given)
    # This process ends when the run does: what it leaves behind needs no looking for cycles,
    # neither on the way nor when the interpreter shuts down.
    gc.disable()
    try:
        return run(given)
    finally:
        gc.freeze()


if __name__ == "__main__":
    sys.exit(main())

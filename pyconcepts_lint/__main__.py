"""`python -m pyconcepts_lint`, and the command `pyconcepts-lint`."""

from __future__ import annotations

import sys


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given in (["--version"], ["-V"]):
        from . import __version__

        print(f"pyconcepts-lint {__version__}")
        return 0
    from .cli import run

    return run(given)


if __name__ == "__main__":
    sys.exit(main())

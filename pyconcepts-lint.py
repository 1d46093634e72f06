"""`python -m pyconcepts-lint`, for tools that start a linter by the name of its distribution: nbQA."""

# As in `pyconcepts_lint/__main__.py`: nothing is imported from the working directory.
import os
import sys


def _start() -> int:
    try:
        here = {"", os.getcwd()}
    except OSError:
        here = {""}
    if not sys.flags.safe_path and sys.path and sys.path[0] in here:
        del sys.path[0]
    from pyconcepts_lint.__main__ import main

    return main()


if __name__ == "__main__":
    sys.exit(_start())

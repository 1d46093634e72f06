"""`python -m pyconcepts_lint`, and the command `pyconcepts-lint`."""

# `python -m` looks in the working directory first, which may be a hostile project's. What is
# imported up to here is built in, or loaded by Python itself: not even __future__ is.
import gc
import os
import sys


def _leave_out_working_directory() -> None:
    """Import nothing, and take no entry points, from the working directory."""
    try:
        here = {"", os.getcwd()}
    except OSError:
        here = {""}
    if not sys.flags.safe_path and sys.path and sys.path[0] in here:
        del sys.path[0]


if __name__ == "__main__":
    _leave_out_working_directory()


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; gives the exit code."""
    if arguments is not None:
        return _main(arguments)
    from .base import stopping

    try:
        stopping.listen()
        code = _main(None)
    except stopping.Stopped as error:
        code = error.exit_code
    return stopping.leave(code)


def _print(text: str) -> bool:
    """Print it, if there is where to."""
    try:
        print(text, flush=True)
    except OSError:
        return False
    return sys.stdout is not None


def _main(arguments: list[str] | None) -> int:
    given = sys.argv[1:] if arguments is None else arguments
    if given in (["--version"], ["-V"]):
        from .base.errors import __version__

        if _print(f"pyconcepts-lint {__version__}"):
            return 0
    from .frontends.cli import run

    if arguments is not None:
        return run(given)
    # So that the processes that it starts look there no more than it does.
    os.environ["PYTHONSAFEPATH"] = "1"
    # This process ends when the run does: what it leaves behind needs no looking for cycles,
    # neither on the way nor when the interpreter shuts down.
    gc.disable()
    try:
        return run(given)
    finally:
        gc.freeze()


if __name__ == "__main__":
    sys.exit(main())

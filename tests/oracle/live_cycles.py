"""Imports modules first, each as in a fresh interpreter; run by itself, in a process.

    python live_cycles.py directory module ...

Prints, as JSON, what the import of each module raises: the type, and the file and line where it
happens; null where it raises nothing.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import sys
from contextlib import redirect_stdout


def outcome(directory: str, name: str) -> list[object] | None:
    for loaded in list(sys.modules):
        if str(getattr(sys.modules[loaded], "__file__", None)).startswith(directory):
            del sys.modules[loaded]
    try:
        with redirect_stdout(io.StringIO()):  # what modules print is no part of the answer
            importlib.import_module(name)
    except Exception as error:
        place: list[object] = []
        traceback = error.__traceback__
        while traceback is not None:
            path = traceback.tb_frame.f_code.co_filename
            if path.startswith(directory):
                place = [os.path.relpath(path, directory).replace(os.sep, "/"), traceback.tb_lineno]
            traceback = traceback.tb_next
        return [type(error).__name__, *place]
    return None


if __name__ == "__main__":
    directory = os.path.realpath(sys.argv[1])
    sys.path.insert(0, directory)
    sys.dont_write_bytecode = True
    print(json.dumps([outcome(directory + os.sep, name) for name in sys.argv[2:]]))

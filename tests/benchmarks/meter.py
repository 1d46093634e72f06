"""Run one command and write what it took.

    python -I -S meter.py RESULT OUTPUT ERRORS INPUT PROGRAM [ARGUMENT ...]

RESULT gets four numbers: seconds of wall time, seconds of CPU time, peak memory, exit code.

This is a process of its own, with as few imports as can be: Linux counts the memory that a
process has before it becomes another program as that program's, so a large one could not
measure a small one.
"""

from __future__ import annotations

import os
import sys
import time


def main() -> None:
    result, output, errors, given, *command = sys.argv[1:]
    new = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, given, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, output, new, 0o644),
        (os.POSIX_SPAWN_OPEN, 2, errors, new, 0o644),
    ]
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=actions)
    # The usage of the child and of all its descendants that were waited for: times are added
    # up, memory is the largest process's.
    _, status, usage = os.wait4(child, 0)
    wall = time.perf_counter() - start
    cpu = usage.ru_utime + usage.ru_stime
    memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    with open(result, "w", encoding="ascii") as file:
        file.write(f"{wall} {cpu} {memory} {os.waitstatus_to_exitcode(status)}\n")


main()

"""What is often asked of a module of the standard library, and where it is."""

from __future__ import annotations

_BY_MODULE = {
    ("datetime", "datetime.datetime"): (
        "astimezone combine fromisoformat fromordinal fromtimestamp isoformat now strftime strptime "
        "timestamp today utcfromtimestamp utcnow weekday"
    ),
    ("os", "os.path"): (
        "abspath basename commonpath commonprefix dirname exists expanduser expandvars getatime "
        "getctime getmtime getsize isabs isdir isfile islink ismount join lexists normpath "
        "realpath relpath samefile split splitdrive splitext"
    ),
    ("os", "sys"): "argv executable exit platform stderr stdin stdout version_info",
    ("os", "shutil"): "copy copyfile copytree move rmtree which",
    ("os", "time"): "sleep",
    ("sys", "os"): "environ getcwd getenv getpid listdir makedirs mkdir remove system",
    ("sys", "time"): "sleep",
    ("time", "datetime"): "datetime timedelta",
    ("time", "datetime.datetime"): "now today utcnow",
    ("socket", "socket.socket"): (
        "accept bind connect connect_ex getpeername getsockname listen makefile recv recvfrom send "
        "sendall sendto setblocking setsockopt settimeout"
    ),
    ("logging", "logging.handlers"): (
        "DatagramHandler HTTPHandler MemoryHandler NTEventLogHandler QueueHandler QueueListener "
        "RotatingFileHandler SMTPHandler SocketHandler SysLogHandler TimedRotatingFileHandler "
        "WatchedFileHandler"
    ),
    ("logging", "logging.config"): "dictConfig fileConfig",
    ("itertools", "functools"): "cache lru_cache partial reduce wraps",
    ("functools", "itertools"): "accumulate chain combinations groupby islice permutations product",
    ("collections", "dataclasses"): "dataclass",
    ("typing", "dataclasses"): "dataclass",
    ("math", "builtins"): "abs max min round",
    ("subprocess", "os"): "system",
    ("inspect", "types"): "FunctionType MethodType",
    ("operator", "functools"): "reduce",
}
ELSEWHERE = {
    (module, name): f"{where}.{name}".removeprefix("builtins.")
    for (module, where), names in _BY_MODULE.items()
    for name in names.split()
}
"""The dotted names by module and name."""
MODULES = frozenset(module for module, _ in ELSEWHERE)

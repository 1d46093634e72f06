"""What the standard library's modules have had, by the first version of Python 3 without it, and
what is asked of them and is elsewhere."""

from __future__ import annotations

_BY_MINOR = {
    0: {
        "itertools": "ifilter ifilterfalse imap izip izip_longest",
        "operator": (
            "div idiv irepeat isCallable isMappingType isNumberType isSequenceType repeat "
            "sequenceIncludes"
        ),
        "os": "getcwdu popen2 popen3 popen4 tempnam tmpfile tmpnam",
        "os.path": "walk",
        "random": "jumpahead",
        "string": (
            "atof atoi atol capitalize center count expandtabs find index join joinfields letters "
            "ljust lower lowercase lstrip maketrans replace rfind rindex rjust rsplit rstrip split "
            "splitfields strip swapcase translate upper uppercase zfill"
        ),
        "sys": "exc_clear exc_traceback exc_type exc_value maxint setdefaultencoding",
        "types": (
            "BooleanType BufferType ClassType ComplexType DictType DictionaryType FileType FloatType "
            "InstanceType IntType ListType LongType ObjectType SliceType StringType StringTypes "
            "TupleType TypeType UnboundMethodType UnicodeType XRangeType"
        ),
        "urllib": (
            "FancyURLopener URLopener pathname2url quote quote_plus unquote unquote_plus "
            "url2pathname urlcleanup urlencode urlopen urlretrieve"
        ),
    },
    7: {"os": "errno"},
    8: {
        "cgi": "escape parse_qs parse_qsl",
        "platform": "dist linux_distribution popen",
        "time": "clock",
    },
    9: {
        "base64": "decodestring encodestring",
        "fractions": "gcd",
        "sys": "getcheckinterval setcheckinterval",
    },
    10: {
        "collections": (
            "AsyncGenerator AsyncIterable AsyncIterator Awaitable ByteString Callable Collection "
            "Container Coroutine Generator Hashable ItemsView Iterable Iterator KeysView Mapping "
            "MappingView MutableMapping MutableSequence MutableSet Reversible Sequence Set Sized "
            "ValuesView"
        ),
    },
    11: {
        "asyncio": "coroutine",
        "binascii": "a2b_hqx b2a_hqx rlecode_hqx rledecode_hqx",
        "gettext": "bind_textdomain_codeset ldgettext ldngettext lgettext lngettext",
        "inspect": "formatargspec getargspec",
    },
    12: {
        "configparser": "SafeConfigParser",
        "importlib": "find_loader",
        "locale": "format",
        "pkgutil": "ImpImporter ImpLoader",
        "ssl": "match_hostname wrap_socket",
    },
    13: {"unittest": "findTestCases getTestCaseNames makeSuite"},
    14: {"ast": "Bytes NameConstant Num Str", "pkgutil": "find_loader get_loader"},
}

GONE = {
    (module, name): minor
    for minor, modules in _BY_MINOR.items()
    for module, names in modules.items()
    for name in names.split()
}
"""The minor versions by module and name."""
MODULES = frozenset(module for module, _ in GONE)

INSTEAD = {
    ("base64", "decodestring"): "base64.decodebytes",
    ("base64", "encodestring"): "base64.encodebytes",
    ("cgi", "escape"): "html.escape",
    ("cgi", "parse_qs"): "urllib.parse.parse_qs",
    ("cgi", "parse_qsl"): "urllib.parse.parse_qsl",
    ("configparser", "SafeConfigParser"): "configparser.ConfigParser",
    ("fractions", "gcd"): "math.gcd",
    ("inspect", "getargspec"): "inspect.getfullargspec",
    ("itertools", "ifilter"): "filter",
    ("itertools", "ifilterfalse"): "itertools.filterfalse",
    ("itertools", "imap"): "map",
    ("itertools", "izip"): "zip",
    ("itertools", "izip_longest"): "itertools.zip_longest",
    ("locale", "format"): "locale.format_string",
    ("os", "getcwdu"): "os.getcwd",
    ("os.path", "walk"): "os.walk",
    ("string", "letters"): "string.ascii_letters",
    ("string", "lowercase"): "string.ascii_lowercase",
    ("string", "maketrans"): "str.maketrans",
    ("string", "uppercase"): "string.ascii_uppercase",
    ("sys", "maxint"): "sys.maxsize",
    ("time", "clock"): "time.perf_counter",
    **{
        ("urllib", name): f"urllib.parse.{name}"
        for name in ("quote", "quote_plus", "unquote", "unquote_plus", "urlencode")
    },
    **{
        ("urllib", name): f"urllib.request.{name}"
        for name in ("pathname2url", "url2pathname", "urlcleanup", "urlopen", "urlretrieve")
    },
    **{
        ("collections", name): f"collections.abc.{name}"
        for module, name in GONE
        if module == "collections"
    },
}
"""What has taken their place."""

# What is often asked of a module, and where it is

_BY_PLACE = {
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
    for (module, where), names in _BY_PLACE.items()
    for name in names.split()
}
"""The dotted names by module and name."""
ELSEWHERE_MODULES = frozenset(module for module, _ in ELSEWHERE)

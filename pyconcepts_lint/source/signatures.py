"""What a function takes, what a call passes, and whether the one can be bound to the other.

The rules are those of https://docs.python.org/3/reference/expressions.html#calls, in the order
in which CPython applies them, so that what it says of a call it refuses can be foretold.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import lru_cache

from ..base.typed import NamedTuple


class Arguments(NamedTuple):
    """What a call passes: a number of positional arguments, and keyword arguments by name.

    `is_open`: there is a `*sequence` or a `**mapping` among them, so there may be more.
    """

    positional: int
    keywords: tuple[str, ...] = ()
    is_open: bool = False

    @property
    def after_instance(self) -> Arguments:
        """The same behind one more positional argument, as a bound method passes them on."""
        return self._replace(positional=self.positional + 1)


class Parameters(NamedTuple):
    """What a function takes.

    `positional` are the names of the positional parameters, the first `positional_only` of
    which can't be named in a call; the first `required` have no default. `keyword_only` are the
    names of the keyword-only ones, those without default again in `required_keywords`.
    """

    positional: tuple[str, ...] = ()
    positional_only: int = 0
    required: int = 0
    keyword_only: tuple[str, ...] = ()
    required_keywords: tuple[str, ...] = ()
    takes_any_positional: bool = False
    takes_any_keyword: bool = False

    @property
    def first(self) -> str:
        """The name of the first positional parameter, or ""."""
        return self.positional[0] if self.positional else ""

    @property
    def takes_positional(self) -> bool:
        """Can it be called with a positional argument at all?"""
        return bool(self.positional) or self.takes_any_positional

    @property
    def shown(self) -> str:
        """The parameters as a definition writes them, for a message: `self, x=…, **…`."""
        shown = [
            name if number < self.required else f"{name}=…"
            for number, name in enumerate(self.positional)
        ]
        if self.positional_only:
            shown.insert(self.positional_only, "/")
        if self.takes_any_positional:
            shown.append("*…")
        elif self.keyword_only:
            shown.append("*")
        shown += (
            name if name in self.required_keywords else f"{name}=…" for name in self.keyword_only
        )
        if self.takes_any_keyword:
            shown.append("**…")
        return ", ".join(shown)

    def refusal(self, arguments: Arguments) -> str | None:
        """Why a call with these arguments fails: what stands in the TypeError's message behind
        the function's name (`missing 1 required positional argument: 'x'`).

        Returns "" for a call that succeeds, None where `arguments` don't tell.
        """
        if arguments.is_open:
            return None
        return (
            self._refused_keyword(arguments)
            or self._too_many(arguments)
            or self._missing(arguments)
        )

    def _refused_keyword(self, arguments: Arguments) -> str:
        nameable = self.positional[self.positional_only :]
        filled = self.positional[: arguments.positional]
        for name in arguments.keywords:
            if name in nameable:
                if name in filled:
                    return f"got multiple values for argument '{name}'"
            elif name not in self.keyword_only and not self.takes_any_keyword:
                hidden = [
                    only
                    for only in self.positional[: self.positional_only]
                    if only in arguments.keywords
                ]
                if hidden:
                    return (
                        "got some positional-only arguments passed as keyword arguments: "
                        f"'{', '.join(hidden)}'"
                    )
                return f"got an unexpected keyword argument '{name}'"
        return ""

    def _too_many(self, arguments: Arguments) -> str:
        given, most = arguments.positional, len(self.positional)
        if given <= most or self.takes_any_positional:
            return ""
        taken = str(most) if self.required == most else f"from {self.required} to {most}"
        plural = "s" if self.required != most or most != 1 else ""
        named = sum(name in self.keyword_only for name in arguments.keywords)
        were = "was" if given == 1 and not named else "were"
        given_too = (
            f" positional argument{_s(given)} (and {named} keyword-only argument{_s(named)})"
            if named
            else ""
        )
        return f"takes {taken} positional argument{plural} but {given}{given_too} {were} given"

    def _missing(self, arguments: Arguments) -> str:
        named = self.positional[self.positional_only :]
        missing = [
            name
            for name in self.positional[arguments.positional : self.required]
            if name not in named or name not in arguments.keywords
        ]
        kind = "positional"
        if not missing:
            missing = [name for name in self.required_keywords if name not in arguments.keywords]
            kind = "keyword-only"
        if not missing:
            return ""
        return (
            f"missing {len(missing)} required {kind} argument{_s(len(missing))}: {_list(missing)}"
        )


def _s(number: int) -> str:
    return "" if number == 1 else "s"


def _list(names: Sequence[str]) -> str:
    quoted = [f"'{name}'" for name in names]
    if len(quoted) < 3:
        return " and ".join(quoted)
    return f"{', '.join(quoted[:-1])}, and {quoted[-1]}"


def first_parameter(args: ast.arguments) -> str:
    """The name of a function's first positional parameter, or ""."""
    named = args.posonlyargs or args.args
    return named[0].arg if named else ""


def parameter_names(args: ast.arguments) -> set[str]:
    """The names of all parameters of a function."""
    named = (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)
    return {arg.arg for arg in named if arg is not None}


def arguments_of(call: ast.Call) -> Arguments:
    """What a call passes."""
    keywords = tuple(keyword.arg for keyword in call.keywords if keyword.arg is not None)
    is_open = len(keywords) < len(call.keywords) or any(
        isinstance(argument, ast.Starred) for argument in call.args
    )
    return Arguments(len(call.args), keywords, is_open)


def written_arguments(arguments: Arguments) -> str:
    """What a call passes, as a line: `2 a b` for two positional arguments and `a=`, `b=`."""
    return " ".join((str(arguments.positional), *arguments.keywords))


def read_arguments(line: str) -> Arguments:
    """The arguments that `written_arguments` has written; it writes no open ones."""
    positional, *keywords = line.split()
    return Arguments(int(positional), tuple(keywords))


def parameters_of(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> Parameters:
    """What a function takes, without what its decorators may do to it."""
    return read_parameters(written_parameters(function.args))


def written_parameters(args: ast.arguments) -> str:
    """The parameters as a line, in the order of the source: `self / a b= *args c d= **kw`.

    A `=` stands for any default, a lone `*` before keyword-only parameters as in the source.
    """
    positional = [arg.arg for arg in args.args]
    if not (
        args.posonlyargs
        or args.defaults
        or args.vararg
        or args.kwonlyargs
        or args.kwarg is not None
    ):
        return " ".join(positional)
    only = len(args.posonlyargs)
    names = [*(arg.arg for arg in args.posonlyargs), *positional]
    without_default = len(names) - len(args.defaults)
    words = [name if number < without_default else f"{name}=" for number, name in enumerate(names)]
    if only:
        words.insert(only, "/")
    if args.vararg is not None:
        words.append(f"*{args.vararg.arg}")
    elif args.kwonlyargs:
        words.append("*")
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        words.append(arg.arg if default is None else f"{arg.arg}=")
    if args.kwarg is not None:
        words.append(f"**{args.kwarg.arg}")
    return " ".join(words)


@lru_cache(maxsize=4096)
def read_parameters(line: str) -> Parameters:
    """The parameters that `written_parameters` has written."""
    words = line.split()
    star = next((n for n, word in enumerate(words) if word[0] == "*"), len(words))
    positional, rest = words[:star], words[star:]
    only = positional.index("/") if "/" in positional else 0
    if only:
        del positional[only]
    takes_any_keyword = bool(rest) and rest[-1].startswith("**")
    keywords = [word for word in rest if word[0] != "*"]
    return Parameters(
        tuple(word.rstrip("=") for word in positional),
        only,
        sum(not word.endswith("=") for word in positional),
        tuple(word.rstrip("=") for word in keywords),
        tuple(word for word in keywords if not word.endswith("=")),
        bool(rest) and rest[0][0] == "*" and rest[0] != "*" and not rest[0].startswith("**"),
        takes_any_keyword,
    )

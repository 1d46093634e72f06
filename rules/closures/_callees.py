"""What a call does with a function that it is given, as far as the names tell.

They decide only where the callee itself can't be found. A name counts where libraries use it for
what is called later and nothing else: events, schedulers, user interfaces, commands and routes.
"""

from __future__ import annotations

from functools import cache

from pyconcepts_lint.base.lazy import lazy_pattern

_WORD = lazy_pattern("[A-Z]?[a-z0-9]+|[A-Z]+")
# The first word of a method's name: `on_click`, `bind_all`, `scheduleOnce`.
_VERBS = frozenset(
    {
        *("after", "attach", "bind", "connect", "defer", "hook", "listen", "observe", "on"),
        *("once", "register", "schedule", "spawn", "submit", "subscribe", "trace", "watch"),
        *("when",),
    }
)
# Verbs that need one of the nouns behind them: `add_handler`, `setCallback`.
_VERBS_WITH_NOUN = frozenset({"add", "append", "attach", "insert", "install", "push", "set"})
_NOUNS = frozenset(
    {
        *("action", "both", "callback", "callbacks", "cb", "cleanup", "command", "errback"),
        *("finalizer", "handler", "handlers", "hook", "hooks", "hotkey", "job", "listener"),
        *("listeners", "observer", "reader", "route", "rule", "shortcut", "subscriber", "task"),
        *("timeout", "timer", "trace", "trigger", "watch", "watcher", "writer"),
    }
)
# `call_soon`, `callLater`, `call_at`.
_CALL = frozenset({"at", "later", "once", "running", "soon", "thread", "threadsafe"})
_METHODS = frozenset(
    {
        *("addEventListener", "apply_async", "deferLater", "enter", "enterabs", "itembind"),
        *("map_async", "on_commit", "run_in_executor", "setInterval", "setTimeout", "singleShot"),
        *("single_shot", "tag_bind", "window_protocol", "protocol", "starmap_async"),
    }
)
# The first words of keyword arguments and attributes: `on_click=`, `when_pressed`.
_OCCASIONS = frozenset({"after", "before", "on", "when"})
_KEYWORDS = frozenset({"default_factory", "onclick", "target", "validate", "view_func"})
_LAST = _NOUNS - {"both", "job", "task", "timeout", "rule", "route", "reader", "writer", "watch"}
# Decorators of frameworks: `@app.route("/x")`, `@group.command()`, `@bot.event`.
_DECORATORS = frozenset(
    {
        *("command", "endpoint", "errorhandler", "event", "expose", "filter", "get", "group"),
        *("job", "listens", "patch", "post", "put", "receiver", "route", "task", "tool"),
        *("view", "websocket"),
    }
)


def _words(name: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(name)]


@cache
def is_registration(method: str) -> bool:
    """Is it the name of a method or function that keeps a function for later?"""
    words = _words(method)
    if not words or method[:1].isupper():
        return False
    return (
        method in _METHODS
        or words[0] in _VERBS
        or (words[0] == "call" and words[-1] in _CALL)
        or (words[0] in _VERBS_WITH_NOUN and words[-1] in _NOUNS)
    )


@cache
def is_for_later(name: str) -> bool:
    """Is it the name of a parameter or attribute for a function that is called later?"""
    words = _words(name)
    if not words or "progress" in words:
        return False  # progress is told while the call goes on
    return name in _KEYWORDS or words[-1] in _LAST or (words[0] in _OCCASIONS and len(words) > 1)


@cache
def is_registering_decorator(name: str) -> bool:
    """Is it the last name of a decorator that keeps the function below it for later?"""
    words = _words(name)
    return bool(words) and (
        is_registration(name)
        or words[0] in _OCCASIONS
        or words[-1] in _DECORATORS
        or words[-1] in _LAST
    )

"""Show what each rule costs on some files: where to look when a run has become slower.

    python tests/benchmarks/by_rule.py PATH ...

One process, no cache. "gate" is the time to find out where a rule could say something, "walk" the
share of a rule in the libcst work that was done for it, "rest" what its other methods take. The
first rule to ask the index pays for what it reads.
"""

from __future__ import annotations

import gc
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from pyconcepts_lint.plugins.registry import rules
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.running import check_file

spent: dict[str, Counter[str]] = {code: Counter() for code in rules()}


def _timed(method: Callable[..., Any], kind: str) -> Callable[..., Any]:
    def timed(rule: Rule) -> Any:
        started = time.process_time()
        answer = method(rule)
        if kind == "gate" and answer is not None:
            answer = list(answer)
        spent[rule.code][kind] += time.process_time() - started  # type: ignore[assignment]
        return answer

    return timed


def _watch() -> None:
    kinds = {"lines": "gate", "statements": "gate", "check": "rest", "finish": "rest"}
    for rule in rules().values():
        for name, kind in kinds.items():
            setattr(rule, name, _timed(getattr(rule, name), kind))
    walk_chunk = check_file._walk_chunk

    def watched(file: Any, start: int, end: int, chosen: Iterable[Rule], *rest: Any) -> bool:
        walking = list(chosen)
        started = time.process_time()
        could_read = walk_chunk(file, start, end, walking, *rest)
        share = (time.process_time() - started) / max(len(walking), 1)
        for rule in walking:
            spent[rule.code]["walk"] += share  # type: ignore[assignment]
            spent[rule.code]["chunks"] += 1
        return could_read

    check_file._walk_chunk = watched


def main(paths: list[str]) -> int:
    if not paths:
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    _watch()
    gc.disable()
    started = time.process_time()
    report = check_file.run(paths, overrides={"no_cache": True}, jobs=1)
    print(f"{report.files} files, {time.process_time() - started:.2f} s")
    found = Counter(finding.code for finding in report.findings)
    print(f"{'rule':8}{'gate':>8}{'walk':>8}{'rest':>8}  chunks  findings")
    total = {code: times["gate"] + times["walk"] + times["rest"] for code, times in spent.items()}
    for code in sorted(spent, key=lambda code: -total[code]):
        times = spent[code]
        seconds = "".join(f"{times[kind]:8.3f}" for kind in ("gate", "walk", "rest"))
        print(f"{code:8}{seconds}{times['chunks']:8}{found[code]:10}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Show what each rule costs on some files: where to look when a run has become slower.

    python tests/benchmarks/by_rule.py PATH ...

One process, no cache. The first rule to ask the index pays for what it reads.
"""

from __future__ import annotations

import gc
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from pyconcepts_lint.plugins.registry import rules
from pyconcepts_lint.rule_api.rule import Rule
from pyconcepts_lint.running import check_file
from pyconcepts_lint.testing import lint_paths


def _watched(report: Callable[..., bool], spent: Counter[str]) -> Callable[..., bool]:
    """What the engine does with a rule and a file, timed."""

    def timed(file: Any, rule: Rule, *rest: Any) -> bool:
        started = time.process_time()
        answer = report(file, rule, *rest)
        spent[rule.code] += time.process_time() - started  # type: ignore[assignment]
        return answer

    return timed


def main(paths: list[str]) -> int:
    if not paths:
        print((__doc__ or "").strip(), file=sys.stderr)
        return 2
    spent: Counter[str] = Counter(dict.fromkeys(rules(), 0))
    check_file._report = _watched(check_file._report, spent)
    gc.disable()
    started = time.process_time()
    report = lint_paths(paths, {"no_cache": True}, jobs=1)
    print(f"{report.files} files, {time.process_time() - started:.2f} s")
    found = Counter(finding.code for finding in report.findings)
    print(f"{'rule':8}{'seconds':>8}  findings")
    for code, seconds in spent.most_common():
        print(f"{code:8}{seconds:8.3f}{found[code]:10}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

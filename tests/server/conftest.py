"""Without the extra `test` there is no editor to test with."""

from __future__ import annotations

import importlib.util

if importlib.util.find_spec("pytest_lsp") is None:
    collect_ignore_glob = ["test_*.py"]
else:
    from editing import editor  # noqa: F401

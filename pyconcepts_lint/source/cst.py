"""libcst, imported when an attribute of it is first asked for.

`from pyconcepts_lint.rule_api import cst` costs nothing where a file has nothing to fix. Nothing is
put into `sys.modules` but libcst itself, when it is there.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from libcst import *  # noqa: F403
else:

    def __getattr__(name):
        import libcst

        found = getattr(libcst, name)
        globals()[name] = found
        return found

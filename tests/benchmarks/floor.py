"""Parse every file below a directory with `ast.parse`, and do nothing with the trees.

python floor.py DIRECTORY
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

for path in Path(sys.argv[1]).rglob("*.py"):
    ast.parse(path.read_bytes())

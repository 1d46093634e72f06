"""Draw what a terminal shows of the first example of README.md: docs/_static/terminal.svg.

    python docs/picture.py [--check]

With `--check` nothing is written; the exit code is 1 where the picture is not current.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from current import write_or_check
from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
PICTURE = HERE / "_static" / "terminal.svg"
WIDTH = 80
PROGRAM = """\
class Product:
    sold = 0

    def sell(self):
        self.sold += 1


tea, jam = Product(), Product()
tea.sell()
jam.sell()
print("sold:", Product.sold)
"""
# rich's own frame takes its font from another site; this one takes what is there.
FRAME = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" xml:space="preserve">
<title>What pyconcepts-lint says of a counter in a class</title>
<style>
text {{ font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 20px; }}
{styles}
</style>
<defs>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})">
{backgrounds}
{matrix}
</g>
</svg>
"""


def shown(directory: str, *arguments: str) -> str:
    """A prompt with a command of ours, and what it prints on a terminal with colours."""
    environment = {
        **os.environ,
        "COLUMNS": str(WIDTH),
        "FORCE_COLOR": "1",
        "TERM": "xterm-256color",
    }
    environment.pop("NO_COLOR", None)
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pyconcepts_lint",
            "--color=always",
            "--output-format=full",
            *arguments,
        ],
        cwd=directory,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
        check=False,
    )
    return f"$ pyconcepts-lint {' '.join(arguments)}\n{run.stdout}"


def picture() -> str:
    """The picture, as SVG."""
    with tempfile.TemporaryDirectory() as directory:
        (Path(directory) / "shop.py").write_text(PROGRAM, encoding="utf-8")
        text = shown(directory, "shop.py") + shown(directory, "--fix", "--unsafe-fixes", "shop.py")
    console = Console(record=True, width=WIDTH, file=io.StringIO(), color_system="truecolor")
    console.print(Text.from_ansi(text))
    return console.export_svg(title="pyconcepts-lint", code_format=FRAME, unique_id="terminal")


if __name__ == "__main__":
    sys.exit(write_or_check({PICTURE: picture()}))

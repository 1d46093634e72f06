"""The forms of an answer: JSON by its schema, Mermaid, Graphviz, and the page in a browser."""

from __future__ import annotations

import html
import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from schema import SCHEMA, schema

from pyconcepts_lint.base.settings import Configuration
from pyconcepts_lint.frontends import cli
from pyconcepts_lint.reporters import Style
from pyconcepts_lint.showing import asked, classes, imports, modules, page, text
from pyconcepts_lint.showing.answers import as_json
from pyconcepts_lint.showing.graphs import Arrow, Graph, Node, dot, graph_of, layers, mermaid
from pyconcepts_lint.showing.world import World

FILES = {
    "app/__init__.py": "",
    "app/a.py": "from .b import y\nimport gone\n\n\nclass A:\n    x = 1\n",
    "app/b.py": "def f():\n    import app.a\n\n\ny = 1\n",
    "app/one.py": "from .two import b\na = 1\n",
    "app/two.py": "from .one import a\nb = 1\n",
    "c.py": "from app.a import A\n\n\nclass C(A):\n    def m(self):\n        self.x = 1\n",
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    (tmp_path / "pyproject.toml").write_text("[tool.pyconcepts-lint]\n", encoding="utf-8")
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return World(Configuration({"no_cache": True}), str(tmp_path))


def answers(world: World) -> dict[str, object]:
    return {
        "lookup": asked.lookup(world, "C.x"),
        "lookup at": asked.lookup(world, "c.py:6:14"),
        "name": asked.lookup(world, "c.py:4:9"),
        "class": classes.show(world.model("C")),
        "module": modules.show(world, world.module("c")),
        "failing": modules.show(world, world.module("app.one")),
        "imports": imports.show(world.project),
        "around": imports.show(world.project, world.module("app.a")),
    }


def test_the_schema_is_that_of_the_answers() -> None:
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema()


def test_every_answer_is_as_the_schema_has_it(world: World) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    for name, answer in answers(world).items():
        jsonschema.validate(json.loads(json.dumps(as_json(answer))), schema())
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**as_json(answer), "kind": "other"}, schema())
        assert name


def test_every_answer_has_a_text_without_colours(world: World, tmp_path: Path) -> None:
    for name, answer in answers(world).items():
        out = io.StringIO()
        text.write(answer, out, Style(directory=str(tmp_path)))
        lines = out.getvalue().splitlines()
        assert len(lines) > 2, name
        assert all(line == line.rstrip() for line in lines), name
        assert str(tmp_path) not in out.getvalue(), name


def test_arrows_of_a_graph_join_its_nodes(world: World) -> None:
    for name, answer in answers(world).items():
        graph = graph_of(answer, Style())
        ids = [node.id for node in graph.nodes]
        assert len(ids) == len(set(ids)), name
        assert {arrow.start for arrow in graph.arrows} <= set(ids), name
        assert {arrow.end for arrow in graph.arrows} <= set(ids), name


def test_what_fails_is_red_and_what_is_later_dashed(world: World) -> None:
    graph = graph_of(imports.show(world.project), Style())
    looks = {node.id: node.look for node in graph.nodes}
    assert {name for name, look in looks.items() if look == "bad"} == {"app.one", "app.two"}
    lines = {(arrow.start, arrow.end): arrow.line for arrow in graph.arrows}
    assert lines["app.b", "app.a"] == "dashed"
    assert lines["app.a", "app.b"] == "solid"


STRANGE = Graph(
    'a "title"',
    (Node("one", 'x["y"]<b>\n#2;`z`\\'), Node("two", "two", "p.py:1", "bad")),
    (Arrow("one", "two", 'says "so"', "dotted"), Arrow("two", "one")),
)


def test_nothing_in_a_name_is_a_command_of_mermaid() -> None:
    lines = mermaid(STRANGE).splitlines()
    assert lines[:4] == ["---", 'title: "a \\"title\\""', "---", "flowchart LR"]
    assert lines[4] == ('    n0["x[#34;y#34;]#60;b#62;<br>#35;2#59;#96;z#96;#92;"]:::plain')
    assert lines[6] == '    n0 -.->|"says #34;so#34;"| n1'


def test_nothing_in_a_name_is_a_command_of_graphviz() -> None:
    text = dot(STRANGE)
    strings = re.findall(r'"(?:[^"\\]|\\.)*"', text)
    rest = re.sub(r'"(?:[^"\\]|\\.)*"', '""', text)
    assert '"x[\\"y\\"]<b>\\n#2;`z`\\\\"' in strings
    assert rest.count('"') % 2 == 0
    assert rest.count("->") == 2
    assert "<b>" not in rest


@pytest.mark.skipif(shutil.which("dot") is None, reason="there is no Graphviz")
def test_graphviz_draws_the_graph() -> None:
    done = subprocess.run(["dot", "-Tsvg"], input=dot(STRANGE).encode(), capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"<svg" in done.stdout


def test_without_graphviz_it_is_said(
    world: World,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert cli.run(["show", "imports", "--output-format", "svg"]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "drawn by Graphviz, whose program `dot` isn't there" in err


def test_a_layer_stands_behind_those_that_lead_to_it() -> None:
    names = "abcde"
    arrows = [("a", "b"), ("b", "c"), ("c", "a"), ("a", "d"), ("d", "d")]
    graph = Graph("", tuple(Node(n, n) for n in names), tuple(Arrow(*pair) for pair in arrows))
    placed = layers(graph)
    assert {name: layer for name, (layer, _) in placed.items()} == {
        "a": 0,
        "b": 1,
        "c": 2,
        "d": 1,
        "e": 0,
    }
    assert len(set(placed.values())) == len(names)  # each has a place of its own


# The page


def written(answer: object, directory: Path) -> str:
    out = io.StringIO()
    page.write(answer, out, Style(directory=str(directory)))
    return out.getvalue()


def test_a_page_needs_nothing_from_elsewhere(world: World, tmp_path: Path) -> None:
    for answer in answers(world).values():
        whole = written(answer, tmp_path)
        assert whole.isascii()
        assert not re.findall(r"(?:src|href)=", whole)
        assert whole.count("<script>") == 1
        assert "default-src 'none'" in whole


def test_a_page_has_every_node_and_the_text(world: World, tmp_path: Path) -> None:
    answer = imports.show(world.project)
    whole = html.unescape(written(answer, tmp_path))
    for name, _ in answer.modules:
        assert f'data-id="{name}"' in whole
    assert "cycle that fails: app.one, app.two" in whole


def test_names_are_no_markup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "graph_of", lambda answer, style: STRANGE)
    whole = written(None, tmp_path)
    assert "<b>" not in whole
    assert "&lt;b&gt;" in whole


TRIAL = """
<script>
const results = {};
const box = () => svg.getAttribute("viewBox").split(" ").map(Number);
const whole_box = box();
document.getElementById("in").click();
results.larger = box()[2] < whole_box[2];
document.getElementById("all").click();
results.all = String(box()) === String(whole_box);
const rect = picture.getBoundingClientRect();
picture.dispatchEvent(new WheelEvent("wheel", { deltaY: -100, clientX: rect.x + rect.width / 2,
  clientY: rect.y + rect.height / 2, cancelable: true }));
results.wheel = box()[2] < whole_box[2];
search.value = "APP.TWO";
search.dispatchEvent(new Event("input"));
results.hits = [...svg.querySelectorAll(".node.hit")].map(node => node.dataset.id);
results.said = said.textContent;
results.dimmed = getComputedStyle(svg.querySelector(".node:not(.hit)")).opacity;
document.querySelector("form").requestSubmit();
results.next = said.textContent;
search.value = "";
search.dispatchEvent(new Event("input"));
results.none = svg.classList.contains("searched");
document.title = "tried " + JSON.stringify(results);
</script>
"""


@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no Chromium")
def test_the_page_can_be_searched_and_enlarged_in_a_browser(world: World, tmp_path: Path) -> None:
    whole = written(imports.show(world.project), tmp_path)
    # The trial is a script of its own, which the page's policy would not let run.
    whole = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", whole)
    (tmp_path / "page.html").write_text(whole.replace("</body>", f"{TRIAL}</body>"))
    results = in_browser(tmp_path / "page.html", tmp_path)
    assert results == {
        "larger": True,
        "all": True,
        "wheel": True,
        "none": False,
        "hits": ["app.two"],
        "said": "1 found",
        "next": "1 of 1",
        "dimmed": "0.15",
    }


@pytest.mark.skipif(shutil.which("chromium") is None, reason="there is no Chromium")
def test_the_policy_of_the_page_lets_its_script_run(world: World, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(written(imports.show(world.project), tmp_path))
    shown = dumped(tmp_path / "page.html", tmp_path)
    assert "Content Security Policy" not in shown.stderr
    assert "<svg" in shown.stdout


def dumped(file: Path, scratch: Path) -> subprocess.CompletedProcess[str]:
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr"]
    command += [f"--user-data-dir={scratch / 'profile'}", "--dump-dom", file.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)


def in_browser(file: Path, scratch: Path) -> dict[str, Any]:
    shown = html.unescape(dumped(file, scratch).stdout)
    found = re.search(r"<title>tried (.*)</title>", shown)
    assert found is not None, shown[-1000:]
    results: dict[str, Any] = json.loads(found[1])
    return results

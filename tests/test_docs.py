"""Every block of the documentation runs, in order, page by page; every link leads somewhere.

On a page, ``python`` blocks share one namespace. A block under ``<!-- file: NAME -->`` is written
to that file, where later blocks find it; one under ``<!-- not run -->`` is left alone. In ``sh``
blocks the lines that call ``flowsheet`` run, unless they name a file that the page does not write.
"""

import re
import shlex
import sys
import warnings
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import pytest
from matplotlib import pyplot

from flowsheet.cli import main

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_BLOCK = re.compile(
    r"(?:^<!-- *(?P<note>[^>]*?) *-->\n)?^```(?P<language>\w*)[^\n]*\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_LINK = re.compile(r"!?\[[^\]]*\]\(\s*<?(?P<target>[^)\s>]+)>?[^)]*\)")
_HEADING = re.compile(r"^#+ +(?P<text>.+?) *$", re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A fenced block, with the comment on the line before it and the line it starts at."""

    language: str
    text: str
    note: str
    line: int


def blocks(page_text):
    for found in _BLOCK.finditer(page_text):
        line = page_text.count("\n", 0, found.start("text")) + 1
        yield Block(found["language"], found["text"], found["note"] or "", line)


def links(page_text):
    without_code = re.sub(r"`[^`\n]*`", "", _BLOCK.sub("", page_text))
    return [found["target"] for found in _LINK.finditer(without_code)]


def anchors(page_text):
    """Headings as they are linked to."""
    for found in _HEADING.finditer(_BLOCK.sub("", page_text)):
        words = re.sub(r"[^\w\- ]", "", found["text"].lower())
        yield words.replace(" ", "-")


def name_of(page):
    return str(page.relative_to(ROOT))


def run_python(block, page, module):
    # Empty lines in front give a traceback the line numbers of the page.
    source = "\n" * (block.line - 1) + block.text
    exec(compile(source, str(page), "exec"), vars(module))


def run_commands(block, monkeypatch):
    for line in block.text.splitlines():
        words = shlex.split(line, comments=True)
        files = [word for word in words if word.endswith((".toml", ".py"))]
        if words[:1] != ["flowsheet"] or not all(Path(file).exists() for file in files):
            continue
        monkeypatch.setattr(sys, "argv", words)
        with pytest.raises(SystemExit) as ended:
            main()
        assert not ended.value.code, f"line {block.line}: {line}"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to work in, from which modules are imported; they are forgotten afterwards."""
    before = set(sys.modules)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path
    for name in set(sys.modules) - before:
        place = getattr(sys.modules[name], "__file__", None)
        if place and Path(place).is_relative_to(tmp_path):
            del sys.modules[name]


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_block_runs(page, folder, monkeypatch):
    module = ModuleType(f"page_{page.stem}")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for block in blocks(page.read_text(encoding="utf-8")):
            if block.note == "not run":
                continue
            if block.note.startswith("file: "):
                (folder / block.note.removeprefix("file: ")).write_text(block.text, "utf-8")
            elif block.language == "python":
                run_python(block, page, module)
            elif block.language == "sh":
                run_commands(block, monkeypatch)
    pyplot.close("all")  # the next page opens figures of its own


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_relative_link_leads_somewhere(page):
    for link in links(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", link):
            continue
        place, _, anchor = link.partition("#")
        target = (page.parent / place).resolve() if place else page
        assert target.exists(), f"{link} leads nowhere"
        assert target.is_relative_to(ROOT), f"{link} leads out of the project"
        if anchor and target.suffix == ".md":
            known = list(anchors(target.read_text(encoding="utf-8")))
            assert anchor in known, f"{link}: headings there are {known}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_fence_is_closed(page):
    text = page.read_text(encoding="utf-8")
    fences = re.findall(r"^ *```", text, re.MULTILINE)
    assert len(fences) == 2 * len(list(blocks(text)))


EXAMPLE = """\
# One page: all *kinds* of it

A [link](docs/solver.md#how) and `[no](link)`.

```python
x = 1
```
<!-- not run -->
```python
raise ValueError
```

<!-- file: case.toml -->
```toml
a = "[no](link)"
```
"""


def test_blocks_and_links_are_read_as_meant():
    assert list(blocks(EXAMPLE)) == [
        Block("python", "x = 1\n", "", 6),
        Block("python", "raise ValueError\n", "not run", 10),
        Block("toml", 'a = "[no](link)"\n', "file: case.toml", 15),
    ]
    assert links(EXAMPLE) == ["docs/solver.md#how"]
    assert list(anchors(EXAMPLE)) == ["one-page-all-kinds-of-it"]


def test_the_readme_shows_a_flowsheet_that_runs():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = [b for b in blocks(readme) if b.language == "python" and b.note != "not run"]
    assert any("solve(" in block.text for block in shown)

"""Draw the pictures of the documentation anew, from the code on its pages.

``python -m tests.draw_pictures`` runs every page that saves a picture and puts what it saves into
the folder ``pictures`` beside the page; names of pages after the command draw only those.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path
from types import ModuleType

from tests.test_docs import PAGES, blocks, run_python


def draw(page: Path) -> list[Path]:
    """Run the python blocks of a page and keep the pictures that they save."""
    module = ModuleType(f"page_{page.stem}")
    kept, before = [], Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            for block in blocks(page.read_text(encoding="utf-8")):
                if block.note.startswith("file: "):
                    Path(block.note.removeprefix("file: ")).write_text(block.text, "utf-8")
                elif block.language == "python" and block.note != "not run":
                    run_python(block, page, module)
        finally:
            os.chdir(before)
        for picture in sorted(Path(folder).glob("*.png")):
            kept.append(page.parent / "pictures" / picture.name)
            kept[-1].parent.mkdir(exist_ok=True)
            shutil.copy(picture, kept[-1])
    return kept


def main() -> None:
    """Draw them all, or those of the pages named."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    for page in PAGES:
        named = not sys.argv[1:] or page.stem in sys.argv[1:]
        if named and "savefig(" in page.read_text(encoding="utf-8"):
            for picture in draw(page):
                sys.stdout.write(f"{picture}\n")


if __name__ == "__main__":
    main()

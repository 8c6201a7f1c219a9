"""The manual's examples of restyling, built as they are shown, and their pictures.

`python -m tests.looks` takes the pictures anew.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pypdfium2
from PIL import Image

from chapbook.cli import inputs
from chapbook.pipeline import Built, build

MANUAL = Path(__file__).parents[1] / "source" / "manual"
CHAPTER = MANUAL / "chapters" / "look.md"
PICTURES = {
    name: MANUAL / "images" / f"look-{name}.png" for name in "before type theme order".split()
}
WIDTH_PX = 1000
SHARE = 0.66  # of the page's height: below it the page is empty but for the note
LISTING = re.compile(
    r"^(?P<fence>`{3,}) \{\.\w+ filename=\"(?P<name>[^\"]+)\"\}\n(?P<content>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
_THEME = re.compile(r"^```yaml\n(theme: \w+)\n```$", re.MULTILINE)


def named_files(chapter: str) -> dict[str, str]:
    """The listings of *chapter* that show a file, by its name."""
    return {match["name"]: match["content"] for match in LISTING.finditer(chapter)}


def examples() -> Mapping[str, Mapping[str, str]]:
    """The files of each example by its name, the manuscript among them; `before` has no others."""
    text = CHAPTER.read_text("utf-8")
    parts = re.split(r"^## Example \d", text, flags=re.MULTILINE)
    manuscript = named_files(parts[0])["essay.md"]
    result = {}
    for name, part in zip(PICTURES, parts, strict=True):
        files = named_files(part)
        chosen = _THEME.search(part)
        head = f"---\n{chosen[1]}" if chosen and name != "before" else "---"
        files["essay.md"] = manuscript.replace("---", head, 1)
        result[name] = files
    return result


def build_example(files: Mapping[str, str], folder: Path) -> Built:
    """The three formats of an example, made in *folder*."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
    return build(inputs.job(str(folder / "essay.md")), ("pdf", "epub", "html"))


def picture(built: Built) -> Image.Image:
    """The head of the first page, in a thin frame."""
    pdf = next(artefact.content for artefact in built.artefacts if artefact.format == "pdf")
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].render(scale=WIDTH_PX / document.get_page_size(0)[0]).to_pil()
    head = page.convert("RGB").crop((0, 0, page.width, round(page.height * SHARE)))
    framed = Image.new("RGB", (head.width + 4, head.height + 4), "#a29b8e")
    framed.paste(head, (2, 2))
    return framed.quantize(32)


def main() -> None:
    """Take all pictures."""
    for name, files in examples().items():
        with tempfile.TemporaryDirectory() as folder:
            picture(build_example(files, Path(folder))).save(PICTURES[name], optimize=True)


if __name__ == "__main__":
    main()

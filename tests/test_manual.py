"""The manual: its examples do what it shows, and its commands run."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pypandoc
import pytest
from PIL import Image, ImageChops, ImageStat

from chapbook.archive.release import release
from chapbook.cli import COMMANDS, inputs
from chapbook.model.dom import classes
from chapbook.model.errors import Code, Severity
from chapbook.pipeline import build, publish
from chapbook.reading.front_matter import KEYS
from chapbook.writers.registry import FORMATS, READING_FORMATS
from tests.archive.memory import MemoryArchive
from tests.archive.shelf import ORDER
from tests.golden_cases import make
from tests.looks import PICTURES, build_example, examples, picture

ROOT = Path(__file__).parents[1]
MANUAL = ROOT / "source" / "manual"
CHAPTERS = [
    MANUAL / name
    for name in re.findall(
        r"^  - (\S+\.md)$", (MANUAL / "index.md").read_text("utf-8"), re.MULTILINE
    )
]
_SHOWN = re.compile(
    r"^(?P<fence>`{3,}) \{\.markdown \.shown\}\n(?P<shown>.*?)\n(?P=fence)\n\n"
    r"(?P<colons>:{3,}) example\n(?P<set>.*?)\n(?P=colons)$",
    re.MULTILINE | re.DOTALL,
)


def shown(chapter: Path) -> list[tuple[str, str]]:
    """Each example of *chapter* as it is shown, and as it is set below."""
    text = chapter.read_text("utf-8")
    result = [(each["shown"], each["set"]) for each in _SHOWN.finditer(text)]
    assert len(result) == text.count(".shown}"), "an example is shown and not set"
    return result


def code(language: str) -> list[str]:
    text = "\n".join(chapter.read_text("utf-8") for chapter in CHAPTERS)
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_every_example_is_set_as_it_is_shown(chapter: Path) -> None:
    for example, passage in shown(chapter):
        assert example == passage


def test_the_manual_has_nothing_that_is_lost() -> None:
    findings = publish(inputs.job(str(MANUAL))).document.findings
    # Its examples of hidden words and of words for some formats say so, each in a note.
    assert {finding.code for finding in findings} <= {Code.HIDDEN}
    assert {finding.severity for finding in findings} <= {Severity.NOTE}


def test_the_manual_names_every_command_and_every_key() -> None:
    text = "".join(chapter.read_text("utf-8") for chapter in CHAPTERS)
    spans = set(re.findall(r"`([^`\n]+)`", text)) | {line for block in code("sh") for line in block}
    spans |= {line for block in code("sh") for line in block.splitlines()}
    for command in COMMANDS:
        assert any(span == command or span.startswith(f"chapbook {command}") for span in spans), (
            f"the manual does not name chapbook {command}"
        )
    keys = (MANUAL / "chapters" / "keys.md").read_text("utf-8")
    listed = {
        key
        for line in keys.splitlines()
        if line.startswith("`")
        for key in re.findall(r"`([\w-]+)`", line)
    }
    assert listed == set(KEYS)


def test_the_manual_explains_every_finding_and_no_other() -> None:
    text = (MANUAL / "chapters" / "trouble.md").read_text("utf-8")
    terms = re.findall(r"^(`.+)\n:   ", text, re.MULTILINE)
    explained = [code for term in terms for code in re.findall(r"`([\w-]+)`", term)]
    assert sorted(explained) == sorted(code.value for code in Code)


def test_every_metadata_block_of_the_manual_is_understood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (settings,) = code("toml")
    (tmp_path / "chapbook.toml").write_text(settings, "utf-8")
    write_named_files(tmp_path)
    blocks = code("yaml")
    assert len(blocks) > 8
    for number, block in enumerate(blocks):
        head = block.strip().removeprefix("---").removesuffix("---").strip()
        missing = [line for line in IDENTITY if line.partition(":")[0] not in head]
        cites = "bibliography:" in head
        path = tmp_path / f"{number}.md"
        text = f"The ISBN names one edition{' [@knuth1981]' if cites else ''}.\n"
        path.write_text("\n".join(["---", *missing, head, "---", "", text]), "utf-8")
        essay = publish(inputs.job(path.name, allow_filters=True))
        assert essay.document.findings == (), head
        assert essay.metadata.publisher == "A Small Press"
        small = [node.text for node in essay.document.body.iter() if "smallcaps" in classes(node)]
        assert small == (["ISBN"] if "filters:" in head else [])


IDENTITY = ("title: Essay", "identifier: urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
HEAD = "\n".join(["---", *IDENTITY, "lang: en", "tags: [rags]", "---", "", ""])


def write_named_files(folder: Path) -> None:
    """Every file that the metadata in the manual name."""
    (folder / "own").mkdir()
    (lua,) = code("lua")
    (folder / "own" / "terms.lua").write_text(lua, "utf-8")
    (folder / "works.bib").write_bytes((MANUAL / "works.bib").read_bytes())
    (folder / "style.csl").write_text(STYLE, "utf-8")
    Image.new("RGB", (1600, 2560), "#7a2e1f").save(folder / "cover.jpg")
    files = examples()["theme"]
    theme = folder / "templates" / "themes" / "letter.css"
    theme.parent.mkdir(parents=True)
    theme.write_text(files["templates/themes/letter.css"], "utf-8")
    (folder / "chapters").mkdir()
    (folder / "chapters" / "beginning.md").write_text("# One\n\nWords.\n", "utf-8")
    (folder / "chapters" / "end.md").write_text("# Two\n\nWords.\n", "utf-8")


STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0">
<info><title>A</title><id>a</id><updated>2026-01-01T00:00:00Z</updated></info>
<citation><layout><names variable="author"/></layout></citation>
<bibliography><layout><text variable="title"/></layout></bibliography></style>
"""


def test_a_folder_with_the_chapters_of_the_manual_is_a_book(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (chapters,) = (block for block in code("yaml") if "chapters:" in block)
    book = tmp_path / "book"
    book.mkdir()
    write_named_files(book)
    (book / "index.md").write_text(f"---\n{chapters}---\n\nPreface.\n", "utf-8")
    document = publish(inputs.job("book")).document
    assert document.manuscript.stem == "book"
    assert [node.text for node in document.body.iter("h2")] == ["One", "Two"]


# Restyling ----------------------------------------------------------------------------------------


def test_the_examples_of_restyling_do_what_the_manual_says(tmp_path: Path) -> None:
    pages = {}
    for name, files in examples().items():
        folder = tmp_path / name
        folder.mkdir()
        built = build_example(files, folder)
        assert built.findings == (), name
        assert is_close(picture(built), PICTURES[name]), f"{name}: run python -m tests.looks"
        result = {each.format: each.content for each in built.artefacts}
        pages[name] = result["html"].decode()
    assert len({PICTURES[name].read_bytes() for name in pages}) == len(pages)
    assert ">Note</p>" in pages["before"]
    assert ">Aside</p>" in pages["theme"]
    assert pages["before"].index("Ada Example</p>") > pages["before"].index("<h1")
    assert pages["order"].index("Ada Example</p>") < pages["order"].index("<h1")


def is_close(drawn: Image.Image, kept: Path) -> bool:
    """Return whether both look the same, except small differences between library versions."""
    size = (100, 94)
    with Image.open(kept) as picture_kept:
        pair = [image.convert("L").resize(size) for image in (drawn, picture_kept)]
    difference = ImageStat.Stat(ImageChops.difference(*pair)).mean[0]
    return float(difference) < MOST_DIFFERENT


MOST_DIFFERENT = 0.5  # of 255; two of the pictures differ by more than 2


# Other tools --------------------------------------------------------------------------------------


def test_a_word_document_comes_over_as_the_manual_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    pandoc = pypandoc.get_pandoc_path()
    Image.new("L", (60, 40), 200).save("map.png")
    Path("in.md").write_text(WRITTEN, "utf-8")
    subprocess.run([pandoc, "in.md", "-o", "essay.docx"], check=True)
    text = (MANUAL / "chapters" / "coming.md").read_text("utf-8")
    (command,) = re.findall(r"^pandoc (essay\.docx.*)$", text, re.MULTILINE)
    subprocess.run([pandoc, *command.split()], check=True)
    essay = Path("essay.md").read_text("utf-8")
    Path("essay.md").write_text(HEAD + essay, "utf-8")
    document = publish(inputs.job("essay.md")).document
    assert document.findings == ()
    names = {node.tag for node in document.body.iter()}
    assert {"h2", "em", "strong", "table", "figure", "math", "a"} <= names
    assert len(document.notes) == 1


WRITTEN = """# The mill

*Rags* and **water**.[^1] And $x^2$.

![A map](map.png)

| a | b |
|---|---|
| 1 | 2 |

[^1]: Of linen.
"""


def test_what_the_manual_calls_the_same_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (MANUAL / "chapters" / "coming.md").read_text("utf-8")
    rows = re.findall(r"^\| (.+?) +\| the same.*\|$", text, re.MULTILINE)
    assert sorted(rows) == sorted(SAME), "each row needs its sample"
    monkeypatch.chdir(tmp_path)
    Image.new("L", (600, 400), 200).save("map.png")
    Path("terms.md").write_text("Included words.\n", "utf-8")
    samples = "\n\n".join(written for written, _ in SAME.values())
    Path("essay.md").write_text(f"{HEAD}{samples}\n", "utf-8")
    built = build(inputs.job("essay.md"), ["html"])
    assert [str(each) for each in built.findings if each.severity is not Severity.NOTE] == []
    page = built.artefacts[0].content.decode()
    for row, (_, expected) in SAME.items():
        assert re.search(expected, page), row
    assert "Secret" not in page


SAME = {
    "pandoc-crossref: `{#fig:map}`, `[@fig:map]`": (
        "![A map](map.png){#fig:rome}\n\nSee [@fig:rome].",
        r'See <a href="#fig-rome" class="cb-xref">Figure.1</a>',
    ),
    "`{{< include terms.md >}}`": ("{{< include terms.md >}}", "<p>Included words.</p>"),
    "`::: {.callout-note}`": ("::: {.callout-note}\nWet.\n:::", r'<aside class="[^"]*note'),
    "`{#fig-map}`, `@fig-map`": (
        "![Another](map.png){#fig-map}\n\nSee @fig-map.",
        r'See <a href="#fig-map" class="cb-xref">Figure.2</a>',
    ),
    "`::: {#fig-pair layout-ncol=2}`": (
        (
            "::: {#fig-pair layout-ncol=2}\n![One](map.png){#fig-one}\n\n"
            "![Two](map.png){#fig-two}\n\nA pair\n:::\n\nSee @fig-two."
        ),
        r'class="cb-xref">Figure.3.?b</a>',
    ),
    '`::: {.content-visible when-format="html"}`': (
        '::: {.content-visible when-format="html"}\nOn the web.\n:::',
        "On the web",
    ),
    "`%%a comment%%`": ("%%Secret%%", ""),
    "`> [!WARNING]`": ("> [!WARNING]- Mind\n> The ink.", r">Mind</p>"),
    "`- [x] done`": ("- [x] done", r'<li class="cb-task cb-done">'),
    "`$x^2$`, `$$`": ("A formula, $x^2$.", "<msup>"),
    "`tags:` in the properties": ("", 'name="keywords" content="rags"'),
    "a list right below a line of text": ("Take:\n- rags\n- bark", "<li>rags"),
}
"""The notation in each such row of the manual, and its form in the web page."""


def test_only_who_asks_for_the_manual_builds_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert inputs.manuscripts(()) == ["source/security-assistance.md"]


@pytest.mark.xdist_group("manual")
def test_the_manual_is_released_as_an_edition_with_just_the_files_that_a_build_makes() -> None:
    archive = MemoryArchive()
    outcome = release(archive, str(MANUAL), ORDER)
    assert {finding.severity for finding in outcome.findings} <= {Severity.NOTE}
    edition = outcome.edition
    assert edition is not None
    assert (edition.label, edition.stem) == ("1.0.0", "manual")
    kept = {
        path.removeprefix("manuscript/")
        for path in edition.version.files
        if path.startswith("manuscript/")
    }
    assert kept == {
        path.relative_to(MANUAL).as_posix() for path in MANUAL.rglob("*") if path.is_file()
    }
    suffixes = {FORMATS[name].suffix for name in READING_FORMATS}
    files = make("manual").files
    built = {f"outputs/{path}": files[path] for path in files if path.suffix in suffixes}
    assert len(built) == len(READING_FORMATS)
    assert {path: archive.read(edition.version, path) for path in built} == built

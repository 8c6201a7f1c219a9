"""An author's own templates/: they change only what they contain, and faults are reported."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from chapbook.cli import inputs
from chapbook.design.templates import Design
from chapbook.model.errors import DesignError
from chapbook.pipeline import build, publish
from tests.cases import build_case

TEXT = "---\ntitle: T\nlang: {lang}\nidentifier: urn:x\n---\n\n# One\n\nHello.\n"


def findings(folder: Path, files: dict[str, str | bytes], lang: str = "en") -> list[str]:
    """Return the findings about a manuscript with these files in templates/, without layout."""
    return [
        str(finding)
        for finding in publish(inputs.job(write(folder, files, lang))).document.findings
        if finding.code.value == "design-unknown"
    ]


def write(folder: Path, files: dict[str, str | bytes], lang: str = "en") -> str:
    (folder / "main.md").write_text(TEXT.format(lang=lang), "utf-8")
    for name, text in files.items():
        path = folder / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(folder / "main.md")


def design(folder: Path, files: dict[str, str | bytes], theme: str = "serif") -> Design:
    return Design(inputs.job(write(folder, files)).templates, theme)


def text_size_pt(pdf: bytes, word: str) -> float:
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].get_textpage()
        at = page.get_text_range().index(word)
        return 0.75 * float(pypdfium2.raw.FPDFText_GetFontSize(page.raw, at))  # of CSS pixels


def test_tokens_that_are_not_there_stay_ours() -> None:
    built = build_case("tokens-partial")
    assert [finding for finding in built.findings if finding.code.value == "design-unknown"] == []
    page = built.files["html"].decode()
    assert "--color-accent: #145a8a" in page
    assert "--color-ink: #1b1a17" in page
    with zipfile.ZipFile(io.BytesIO(built.files["epub"])) as package:
        (name,) = [name for name in package.namelist() if name.endswith("cover.jpg")]
        ground = Image.open(io.BytesIO(package.read(name))).convert("RGB")
    assert list(ground.crop((2, 2, 6, 6)).resize((1, 1)).tobytes()) == pytest.approx(
        [0x14, 0x5A, 0x8A], abs=6
    )
    assert text_size_pt(built.files["pdf"], "Hello") == pytest.approx(11, abs=0.1)
    assert built.check_findings == ()


@pytest.mark.parametrize(
    "sheet",
    [
        ":root{--measure:30em}",
        '@charset "utf-8";\n:root { --measure: 30em }',
        "\ufeff:root { --measure: 30em; }",
        "/* mine: } */\r\n:root {\r\n  --measure: 30em; /* { */\r\n}\r\n",
        ":root { --measure: 30em; --mark-wrapped: url('data:x;base64,AA==') }",
        "@media print { p { margin: 0 } :root { --measure: 9em } }\n:root { --measure: 30em }",
    ],
)
def test_tokens_are_found_however_they_are_written(tmp_path: Path, sheet: str) -> None:
    own = design(tmp_path, {"tokens.css": sheet})
    assert own.tokens["--measure"] == "30em"
    assert own.tokens["--color-accent"] == "#7a2e1f"
    assert findings(tmp_path, {}) == []


def test_an_author_s_tokens_lie_over_our_theme_and_the_author_s_theme_over_both(
    tmp_path: Path,
) -> None:
    sheet = ":root { --color-accent: #145a8a; --measure: 30em }"
    own = design(tmp_path, {"tokens.css": sheet}, "plain")
    assert own.tokens["--color-accent"] == "#145a8a"
    assert own.tokens["--color-rule"] == "#c3c9cf"  # the theme's
    own = design(tmp_path, {"themes/plain.css": ":root { --measure: 28em }"}, "plain")
    assert (own.tokens["--measure"], own.tokens["--color-rule"]) == ("28em", "#c3c9cf")
    own = design(tmp_path, {"themes/mine.css": ":root { --indent: 2em }"}, "mine")
    assert (own.tokens["--measure"], own.tokens["--indent"]) == ("30em", "2em")


def test_colors_after_dark_stay_ours_unless_they_are_set(tmp_path: Path) -> None:
    def after_dark(sheet: str) -> str:
        page = design(tmp_path, {"tokens.css": sheet}).live_stylesheet()
        assert page.index("--color-ink: #000") < page.rindex("@media")
        return page[page.rindex("--color-ink") :].partition(";")[0]

    own = ":root { --color-ink: #000 }"
    assert after_dark(own) == "--color-ink: #dedad1"
    dark = "\n@media (prefers-color-scheme: dark) { :root { --color-ink: #eee; } }"
    assert after_dark(own + dark) == "--color-ink: #eee"


def test_words_that_are_not_there_stay_ours(tmp_path: Path) -> None:
    own = design(tmp_path, {"words/de.toml": 'contents = "Was drin steht"\n'})
    assert own.words("de-AT")["contents"] == "Was drin steht"
    assert own.words("de")["notes"] == "Anmerkungen"
    assert own.words("en")["contents"] == "Contents"
    own = design(tmp_path, {"words/nl.toml": 'contents = "Inhoud"\n'})
    assert (own.words("nl")["contents"], own.words("nl")["notes"]) == ("Inhoud", "Notes")
    own = design(tmp_path, {"shelf.toml": '[de]\nread = "Hinein"\n'})
    assert own.table("shelf.toml")["de"]["read"] == "Hinein"
    assert own.table("shelf.toml").keys() >= {"en", "fr"}
    assert own.table("shelf.toml")["de"]["download"]


EMPTY = ["tokens.css", "themes/serif.css", "words/en.toml", "print.css", "epub.css"]


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_file_is_no_defect(tmp_path: Path, name: str) -> None:
    job = inputs.job(write(tmp_path, {name: ""}))
    assert len(build(job, ("epub", "html")).artefacts) == 2


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("tokens.cs", "", "templates/tokens.cs: warning: unknown template: .*“tokens.css”"),
        ("token.css", "p{}", "templates/token.css: .*did you mean “tokens.css”"),
        ("print.scss", "$x: 1", "templates/print.scss: .*did you mean “print.css”"),
        ("theme/serif.css", "", "templates/theme/serif.css: .*did you mean “themes/serif.css”"),
        ("words/en.tmol", "", "templates/words/en.tmol: .*did you mean “words/en.toml”"),
        ("qqqqq.png", b"\xff", "templates/qqqqq.png: .*it has no effect"),
        ("tokens.css", "\n:root {\n --color-acent: red }", r"tokens.css:3: .*“--color-accent”"),
        ("tokens.css", ":root { --zzzzzz: 1 }", r"tokens.css:1: .*--zzzzzz: it has no effect"),
        ("themes/serif.css", ":root { --mesure: 1em }", r"serif.css:1: .*“--measure”"),
        ("words/en.toml", 'notes = "N"\ncontent = "C"\n', r"en.toml:2: .*“contents”"),
        ("words/nl.toml", 'contens = "C"\n', r"nl.toml:1: .*“contents”"),
    ],
)
def test_what_has_no_effect_is_reported_with_the_nearest_name(
    tmp_path: Path, name: str, text: str | bytes, says: str
) -> None:
    (actual,) = findings(tmp_path, {name: text})
    assert re.search(says, actual), actual


def test_what_another_template_uses_is_known(tmp_path: Path) -> None:
    page = "{% include 'mine.html' %}<p style='color: var(--mine)'>"
    files: dict[str, str | bytes] = {"web.html": page, "mine.html": "", ".DS_Store": b"\xff"}
    assert findings(tmp_path, {**files, "tokens.css": ":root { --mine: red }"}) == []


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("tokens.css", ":root {\n --measure: 1em\n --indent: 2em;\n}", "tokens.css:2: a semicolon"),
        ("tokens.css", "\n:root {\n  --measure: 1em;\n", "tokens.css:2: a brace that opens"),
        ("tokens.css", ":root { --measure: 1em; }\n}", "tokens.css:2: this brace closes nothing"),
        ("print.css", "p {\n  color red;\n}", "print.css:2: not CSS"),
        ("text.css", "p { color: red }\n/* mine", "text.css:2: a comment"),
        ("epub.css", "@media print {\n p {\n 1: 2 }\n}", "epub.css:3: not CSS"),
        ("words/de.toml", "\ncontents = Inhalt\n", "words/de.toml:2: not TOML"),
        ("words/de.toml", '\ncontents = ["a"]\n', "words/de.toml:2: “contents” is not text"),
        ("words/de.toml", "page = 5\n", "words/de.toml:1: “page” is not text"),
        ("words/en.toml", 'see-also = "{nobody}"\n', "words/en.toml:1: nothing fills {nobody}"),
        ("words/en.toml", b"notes = '\xff'", "words/en.toml:1: not UTF-8"),
        ("web.html", " \n", "web.html: this template is empty"),
        ("shelf.toml", '[en]\nread = "{"\n', "shelf.toml:2: nothing fills"),
    ],
)
def test_wrong_syntax_is_reported_with_its_line(
    tmp_path: Path, name: str, text: str | bytes, says: str
) -> None:
    with pytest.raises(DesignError) as raised:
        build(inputs.job(write(tmp_path, {name: text})), ("html",))
    assert re.search(
        f"^templates/.*{re.escape(says)}|^templates/{re.escape(says)}", str(raised.value)
    )
    assert raised.value.remedy


def test_our_own_templates_have_no_fault(tmp_path: Path) -> None:
    """Our own templates, used as an author's: none is refused, and all have an effect."""
    ours = inputs.job(write(tmp_path, {})).templates
    assert findings(tmp_path, dict(ours.items())) == []

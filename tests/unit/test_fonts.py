"""Faces are chosen by script, and the finding for a missing face says what to install."""

from importlib.util import find_spec
from pathlib import Path

import pytest
import uharfbuzz as hb
from click.testing import CliRunner

from chapbook.cli import chapbook
from chapbook.design import fonts
from chapbook.design.faces import extra_for, scripts_for
from chapbook.weasy.messages import findings_of
from chapbook.weasy.patches.draw_text import shared_out

SERIF = ("Source Serif 4",)


@pytest.mark.parametrize(
    ("lang", "text", "script"),
    [
        ("ar", "كتاب", "Arabic"),
        ("ur", "ٹوپی ڈھانچہ", "Arabic"),
        ("he", "בְּרֵאשִׁית", "Hebrew"),
        ("hi", "हिन्दी", "Devanagari"),
        ("bn", "বাংলা", "Bengali"),
        ("ta", "கொக்கு", "Tamil"),
        ("th", "คำนำ", "Thai"),
        ("zh", "汉语", "Simplified Chinese"),
        ("zh-TW", "漢語", "Traditional Chinese"),
        ("ja", "漢字", "Japanese"),
        ("en", "漢字かな", "Japanese"),
        ("en", "漢字", "Simplified Chinese"),
        ("ko", "한글 漢字", "Korean"),
    ],
)
def test_each_script_has_its_face(lang: str, text: str, script: str) -> None:
    assert fonts.scripts_of(SERIF, text, lang) == [script]
    faces = {face.face.family: face for face in fonts.instances(SERIF, text, lang)}
    assert f"Source Serif 4 {script}" in faces


def test_what_harfbuzz_takes_apart_is_in_the_face_too() -> None:
    (tamil,) = {
        own: held
        for own, held in fonts.shared(
            fonts.faces(SERIF[0])[0], frozenset("கொ"), frozenset("கொ"), "ta"
        ).items()
        if "Tamil" in own.family
    }.values()
    assert {"\u0bc6", "\u0bbe"} <= tamil
    assert scripts_for("ta", frozenset())[0].name == "Tamil"


def test_latin_texts_take_no_other_face() -> None:
    assert fonts.scripts_of(SERIF, "Prinzipien – „so“ naïve Ωμέγα Жизнь", "de") == []


def test_a_missing_face_is_reported_with_its_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    here = find_spec
    monkeypatch.setattr(
        fonts, "find_spec", lambda name: None if name.startswith("pylopdf") else here(name)
    )
    fonts._find.cache_clear()
    message = '.notdef glyph rendered for Unicode string unsupported by fonts: "漢" (U+6F22)'
    try:
        (result,) = findings_of([message])
        assert fonts.scripts_of(SERIF, "漢字", "ja") == []
    finally:
        fonts._find.cache_clear()
    assert result.severity.value == "error"
    assert "“漢” (U+6F22); run: pip install 'chapbook[cjk]'" in result.message


def test_no_file_with_a_blank_box_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("essay.md").write_text("---\ntitle: So 𒀀\nlang: en\n---\n\nWords.\n", "utf-8")
    done = CliRunner().invoke(chapbook, ["build", "essay.md"])
    assert done.exit_code == 8
    assert "essay.md:2: error: no face has a glyph for “𒀀” (U+12000)" in done.stderr
    assert sorted(path.name for path in Path("build").glob("essay.*")) == ["essay.html"]


def test_extras_go_by_script() -> None:
    assert [extra_for(each) for each in "كאहคあa"] == [
        "arabic",
        "hebrew",
        "indic",
        "southeast-asian",
        "cjk",
        None,
    ]


def test_a_glyph_of_a_vocalized_letter_says_its_own_character() -> None:
    assert shared_out("صٌّ", [9, 4], {9: "ٌ"}) == {9: "ٌ", 4: "صّ"}
    assert shared_out("(", [3], {3: ")"}) == {3: ")"}


@pytest.mark.parametrize("script", ["Arabic", "Hebrew"])
def test_no_glyph_of_a_face_stands_for_two_letters(script: str) -> None:
    """A glyph has one text in a PDF: with separate dots, letters would be read as other letters."""
    text, lang = {
        "Arabic": ("للكتاب ثبت نبيث پژوهش گچ ٹھیک ڈاکٹر ہے فقيه تثبيت شش جحخ طظ عغ رزذد", "ur"),
        "Hebrew": ("ספר עמוד מהדורה כותב ושורש תקציר זכוכית גג ףץןםך", "he"),
    }[script]
    (own,) = (each for each in scripts_for(lang, frozenset(text)) if each.name == script)
    for face in {*own.serif, *own.sans}:
        texts: dict[int, set[str]] = {}
        shaper = hb.Font(hb.Face(fonts.cut(face, text).truetype))
        for word in text.split():
            buffer = hb.Buffer()
            buffer.add_str(word)
            buffer.guess_segment_properties()
            hb.shape(shaper, buffer)
            starts = sorted({info.cluster for info in buffer.glyph_infos})
            ends = dict(zip(starts, [*starts[1:], len(word)], strict=True))
            for info in buffer.glyph_infos:
                letters = word[info.cluster : ends[info.cluster]]
                texts.setdefault(info.codepoint, set()).add(letters)
        assert [each for each in texts.values() if len(each) > 1] == [], face.file

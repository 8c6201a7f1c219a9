"""The readers of this folder read what was written."""

from tests.cases import build_text


def test_every_format_is_read_back() -> None:
    built = build_text(
        "---\ntitle: Tides\nlang: en\nidentifier: urn:x\n---\n\n# One\n\nWords *stay*.\n"
    )
    assert all("Words stay." in text for text in built.texts.values())
    assert len(built.xpath("//h:em")) == 2
    assert built.check_findings == ()

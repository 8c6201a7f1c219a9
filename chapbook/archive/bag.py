"""The adapter to bagit: an edition as a BagIt 1.0 bag (RFC 8493) with Dublin Core metadata.

bagit works on a folder, so it gets a temporary one. It declares version 0.97, although it follows
all rules of 1.0 but one: a percent sign in a file name must be escaped. The tool itself would then
not find that file.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, indent, register_namespace, tostring

from chapbook import __version__
from chapbook.archive.editions import ArchivedEdition
from chapbook.model.errors import ArchiveError
from chapbook.writers.registry import media_type_of

METADATA = "metadata/dc.xml"
_DC = "http://purl.org/dc/elements/1.1/"
_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_DECLARATION = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_ALGORITHMS = ("sha256", "sha512")  # RFC 8493, 2.4, asks for sha512


def bag(files: Mapping[str, bytes], edition: ArchivedEdition) -> dict[str, bytes]:
    """Return the files of a bag with the content *files*, by their paths in the bag.

    Raises ArchiveError for a file name with a percent sign.
    """
    import bagit

    for path in files:
        if "%" in path:
            raise ArchiveError(
                f"a bag cannot hold “{path}”: standard and tool disagree about percent signs",
                remedy="export it as zip",
            )
    with tempfile.TemporaryDirectory(prefix="chapbook-") as name:
        folder = Path(name).resolve()
        _write(folder, files)
        new_bag = bagit.make_bag(str(folder), _info(edition), processes=1, checksums=_ALGORITHMS)
        _write(folder, {METADATA: dublin_core(edition), "bagit.txt": _DECLARATION})
        new_bag.save()  # adds the metadata and the declaration to the tag manifests
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _info(edition: ArchivedEdition) -> dict[str, str]:
    """Return the reserved elements of bag-info.txt (RFC 8493, 2.2.2) that are known."""
    about = edition.record.get("metadata", {})
    info = {
        "Source-Organization": about.get("publisher"),
        "Bagging-Date": edition.released[:10],  # the release's day keeps the bytes equal
        "External-Description": f"{edition.title}, {edition.name}",
        "External-Identifier": edition.work,
        "Internal-Sender-Identifier": f"{edition.work}@{edition.label}",
        "Bag-Software-Agent": f"Chapbook {__version__}",
    }
    return {name: " ".join(value.split()) for name, value in info.items() if value}


def dublin_core(edition: ArchivedEdition) -> bytes:
    """Return the metadata of *edition* in the fifteen elements, in the form of OAI-PMH."""
    register_namespace("dc", _DC)
    register_namespace("oai_dc", _OAI_DC)
    root = Element(f"{{{_OAI_DC}}}dc")
    for name, value in _elements(edition):
        SubElement(root, f"{{{_DC}}}{name}").text = value
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _elements(edition: ArchivedEdition) -> Iterator[tuple[str, str]]:
    about = edition.record.get("metadata", {})
    yield "title", edition.title
    for name, key in (
        ("creator", "authors"),
        ("subject", "keywords"),
        ("description", "description"),
        ("publisher", "publisher"),
    ):
        value = about.get(key, ())
        for each in [value] if isinstance(value, str) else value:
            yield name, each
    yield "description", f"{edition.name[:1].upper()}{edition.name[1:]}"
    if edition.date:
        yield "date", edition.date
    yield "type", "Text"
    for output in edition.record.get("outputs", ()):
        yield "format", media_type_of(output["path"]) or output["format"]
    yield "identifier", edition.work
    if source := edition.record.get("manuscript", {}).get("sha256"):
        yield "source", f"nih:sha-256;{source}"
    for name, key in (("language", "language"), ("rights", "rights")):
        if about.get(key):
            yield name, str(about[key])

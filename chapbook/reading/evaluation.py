"""The evaluation that a manuscript's metadata names: the only ground for a claim of conformance.

EPUB Accessibility 1.1, “Conformance reporting”: what was conformed to, in these very words, and who
looked. One without the other says nothing, so nothing of it is told then.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chapbook.model.metadata import Evaluation
from chapbook.reading.yaml_reader import Value

EVALUATION_KEYS = frozenset("conforms-to certified-by credential report".split())
_CONFORMS = re.compile(r"EPUB Accessibility 1\.1 - WCAG 2\.[0-2] Level A{1,3}")
_EXAMPLE = "EPUB Accessibility 1.1 - WCAG 2.2 Level AA"
_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def read_evaluation(value: Value) -> tuple[Evaluation | None, tuple[tuple[str, str], ...]]:
    """The evaluation that *value* names, and what is wrong with it, key by key."""
    if not isinstance(value, dict):
        told = f"must be an object with {', '.join(sorted(EVALUATION_KEYS))}"
        return None, (("accessibility", f"“accessibility” {told}"),)
    said = {
        name: " ".join(item.split())
        for name, item in value.items()
        if name in EVALUATION_KEYS and isinstance(item, str) and item.strip()
    }
    faults = tuple(_faults(value, said))
    if faults:
        return None, faults
    evaluation = Evaluation(
        conforms_to=said["conforms-to"],
        certified_by=said["certified-by"],
        credential=said.get("credential"),
        report=said.get("report"),
    )
    return evaluation, ()


def _faults(value: dict[str, Value], said: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, item in value.items():
        if name in EVALUATION_KEYS and not isinstance(item, str):
            yield name, f"“{name}” must be one text"
    for name in ("conforms-to", "certified-by"):
        if name not in said:
            yield name, f"“accessibility” lacks “{name}”, so no conformance is claimed: add it"
    if "conforms-to" in said and not _CONFORMS.fullmatch(said["conforms-to"]):
        told = f"“{said['conforms-to']}” is no conformance that EPUB knows: write “{_EXAMPLE}”"
        yield "conforms-to", told
    if "report" in said and not _ADDRESS.fullmatch(said["report"]):
        yield "report", f"“{said['report']}” is no web address of a report: write https://…"

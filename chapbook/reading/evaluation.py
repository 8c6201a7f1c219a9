"""The accessibility evaluation in a manuscript's metadata, the only basis for conformance claims.

EPUB Accessibility 1.1, “Conformance reporting”, requires the standard, in its exact words, and who
evaluated the work. Without both of them nothing is claimed.
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
    """Return the evaluation in *value* and its faults. With faults there is no evaluation.

    A fault is a key and a message.
    """
    if not isinstance(value, dict):
        message = f"must be an object with {', '.join(sorted(EVALUATION_KEYS))}"
        return None, (("accessibility", f"“accessibility” {message}"),)
    texts = {
        name: " ".join(item.split())
        for name, item in value.items()
        if name in EVALUATION_KEYS and isinstance(item, str) and item.strip()
    }
    faults = tuple(_faults(value, texts))
    if faults:
        return None, faults
    evaluation = Evaluation(
        conforms_to=texts["conforms-to"],
        certified_by=texts["certified-by"],
        credential=texts.get("credential"),
        report=texts.get("report"),
    )
    return evaluation, ()


def _faults(value: dict[str, Value], texts: dict[str, str]) -> Iterator[tuple[str, str]]:
    for name, item in value.items():
        if name in EVALUATION_KEYS and not isinstance(item, str):
            yield name, f"“{name}” must be one text"
    for name in ("conforms-to", "certified-by"):
        if name not in texts:
            yield name, f"“accessibility” lacks “{name}”, so no conformance is claimed: add it"
    if "conforms-to" in texts and not _CONFORMS.fullmatch(texts["conforms-to"]):
        message = (
            f"“{texts['conforms-to']}” is not a conformance that EPUB knows: write “{_EXAMPLE}”"
        )
        yield "conforms-to", message
    if "report" in texts and not _ADDRESS.fullmatch(texts["report"]):
        yield "report", f"“{texts['report']}” is not a web address of a report: write https://…"

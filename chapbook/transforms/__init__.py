"""The house style: an ordered tuple of functions from document to document.

Each takes the tree it is given and may change it in place: `prepare` makes the one copy, so that
its caller's document stays as it was. A new piece of house style is a function and a row here.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import reduce

from chapbook.document import Document
from chapbook.transforms.capitals import set_capitals
from chapbook.transforms.content import mend_content
from chapbook.transforms.figures import describe_figures
from chapbook.transforms.identifiers import settle_identifiers
from chapbook.transforms.links import resolve_links
from chapbook.transforms.listings import set_listings
from chapbook.transforms.lists import mark_tasks
from chapbook.transforms.notes import collect_notes
from chapbook.transforms.page_breaks import break_pages
from chapbook.transforms.sections import drop_title_heading, nest_sections
from chapbook.transforms.tables import scope_headers

Transform = Callable[[Document], Document]

TRANSFORMS: tuple[Transform, ...] = (
    mend_content,
    drop_title_heading,
    collect_notes,
    nest_sections,
    break_pages,
    settle_identifiers,
    resolve_links,
    describe_figures,
    scope_headers,
    mark_tasks,
    set_listings,
    set_capitals,
)


def prepare(document: Document) -> Document:
    """Return *document* in house style: after every transform, in order."""
    own = replace(document, body=deepcopy(document.body))
    return reduce(lambda doc, transform: transform(doc), TRANSFORMS, own)

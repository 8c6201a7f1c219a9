"""The house style: takes a document, and returns it after an ordered list of functions.

Each function may change the tree in place: `prepare` makes one copy first, so that its caller's
document does not change. To add to the house style, add a function and a row here.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from functools import reduce

from chapbook.model.document import Document
from chapbook.transforms.abbreviations import expand_abbreviations
from chapbook.transforms.addresses import mark_addresses
from chapbook.transforms.admonitions import set_admonitions
from chapbook.transforms.capitals import set_capitals
from chapbook.transforms.citations import cite
from chapbook.transforms.content import mend_content
from chapbook.transforms.decimals import align_decimals
from chapbook.transforms.directions import set_directions
from chapbook.transforms.figures import compose_figures, describe_figures, print_credits
from chapbook.transforms.formulas import settle_formulas
from chapbook.transforms.identifiers import settle_identifiers
from chapbook.transforms.index import make_index
from chapbook.transforms.links import resolve_links
from chapbook.transforms.listings import frame_listings, set_listings
from chapbook.transforms.lists import mark_tasks
from chapbook.transforms.lists_of import list_captions
from chapbook.transforms.notes import collect_notes
from chapbook.transforms.numbering import number_headings, number_parts
from chapbook.transforms.page_breaks import break_pages
from chapbook.transforms.parts import name_parts
from chapbook.transforms.references import refer
from chapbook.transforms.sections import drop_title_heading, nest_sections
from chapbook.transforms.tables import scope_headers
from chapbook.transforms.verse import set_verse

Transform = Callable[[Document], Document]

TRANSFORMS: tuple[Transform, ...] = (
    mend_content,
    compose_figures,
    frame_listings,
    set_admonitions,
    drop_title_heading,
    collect_notes,
    nest_sections,
    break_pages,
    cite,
    make_index,
    settle_formulas,
    number_parts,
    refer,
    list_captions,
    print_credits,
    settle_identifiers,
    resolve_links,
    number_headings,
    set_listings,
    describe_figures,
    scope_headers,
    align_decimals,
    mark_tasks,
    set_verse,
    name_parts,
    mark_addresses,
    expand_abbreviations,
    set_capitals,
    set_directions,
)


def prepare(document: Document) -> Document:
    """Return *document* in house style: after every transform, in order."""
    own = replace(document, body=deepcopy(document.body))
    return reduce(lambda doc, transform: transform(doc), TRANSFORMS, own)

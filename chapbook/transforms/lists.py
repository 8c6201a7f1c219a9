"""Lists: marks the items of task lists as done or open."""

from __future__ import annotations

from chapbook.model import vocabulary
from chapbook.model.document import Document
from chapbook.model.dom import add_class, classes, replace, walk


def mark_tasks(document: Document) -> Document:
    """Move a task's state from its checkbox to its item, where a list marker can show it."""
    for tree in (document.body, *(note.body for note in document.notes)):
        for item in list(tree.iter("li")):
            for parent, node in list(walk(item)):
                if vocabulary.TASK in classes(node) and node.tag == "span":
                    add_class(item, vocabulary.TASK)
                    add_class(item, classes(node)[-1])
                    replace(parent, node)
                    break
    return document

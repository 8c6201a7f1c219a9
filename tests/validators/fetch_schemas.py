"""Fetches the published schemas of OPDS 1.2 and 2.0 into tests/validators/schemas.

    python -m tests.validators.fetch_schemas

No package carries them, and they are not ours to keep in the repository. Each lies under its own
address, and what it refers to is fetched as well.
"""

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import urldefrag, urljoin, urlsplit
from urllib.request import urlopen

from tests.validators import tools

OPDS_1 = "https://raw.githubusercontent.com/opds-community/specs/master/schema/1.2/opds.rnc"
OPDS_2 = "https://drafts.opds.io/schema/feed.schema.json"
PUBLICATION = "https://drafts.opds.io/schema/publication.schema.json"
_TIMEOUT_SECONDS = 20


def place(address: str) -> Path:
    """Return the file of the schema at *address*, the same for http and https."""
    parts = urlsplit(address)
    return tools.SCHEMAS / parts.netloc / parts.path.lstrip("/")


def references(address: str, content: str) -> Iterator[str]:
    """The addresses of the schemas that the one at *address* refers to."""
    if address.endswith(".rnc"):
        matches = re.findall(r'^\s*include\s+"([^"]+)"', content, re.MULTILINE)
    else:
        matches = list(_refs(json.loads(content)))
    for href in matches:
        if bare := urldefrag(urljoin(address, href)).url:
            yield re.sub("^http:", "https:", bare)


def _refs(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value
            else:
                yield from _refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from _refs(value)


def main() -> None:
    """Fetch all schemas, or print a line about each failure."""
    waiting, seen = [OPDS_1, OPDS_2, PUBLICATION], set[str]()
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        try:
            with urlopen(address, timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - our own list
                content = answer.read().decode()
        except (URLError, TimeoutError) as error:
            sys.exit(f"{address} cannot be fetched: {error}")
        path = place(address)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, "utf-8")
        waiting += references(address, content)
    print(f"{len(seen)} schemas are in {tools.SCHEMAS}")


if __name__ == "__main__":
    main()

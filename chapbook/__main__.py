"""`python -m chapbook`, and the `chapbook` command."""

from __future__ import annotations

import gc


def main() -> None:
    """Run the command line."""
    # Layout makes many small objects that live to the end: collecting after every 700 of them,
    # Python's default, takes a tenth of the time of a build.
    gc.set_threshold(100_000, 50, 50)
    from chapbook.cli import chapbook

    chapbook(prog_name="chapbook")


if __name__ == "__main__":
    main()

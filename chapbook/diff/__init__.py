"""What changed between two states of a work, in a reader's words, by the older printed page.

`compare` turns two outlines into a `Comparison`. `located` adds the page and line of each change in
the older printed edition. The terminal, JSON, the web page and the errata sheet show the result.
"""

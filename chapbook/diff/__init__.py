"""What changed between two states of a work, as a reader would name it, by the older printed page.

`compare` is a function from two outlines to a `Comparison`; `locate` adds the page and the line of
the older printed edition. Terminal, JSON, web page and errata sheet are four ways to tell it.
"""

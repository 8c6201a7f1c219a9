"""A package, so that no library's own `tests` folder in site-packages is taken for it."""

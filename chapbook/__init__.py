# SPDX-License-Identifier: AGPL-3.0-or-later
"""One Markdown manuscript to a PDF, an EPUB and a web page that share their pages."""

__version__ = "0.1.0"

"""From a `Document` and a `Design` to a laid-out book: its pages, and where each begins."""

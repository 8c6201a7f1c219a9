"""From words and their language to their order, direction, quotation marks and nearest names."""

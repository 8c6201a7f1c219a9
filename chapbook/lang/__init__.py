"""From words and their language: sort order, writing direction, quotation marks, similar names."""

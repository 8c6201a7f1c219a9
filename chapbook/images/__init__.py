"""From the bytes of an image to those of a harmless, upright one in the colors that are wanted."""

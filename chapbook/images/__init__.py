"""From the bytes of an image to the bytes of a harmless, upright image in the wanted colors."""

"""From the bytes of a PDF to what its streams, fonts and structure say."""

"""Takes the folders of templates and faces, and returns a `Design`, filled templates and fonts."""

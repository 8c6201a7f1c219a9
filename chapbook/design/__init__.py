"""From the folders of templates and faces to a `Design`, filled templates and subset fonts."""

"""A database as it is after a busy year: what the pages and the searches of the bench are measured on."""

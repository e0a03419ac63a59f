"""An investigation as one story: everything on its record, for a page and for a document to keep."""

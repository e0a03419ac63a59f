"""An investigation as one story: everything on its record, for a page, a document to keep, and the tracker's issue."""

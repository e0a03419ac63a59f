"""What development knows already: issues of the trackers, read as symptom, workaround and ETA."""

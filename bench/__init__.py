"""Measure what the documents promise, on this machine, in one run: `make bench`."""

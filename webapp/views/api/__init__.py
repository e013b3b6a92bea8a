"""The JSON API: the same services as the pages, behind an envelope, a key and a document that says what there is."""

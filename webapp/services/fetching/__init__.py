"""How Slate reaches a URL somebody pasted: which links, which addresses, which connection."""

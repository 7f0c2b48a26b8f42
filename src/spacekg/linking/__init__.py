"""linking   a list of names → the same list with Wikidata items, mappings of it, and a sheet to review them."""

"""reference_tables    how data/reference is made from the raw files of Wikidata, GCAT, ROR and ISO."""

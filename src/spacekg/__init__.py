"""Documents about international space collaboration, turned into a knowledge graph with evidence."""

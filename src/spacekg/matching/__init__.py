"""matching  a name from anywhere → the entity it names, with a score that can be trusted, or the candidates."""

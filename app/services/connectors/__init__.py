"""One module a door: the only code that speaks a government service's wire."""

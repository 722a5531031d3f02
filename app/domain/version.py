"""The version of the program; pyproject.toml, CHANGELOG and this agree (a test looks)."""

VERSION = "0.1.0"

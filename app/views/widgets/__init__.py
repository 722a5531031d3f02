"""Painted and composed controls that the pages share."""

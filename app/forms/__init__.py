"""Procedures as data: schema, drafts, checks, payload encoders and printing."""

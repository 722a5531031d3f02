"""The reader of the tables a person takes in; the reader itself serves other use cases too."""

from app.services.sheet_reading import MOST_BYTES, rows_of

__all__ = ["MOST_BYTES", "rows_of"]

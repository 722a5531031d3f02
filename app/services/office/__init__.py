"""An office that files for many companies: its file, its account, its capacity, its batches."""

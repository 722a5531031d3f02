"""The vault: one encrypted file per company, its key slots and its tables."""

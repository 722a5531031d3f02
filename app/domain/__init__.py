"""Plain values and rules of the house: no disk, no network, no window."""

"""Use cases: what a person can ask the program to do, with no window and no wire detail."""

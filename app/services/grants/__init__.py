"""Grants and support schemes for one company: what fits it and why, and how healthy its figures are.

GrantKeeping    the kept copy brought up to date, and files of a publisher taken into the vault
Matching        the verdict of every grant, with reasons, what would change it, and what to ask
LocalBenchmark  ローカルベンチマーク: six indicators beside the reference values of the trade
"""

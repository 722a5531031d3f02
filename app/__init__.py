"""Ichido (一度): a company's facts, written once, and the government forms that fill themselves from them."""

"""The practice town: local servers that speak the public wire formats; imports nothing else of app."""

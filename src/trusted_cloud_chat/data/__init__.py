"""Data files of the product, read through `importlib.resources`."""

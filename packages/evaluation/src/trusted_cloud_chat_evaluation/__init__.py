"""Measures the product: cases → metrics → report."""

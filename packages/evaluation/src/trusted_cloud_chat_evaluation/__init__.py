"""Evaluates the product: runs cases, computes metrics, writes reports."""

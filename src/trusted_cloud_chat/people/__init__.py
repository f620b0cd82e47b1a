"""Accounts, and the readers' data: feedback and conversations."""

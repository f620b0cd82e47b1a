"""Accounts, rate limits, and the readers' data: feedback and conversations."""

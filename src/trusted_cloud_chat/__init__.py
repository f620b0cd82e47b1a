"""Trusted Cloud Chat: dated, verbatim answers about the trusted-cloud market."""

__version__ = "0.1.0"

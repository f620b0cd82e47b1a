"""Trusted Cloud Chat: dated, verbatim answers about the trusted-cloud market."""

from trusted_cloud_chat.isolation import silence

# Libraries read these variables when they load, and each of ours loads after this line.
silence()

__version__ = "0.1.0"

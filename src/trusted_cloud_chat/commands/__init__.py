"""What the command line does: a file a group of commands, put together by `cli.py`."""

"""The forms of an answer, one file each: quotes, list, table, verdict."""

"""The forms of an answer, one file each: quotes, list, table, standing."""

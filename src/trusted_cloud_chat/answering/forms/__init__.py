"""The forms of an answer, one file per form: quotes, list, table, standing."""

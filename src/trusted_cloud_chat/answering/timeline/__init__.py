"""Statements in order of time: stages of a qualification, promises, what was said before, who says otherwise."""

"""What an extractive answer looks like for each kind of question. Nothing here states a fact: quotes do."""

"""Who may sign in, how often one may ask, and what readers keep: feedback and conversations."""

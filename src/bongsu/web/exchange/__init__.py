"""Exchange: a case in the forms other programs read, for a reader's eyes; and what comes in, never as a fact."""

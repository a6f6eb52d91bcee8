"""Where ship positions come from: a reader and a card each."""

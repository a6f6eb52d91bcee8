"""What the sea desk looks for: a detector and a card each."""

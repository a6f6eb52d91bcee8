"""The page of exhibits: what was received, how it is kept, what it shows at the place cited, and its exchange."""

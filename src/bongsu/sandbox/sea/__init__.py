"""An invented world of ships: where they went, what was heard of them, and what each of them was up to."""

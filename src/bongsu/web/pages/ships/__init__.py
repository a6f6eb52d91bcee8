"""Ships: those with signs about them, and the way of each with her ports, silences, meetings and names over time."""

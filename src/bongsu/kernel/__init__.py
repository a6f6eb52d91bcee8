"""The values everyone shares. Standard library only."""

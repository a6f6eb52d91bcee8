"""Casework: the board, a case, a finding with its claims and evidence side by side, and every act as a form."""

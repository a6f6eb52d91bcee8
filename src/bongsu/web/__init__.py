"""The site: accounts, casework and pages over what the floors below compute. Django lives here alone."""

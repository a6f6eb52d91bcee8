"""The API: the same questions and acts as pages and command line, for programs that hold a token."""

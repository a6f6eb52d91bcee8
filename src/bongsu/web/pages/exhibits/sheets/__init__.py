"""Pages of PDF files as pictures: drawn by a process of its own that holds nothing, reaches nothing and ends soon."""

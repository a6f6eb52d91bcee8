"""What the site keeps: the journal of acts, and rows that follow from it and from the watch's cycles."""

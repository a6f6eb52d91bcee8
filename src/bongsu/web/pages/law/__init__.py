"""The law: resolutions and measures as dated facts, and what they say of goods or of a topic on a day."""

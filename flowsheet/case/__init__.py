"""Case files: what they say, and what they take over from the plants they name."""

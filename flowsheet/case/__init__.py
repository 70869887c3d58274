"""Case files: read, taken over from plants, and begun."""

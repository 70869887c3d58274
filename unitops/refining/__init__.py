"""From crude metal to pure metal."""

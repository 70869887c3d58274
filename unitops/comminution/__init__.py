"""Breaking particles."""

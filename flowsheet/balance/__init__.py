"""What assays of a separation say: recovery and mass pull, with their errors, and minerals."""

"""What the author of a unit operation needs, and nothing else."""

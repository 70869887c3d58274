"""What an uncertain number is, how it is sampled, and what the samples say; knows no solver."""

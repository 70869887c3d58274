"""What a route has to build: throughput, equipment, reagents, power of every step."""

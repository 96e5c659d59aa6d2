"""What the benchmark measures with, and how it shows what it found."""

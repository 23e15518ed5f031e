"""The benchmarks: each prints its reference, measured in the same run, and the ratio."""

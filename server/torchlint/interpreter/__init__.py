"""The dummy forward pass: an interpreter of Python over tensors that are shapes."""

"""The executed pass: a model that is really built and run, in a process of its own, on tensors without data."""

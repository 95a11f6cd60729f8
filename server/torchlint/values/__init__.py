"""What names are bound to during a dummy forward pass: tensors, modules and whatever cannot be known."""

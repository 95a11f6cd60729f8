"""What the interpreter knows of Python's own library, one module of it a file."""

"""What an editor shows of a file, as plain data: it knows of no protocol, and nothing of it holds on to a pass."""

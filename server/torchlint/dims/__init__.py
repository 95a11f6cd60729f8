"""Sizes: integers and normalized symbolic expressions over them, and what is known about the symbols."""

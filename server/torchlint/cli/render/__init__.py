"""Findings and summaries as text, JSON and Markdown."""

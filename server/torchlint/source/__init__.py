"""From text to syntax: documents, their top-level definitions, comments that silence, and the files of a project."""

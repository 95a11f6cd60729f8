"""From text to syntax: documents, top-level definitions, comments that silence, the files of a project."""

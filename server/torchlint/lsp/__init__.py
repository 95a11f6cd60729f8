"""The language server: thin handlers that convert between the protocol and the plain answers of `editor`."""

"""`tools/conformance`: replay recordings of another server of this API, and compare what comes back."""

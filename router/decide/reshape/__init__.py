"""Reshape: small transformations of what a source sends, or of what one destination is given."""

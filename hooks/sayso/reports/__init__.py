"""Reports: each module renders results in one format."""

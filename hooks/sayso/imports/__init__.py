"""Reports of other tools: each module reads one format, strictly, and knows nothing of the repository but its place."""

"""What agents, workflows and cloud roles may do: read, compared, and told from what they could do before."""

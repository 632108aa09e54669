"""Find credentials in text: what has a form of its own, what is given to a name, and what only looks like one."""

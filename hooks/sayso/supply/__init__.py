"""Read what a change brings into a project from elsewhere: one module for each kind of file, all of them pure."""

"""Where the files of a build come from: a folder, the publishers, Python packages."""

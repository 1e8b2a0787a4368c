"""Keeping the law, the directory, the words and the rules current."""

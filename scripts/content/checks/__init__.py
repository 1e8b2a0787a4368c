"""What is checked in the pages' words, one module a check."""

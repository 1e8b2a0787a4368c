"""The small Python of the browser: an image of the started interpreter, with only the code and memory it uses."""

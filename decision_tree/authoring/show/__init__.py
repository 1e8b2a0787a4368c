"""The knowledge for readers: differences, tables, the drawing, the guide as links."""

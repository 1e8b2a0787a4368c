"""From YAML to a checked knowledge: text with line numbers, shapes, conditions, messages."""

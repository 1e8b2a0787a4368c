"""What a sentence in the person's own words is read as: facts to confirm, pages that answer, danger first. Standard library only."""

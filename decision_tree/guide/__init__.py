"""What a person walks: states, answers, letters, directory, dates, and their HTML; it travels to the browser."""

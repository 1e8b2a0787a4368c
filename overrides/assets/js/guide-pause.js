// Nothing to run. A browser stops reading at a script until the styles are there, and draws: the first question before two thousand states.

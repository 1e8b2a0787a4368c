"""The checkout itself: places, cache, locks, set-up, and the verbs that check it."""

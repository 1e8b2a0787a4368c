"""The verbs behind `make`: each module is one verb, run as `python -m scripts.ROOM.VERB --help`."""

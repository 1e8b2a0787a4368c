"""The types of page that the browser tests walk through; the tests of the leaflets walk through theirs."""

from scripts.site import page_types

TYPES = {name: place for name, place in page_types.TYPES.items() if name != "leaflets"}

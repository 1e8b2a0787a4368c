"""The content of the site: what the pages say, where it comes from, and the checks that keep it true and plain."""

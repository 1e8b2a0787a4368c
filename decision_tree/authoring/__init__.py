"""Build time only: YAML knowledge → checked model → graph. The only place that imports yaml."""

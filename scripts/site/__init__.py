"""MkDocs and what surrounds it: hooks, the shell, the guide's page, what follows the build, servers, the archive."""

"""How the whole stands up: settings, routes, the server's doors, the database, the command."""

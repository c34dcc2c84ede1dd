"""Head office over real HTTP and a real PostgreSQL."""

"""Taking a journey elsewhere."""

"""What the command line prints: tables for people, CSV and JSON for programs."""

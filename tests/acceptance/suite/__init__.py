"""Referees for specc's output: tools that nobody of this project wrote."""

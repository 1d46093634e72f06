"""Answers to questions about a project, as plain data, and the forms in which they are shown."""

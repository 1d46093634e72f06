"""What every room may use: errors, settings, findings, reports."""

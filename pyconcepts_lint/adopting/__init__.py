"""Old code bases: baselines, changed lines, `# noqa` comments."""

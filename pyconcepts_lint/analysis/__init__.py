"""Questions about code that several rules ask: values, control flow, context, names."""

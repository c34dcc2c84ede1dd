"""The window: it shows, asks and forwards; it holds no rule, no SQL and no paper."""

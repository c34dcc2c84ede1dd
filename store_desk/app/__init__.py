"""Where everything meets: the one place that knows store, paper, files, window and command line."""

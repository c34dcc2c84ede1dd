"""What is shown when the data cannot be opened, with the ways back."""

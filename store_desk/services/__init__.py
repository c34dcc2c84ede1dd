"""What the program does, one module per verb family; each public function is one transaction."""

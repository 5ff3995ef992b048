"""What users build on."""

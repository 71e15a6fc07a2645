"""The desk: everything of Fubb that faces people."""

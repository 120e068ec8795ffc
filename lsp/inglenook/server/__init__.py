"""The only room that speaks the Language Server Protocol; it converts at the door."""

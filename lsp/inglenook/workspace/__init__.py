"""The only room that reads files of the user's tree."""

"""What happens to a request. Asynchronous, with no word of any protocol in it."""

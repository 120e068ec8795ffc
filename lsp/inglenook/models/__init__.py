"""The only room that talks to a model. Foreign exceptions end at its doors."""

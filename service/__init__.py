"""The HTTP front: accepts, validates, queues, answers."""

"""Models: the catalogue, the hub they are fetched from, and the engines that run them."""

"""Doors: the APIs of other translation services, so that their clients work after changing the address.

A door is a mounted application with its own error format. It turns a request into Dragoman's own jobs,
under the same keys, quotas and limits, and waits for their results.
"""

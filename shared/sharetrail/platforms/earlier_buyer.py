"""Where it stands of a name that its bearer bought in a shop before that was connected. Pure."""

from datetime import timedelta

EARLIER = "earlier"
"""Begins the sort key: `earlier#shopify`."""
LIFETIME = timedelta(days=400)
"""A returning customer of a year ago is one."""

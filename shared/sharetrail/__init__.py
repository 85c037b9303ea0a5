"""Sharetrail: who sold what through sharing, why we say so, and how sure we are."""

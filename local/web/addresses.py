"""What this machine's server is called: where it listens is not always where it can be asked."""

LOOPBACK = "127.0.0.1"
_EVERYWHERE = ("", "0.0.0.0")
_OWN = (LOOPBACK, "localhost")


def asked_at(host: str) -> str:
    """The name under which a browser of this machine asks who listens at `host`."""
    return LOOPBACK if host in (*_EVERYWHERE, *_OWN) else host


def is_heard_at_loopback(host: str) -> bool:
    """Whether who listens at `host` is heard at `localhost`, too, where the demo shop lives."""
    return asked_at(host) == LOOPBACK


def is_alias(host: str, of: str) -> bool:
    """Whether `host` (with its port) is another name of this machine for the same server."""
    name, _, port = host.rpartition(":")
    return name.lower() in _OWN and port == of.rpartition(":")[2]

"""The one place that reads the environment: on use, never at import. Missing is a KeyError."""

import os


def public_base_url() -> str:
    """Where links, the script and the API answer, without a trailing slash."""
    return os.environ["PUBLIC_BASE_URL"]


def is_local() -> bool:
    """True on the local cloud alone, which allows plain-http destinations on loopback."""
    return os.environ["STAGE"] == "local"


def local_platforms() -> str | None:
    """Where the local cloud plays the shop systems that we call. None anywhere else, whatever a
    variable says: credentials of a live shop go nowhere but to its own system."""
    return os.environ.get("LOCAL_PLATFORMS") if is_local() else None


def trusts_cloudfront() -> bool:
    return os.environ["TRUST_CLOUDFRONT"] == "yes"


def front_secret() -> str:
    """What CloudFront proves itself by; empty where whoever calls is believed to be CloudFront."""
    return os.environ["FRONT_SECRET"]


def fast_path() -> bool:
    """Whether to speak to AWS by the redirect's own client: the template tells it alone to."""
    return os.environ.get("FAST_PATH") == "yes"


def aws(name: str) -> str | None:
    """What boto3 would read as AWS_`name`: a credential, an endpoint, the region."""
    return os.environ.get(f"AWS_{name}") or None


def authorities() -> str | None:
    """A file of certificates to trust instead, where boto3 or OpenSSL are told of one."""
    return os.environ.get("AWS_CA_BUNDLE") or os.environ.get("SSL_CERT_FILE") or None


def mail_from() -> str:
    return os.environ["MAIL_FROM"]


def security_contact() -> str:
    """Where whoever finds a weakness writes to: a mailto: or https: address."""
    return os.environ["SECURITY_CONTACT"]


def configuration_set() -> str:
    """SES's, by which it tells what becomes of our mails."""
    return os.environ["CONFIGURATION_SET"]


def mails_per_second() -> float:
    """What SES takes of this account."""
    return float(os.environ["MAILS_PER_SECOND"])


def table(name: str) -> str:
    """A table's deployed name; `name` is a word of design: merchants, links, events …"""
    return os.environ[f"{name.upper()}_TABLE"]


def queue(name: str) -> str:
    return os.environ[f"{name.upper()}_QUEUE"]


def reports_bucket() -> str:
    return os.environ["REPORTS_BUCKET"]


def failure_queues() -> dict[str, str]:
    """Names in the template → addresses of the queues of what failed for good."""
    told = os.environ["FAILURE_QUEUES"].split()
    return dict(each.split("=", 1) for each in told)


def stack() -> str:
    """The deployment's name, which tells its metrics from another's."""
    return os.environ["STACK"]


def quarantine_bucket() -> str:
    return os.environ["QUARANTINE_BUCKET"]


def merchant_key() -> str:
    return os.environ["MERCHANT_KEY"]

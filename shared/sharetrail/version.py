"""Which release this is, as log lines, the script, mails and the API's description tell."""

VERSION = "0.1.0"

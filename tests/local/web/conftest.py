import http.client

import pytest


@pytest.fixture
def ask(small):
    """Sends a request on one kept connection: (status, headers, body)."""
    connection = http.client.HTTPConnection("127.0.0.1", small.server.port, timeout=10)

    def ask(method, path, body=None, headers=()):
        connection.request(method, path, body, dict(headers))
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()

    yield ask
    connection.close()

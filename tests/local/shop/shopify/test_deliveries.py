from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

from local.shop.shopify import deliveries


class _Api(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.server.got = (self.path, self.headers["X-Shopify-Topic"], body)
        self.send_response(401)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


def test_webhooks_go_to_the_api_by_http():
    with HTTPServer(("127.0.0.1", 0), _Api) as server:
        Thread(target=server.handle_request, daemon=True).start()
        api = f"http://127.0.0.1:{server.server_port}"
        status = deliveries.post(api, "/v1/x", {"X-Shopify-Topic": "orders/paid"}, b"{}")
        assert (status, server.got) == (401, ("/v1/x", "orders/paid", b"{}"))
    assert deliveries.post(api, "/v1/x", {}, b"{}") == deliveries.UNREACHABLE

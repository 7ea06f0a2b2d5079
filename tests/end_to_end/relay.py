"""examples/relay between an Alertmanager and a vendor, all on loopback. Arguments: the program, the folder with the bodies."""

import http.client
import http.server
import pathlib
import re
import signal
import socket
import subprocess
import sys
import threading

program, webhooks = sys.argv[1], pathlib.Path(sys.argv[2])
received = []


class Vendor(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        received.append((self.path, self.headers["Content-Type"], self.rfile.read(int(self.headers["Content-Length"])).decode()))
        self.send_response(201)
        self.end_headers()

    def log_message(self, *_):
        pass


vendor = http.server.HTTPServer(("127.0.0.1", 0), Vendor)
threading.Thread(target=vendor.serve_forever, daemon=True).start()
relay = subprocess.Popen(
    [program, "--port", "0", "--send", "--option", "id=secret", "--option", f"base_url=http://127.0.0.1:{vendor.server_port}"],
    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
port = int(re.fullmatch(r"listening on http://127\.0\.0\.1:(\d+)/\n", relay.stderr.readline())[1])


def request(method, body=None, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request(method, "/", body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


def raw(text):
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(text)
        return connection.recv(1000).split(b"\r\n")[0].decode()


def body(name):
    return (webhooks / f"alertmanager-0.25-{name}.json").read_bytes()


def check(what, seen, wanted):
    if seen != wanted:
        relay.kill()
        sys.exit(f"{what}: {seen!r}, not {wanted!r}")


check("firing", request("POST", body("lifecycle.01")), (202, ""))
check("resolved", request("POST", body("lifecycle.02")), (202, ""))
check("1,000 alerts", request("POST", body("huge-1000.02")), (202, ""))
check("no JSON", request("POST", b'{"alerts":['), (400, "alerts: the body ends before its JSON does (byte 11)"))
check("GET", request("GET"), (405, ""))
check("no length", raw(b"POST / HTTP/1.1\r\nHost: x\r\n\r\n"), "HTTP/1.1 411 Length Required")
check("too long", raw(b"POST / HTTP/1.1\r\ncontent-length: 99999999999\r\n\r\n"), "HTTP/1.1 413 Content Too Large")
check("odd length", raw(b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"), "HTTP/1.1 411 Length Required")
check("in pieces, 100-continue",
      raw(b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n"), "HTTP/1.1 100 Continue")

relay.send_signal(signal.SIGTERM)
output, errors = relay.communicate(timeout=60)
check("exit code", relay.returncode, 0)
check("errors", errors, "")
check("secret in the log", "secret" in output, False)
check("what the vendor got", len(received), 1002)
check("path", {path for path, _, _ in received}, {"/webhook/secret"})
check("type", {content for _, content, _ in received}, {"application/json"})
check("trigger first", '"X-S4-Status":"new"' in received[0][2], True)
check("then resolve", received[1][2],
      '{"X-S4-ExternalID":"1b24c1265d64d5aa","X-S4-Status":"resolved","X-S4-SourceSystem":"Alertmanager"}')
check("answers in the log", output.count("answered: HTTP/1.0 201 Created"), 1002)
print("1,002 requests relayed")

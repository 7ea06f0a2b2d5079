"""Sends a body through the relay to a fake vendor on loopback, which prints the request. Arguments: the program, the body."""

import http.client
import http.server
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading

program, body = sys.argv[1], pathlib.Path(sys.argv[2])
arrived = threading.Event()


class Vendor(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        print(f"\nThe vendor received:\n{self.command} {self.path}\nContent-Type: {self.headers['Content-Type']}\n\n{text}", flush=True)
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()
        arrived.set()

    def log_message(self, *_):
        pass


vendor = http.server.HTTPServer(("127.0.0.1", 0), Vendor)
threading.Thread(target=vendor.serve_forever, daemon=True).start()
with tempfile.TemporaryDirectory() as folder:
    config = pathlib.Path(folder, "relay.yml")
    config.write_text(f"""listeners: [{{address: 127.0.0.1, port: 0}}]
destinations:
  - name: pager
    target: pagerduty
    options: {{routing_key: {{env: QUICKSTART_KEY}}, url: "http://127.0.0.1:{vendor.server_port}/v2/enqueue"}}
routes:
  - {{name: all, path: /alerts, destinations: [pager]}}
store: relay.db
dead_letters: dead-letters
""")
    print(f"The configuration:\n{config.read_text()}", flush=True)
    relay = subprocess.Popen([program, "--config", str(config)], stderr=subprocess.PIPE, text=True, env={**os.environ, "QUICKSTART_KEY": "example-key"})
    port = 0
    for line in relay.stderr:
        if found := re.search(r"msg=listening port=(\d+)", line):
            port = int(found[1])
            break
    if not port:
        sys.exit("the relay does not start")
    threading.Thread(target=relay.stderr.read, daemon=True).start()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/alerts", body.read_bytes(), {"Content-Type": "application/json"})
    print(f"POST {body.name} -> {connection.getresponse().status}", flush=True)
    delivered = arrived.wait(20)
    relay.terminate()
    relay.wait(10)
sys.exit(0 if delivered else "the vendor received nothing")

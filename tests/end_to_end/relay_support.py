"""Shared by the end-to-end tests of alertmap-relay: stateful vendor models with faults, the relay as a process, waiting, checks.
Arguments of a test: the program, the directory of the bodies, the parts to run (quick, all, or comma-separated names)."""

import http.client
import http.server
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

program, webhooks = sys.argv[1], pathlib.Path(sys.argv[2])
parts = sys.argv[3] if len(sys.argv) > 3 else "quick"
whole = parts != "quick"  # a part selected by name runs as in all
chosen = [] if parts in ("quick", "all") else parts.split(",")


def check(what, seen, wanted):
    check.count += 1
    if seen != wanted:
        sys.exit(f"{what}: {seen!r}, not {wanted!r}")


check.count = 0


def body(name):
    return (webhooks / f"alertmanager-0.25-{name}.json").read_bytes()


class Vendor:
    """Keeps incidents by key, as PagerDuty's Events API documents it, and can simulate faults."""

    def __init__(self):
        self.open, self.opened, self.requests, self.bodies = {}, 0, 0, []
        self.fault = lambda: None  # None, a status, "hang", "drip", "lost" (accepted, no answer), "reset", "flood" (accepted) or "hints" (accepted)
        self.location, self.flooded = "", 0
        self.key = ""  # of the current request
        self.lock = threading.Lock()
        vendor = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                with vendor.lock:
                    vendor.requests += 1
                    vendor.key = re.sub('.*"routing_key":"([^"]*)".*', r"\1", text)
                    fault = vendor.fault()
                    if fault in (None, "lost", "flood", "hints"):
                        vendor.take(text)
                if fault == "hang":
                    time.sleep(60)
                if fault == "drip":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
                    try:
                        for _ in range(600):
                            self.wfile.write(b"x")
                            time.sleep(0.1)
                    except OSError:
                        pass
                    self.close_connection = True
                    return
                if fault in ("hang", "lost", "reset"):
                    self.close_connection = True
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                if fault == "hints":
                    self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n")
                if fault == "flood":
                    self.send_response(200)
                    self.send_header("Transfer-Encoding", "chunked")
                    self.end_headers()
                    try:
                        for _ in range(2000):
                            self.wfile.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                            vendor.flooded += 0x10000
                    except OSError:
                        pass
                    self.close_connection = True
                    return
                self.send_response(fault if isinstance(fault, int) else 200)
                self.send_header("Content-Length", "2")
                if fault in (301, 302, 307, 308):
                    self.send_header("Location", vendor.location)
                if fault == 429:
                    self.send_header("Retry-After", "1")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Quiet(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}"

    def take(self, text):
        message = json.loads(text)
        self.bodies.append(message)
        key, action = message["dedup_key"], message["event_action"]
        if action == "resolve":
            self.open.pop(key, None)
        elif key not in self.open:
            self.open[key] = message
            self.opened += 1


class Receiver(Vendor):
    """Accepts any JSON and keeps it in order: for forwards and target files."""

    def take(self, text):
        self.bodies.append(json.loads(text))


class Relay:
    running = []

    def __init__(self, folder, vendor, extra="", destination=""):
        self.folder = pathlib.Path(folder)
        (self.folder / "secret").write_text("team-secret\n")
        (self.folder / "token").write_text("sender-token\n")
        self.config = self.folder / "relay.yml"
        self.config.write_text(f"""
listeners:
  - {{address: 127.0.0.1, port: 0}}
destinations:
  - name: pager
    target: pagerduty
    options: {{routing_key: {{file: secret}}, url: "{vendor.url}/v2/enqueue"}}
{destination}
routes:
  - {{name: all, path: /alerts, destinations: [pager]}}
store: relay.db
dead_letters: dead
{extra}
""")
        self.process = None

    def start(self, other_program="", **environment):
        self.log = open(self.folder / "log", "ab")
        position = os.path.getsize(self.folder / "log")
        self.process = subprocess.Popen([other_program or program, "--config", str(self.config)], stderr=self.log, env={**os.environ, **environment})
        Relay.running.append(self.process)
        for _ in range(3000):
            with open(self.folder / "log", "rb") as log:
                log.seek(position)
                found = re.search(rb"msg=listening port=(\d+)", log.read())
            if found:
                self.port = int(found[1])
                return self
            if self.process.poll() is not None:
                sys.exit(f"the relay ended with {self.process.returncode}: " + self.text())
            time.sleep(0.01)
        sys.exit("the relay does not listen")

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        start = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        check("exit code", self.process.wait(20), 0)
        return time.monotonic() - start

    def request(self, method, path="/alerts", data=None, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        connection.request(method, path, data, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text

    def post(self, data):
        return self.request("POST", data=data)

    def metric(self, name, *labels):
        for line in self.request("GET", "/metrics")[1].splitlines():
            if line.startswith(name) and all(label in line for label in labels):
                return float(line.split(" ")[-1])
        return None

    def raw(self, text, timeout=20):
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as connection:
            connection.sendall(text)
            received = b""
            try:
                while chunk := connection.recv(65536):
                    received += chunk
            except (TimeoutError, ConnectionResetError):
                pass
        return received.decode(errors="replace")

    def text(self):
        return (self.folder / "log").read_text()


def wait_for(what, condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.02)
    sys.exit(f"{what}: not within {seconds} s")


def message(alerts, group="g", truncated=0):
    """A message as Alertmanager writes it, from tuples (name, status, starts, ends)."""
    none = "0001-01-01T00:00:00Z"
    listed = [{"status": status, "labels": {"alertname": name}, "annotations": {}, "startsAt": starts, "endsAt": ends or none,
               "generatorURL": "", "fingerprint": f"{abs(hash(name)) % 2**64:016x}"} for name, status, starts, ends in alerts]
    firing = any(alert["status"] == "firing" for alert in listed)
    return json.dumps({"receiver": "pager", "status": "firing" if firing else "resolved", "alerts": listed, "groupLabels": {"group": group},
                       "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://am.example.test", "version": "4",
                       "groupKey": "{}:{group=\"" + group + "\"}", "truncatedAlerts": truncated}).encode()


started = time.time()


def at(second):
    """A time in the last hour; constant for all calls."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(started - 3600 + second))


def run(part, *arguments):
    if chosen and part.__name__ not in chosen:
        return
    folder = tempfile.mkdtemp()
    start = time.monotonic()
    try:
        part(folder, *arguments)
    except BaseException:
        log = pathlib.Path(folder, "log")
        print(log.read_text()[-4000:] if log.exists() else "", file=sys.stderr)
        raise
    finally:
        for process in Relay.running:
            process.kill()
            process.wait()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{part.__name__}: {time.monotonic() - start:.1f} s", flush=True)

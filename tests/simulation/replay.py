"""Runs histories with a real Alertmanager with shortened intervals, and compares its bodies with the model's.

    replay.py SIMULATION [HISTORIES]

SIMULATION is the program alertmap_simulation. All histories run concurrently in one Alertmanager, each with its own labels. Compared are
the number, order and contents of each group's bodies; times may differ by half a second, since only one of them is simulated. A history
in which the machine was later than that is not compared, but counted.
"""

import datetime
import http.server
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

TOLERANCE = 500  # ms
MAX_LATE = 200  # ms
EXTERNAL_URL = "http://am.example.test:9093"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def rfc3339(ms):
    at = datetime.datetime.fromtimestamp(ms / 1000, datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{ms % 1000:03d}Z"


def milliseconds(text):
    found = re.match(r"(\d+-\d+-\d+T\d+:\d+:\d+)(\.\d+)?Z$", text)
    at = datetime.datetime.strptime(found[1], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    return None if at.year == 1 else int(at.timestamp()) * 1000 + round(float(found[2] or 0) * 1000)


def configuration(script, port):
    lines = ["global:", "  resolve_timeout: 4s", "route:", "  receiver: none", "  routes:"]
    for number, config in enumerate(script["configs"]):
        group_by = "[history, alertname]" if config["by_name"] else "[history]"
        lines += [
            f"  - matchers: ['config=\"c{number}\"']",
            f"    receiver: c{number}",
            f"    group_by: {group_by}",
            *(f"    {name}: {config[name]}ms" for name in ("group_wait", "group_interval", "repeat_interval")),
        ]
    lines += ["inhibit_rules:", "- source_matchers: ['severity=\"critical\"']", "  target_matchers: ['severity=\"warning\"']", "  equal: [service]"]
    lines += ["receivers:", "- name: none"]
    for number, config in enumerate(script["configs"]):
        lines += [
            f"- name: c{number}",
            "  webhook_configs:",
            f"  - url: http://127.0.0.1:{port}/",
            f"    max_alerts: {config['max_alerts']}",
            f"    send_resolved: {str(config['send_resolved']).lower()}",
        ]
    return "\n".join(lines) + "\n"


class Receiver(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, script):
        super().__init__(("127.0.0.1", 0), Handler)
        self.bodies = {history["history"]: [] for history in script["histories"]}
        self.answers = {history["history"]: history["answers"] for history in script["histories"]}
        self.lock = threading.Lock()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        history = body["groupLabels"]["history"]
        with self.server.lock:
            received = self.server.bodies[history]
            answers = self.server.answers[history]
            count = sum(other["groupKey"] == body["groupKey"] for _, other in received)
            status = answers[count] if count < len(answers) else 200
            received.append((time.time() * 1000, body))
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def act(base, api, history, step):
    if "silence" in step:
        body = {
            "matchers": [
                {"name": "instance", "value": step["silence"], "isRegex": False, "isEqual": True},
                {"name": "history", "value": history["history"], "isRegex": False, "isEqual": True},
            ],
            "startsAt": rfc3339(base + step["at"]),
            "endsAt": rfc3339(base + step["to"]),
            "createdBy": "replay",
            "comment": "replay",
        }
        path = "silences"
    else:
        alert = dict(history["alerts"][step["alert"]], startsAt=rfc3339(base + step["starts"]))
        if step["ends"] is not None:
            alert["endsAt"] = rfc3339(base + step["ends"])
        body = [alert]
        path = "alerts"
    request = urllib.request.Request(f"{api}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=5).close()


def play(script, base, api):
    """Executes each step at its time. Returns the histories whose steps were late."""
    late = set()
    lock = threading.Lock()
    steps = sorted(((step["at"], number, step) for number, history in enumerate(script["histories"]) for step in history["acts"]), key=lambda s: s[:2])
    turn = iter(steps)

    def work():
        while True:
            with lock:
                step = next(turn, None)
            if step is None:
                return
            at, number, what = step
            pause = (base + at) / 1000 - time.time()
            if pause > 0:
                time.sleep(pause)
            act(base, api, script["histories"][number], what)
            if time.time() * 1000 - (base + at) > MAX_LATE:
                late.add(script["histories"][number]["history"])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return late


def difference(expected, actual, model_base, base):
    """The first difference of two bodies, or None."""
    expected, actual = json.loads(json.dumps(expected)), json.loads(json.dumps(actual))
    for mine, real in zip(expected["alerts"], actual["alerts"]):
        for name in ("startsAt", "endsAt"):
            a, b = milliseconds(mine.pop(name)), milliseconds(real.pop(name))
            if (a is None) != (b is None) or (a is not None and abs((a - model_base) - (b - base)) > TOLERANCE):
                return f"{name}: {a and a - model_base} expected, {b and b - base} sent"
    if expected == actual:
        return None
    for name in expected.keys() | actual.keys():
        if expected.get(name) != actual.get(name):
            return f"{name}: {json.dumps(expected.get(name))} expected, {json.dumps(actual.get(name))} sent"
    return "?"


def compare(history, received, script, base):
    keys = {mine["body"]["groupKey"] for mine in history["bodies"]} | {real["groupKey"] for _, real in received}
    for key in sorted(keys):
        expected = [mine for mine in history["bodies"] if mine["body"]["groupKey"] == key]
        found = compare_group(expected, [(at, real) for at, real in received if real["groupKey"] == key], script, base)
        if found:
            return f"{key}: {found}"
    return None


def compare_group(expected, received, script, base):
    for number, (mine, (at, real)) in enumerate(zip(expected, received)):
        wrong = difference(mine["body"], real, script["base"], base)
        if wrong:
            return f"body {number + 1} (expected at {mine['at']}, sent at {at - base:.0f}): {wrong}"
    if len(expected) != len(received):
        return f"{len(expected)} bodies expected at {[b['at'] for b in expected]}, {len(received)} sent at {[round(at - base) for at, _ in received]}"
    return None


def main():
    simulation, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 200
    program = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
    if program is None:
        print("SKIPPED: no Alertmanager here (Debian: prometheus-alertmanager)")
        return 77
    script = json.loads(subprocess.run([simulation, "--replay", str(count)], check=True, stdout=subprocess.PIPE).stdout)
    receiver = Receiver(script)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as directory:
        with open(f"{directory}/config.yml", "w", encoding="utf-8") as file:
            file.write(configuration(script, receiver.server_address[1]))
        port = free_port()
        api = f"http://127.0.0.1:{port}/api/v2"
        command = [program, f"--config.file={directory}/config.yml", f"--storage.path={directory}/data", "--cluster.listen-address=",
                   f"--web.listen-address=127.0.0.1:{port}", f"--web.external-url={EXTERNAL_URL}", "--web.route-prefix=/"]
        with open(f"{directory}/log", "wb") as log:
            alertmanager = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            started = None
            for _ in range(100):
                with open(f"{directory}/log", encoding="utf-8", errors="replace") as file:
                    found = re.search(r"ts=(\S+) .*Completed loading of configuration file", file.read())
                if found:
                    started = milliseconds(found[1])
                    break
                time.sleep(0.05)
            if started is None:
                print(open(f"{directory}/log", encoding="utf-8", errors="replace").read())
                return 1
            base = started + script["started_before"]
            late = play(script, base, api)
            time.sleep(max(0, (base + script["length"]) / 1000 - time.time()))
        finally:
            alertmanager.send_signal(signal.SIGTERM)
            alertmanager.wait(20)
    wrong = compared = bodies = 0
    for history in script["histories"]:
        received = [(at, body) for at, body in receiver.bodies[history["history"]] if at < base + script["length"]]
        if history["history"] in late:
            continue
        compared += 1
        bodies += len(received)
        found = compare(history, received, script, base)
        if found:
            wrong += 1
            if wrong <= 10:
                print(f"{history['history']}: {found}")
    print(f"{compared} histories compared, {bodies} bodies; {wrong} differ; {len(late)} not compared, since this machine was too slow for them")
    return 1 if wrong or compared < count / 2 else 0


if __name__ == "__main__":
    sys.exit(main())

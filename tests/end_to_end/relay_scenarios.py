"""alertmap-relay with real Alertmanagers, a real Prometheus and stateful vendor models. After each scenario the vendors' open incidents must
match GET /api/v2/alerts; a table summarises the results. Arguments: the program, the directory of the bodies, the scenarios to run (quick,
all, or comma-separated names), and the library built from machine_shim.cpp."""

import http.client
import http.server
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

from relay_support import Relay, Vendor, check, run, wait_for, whole

shim = sys.argv[4] if len(sys.argv) > 4 else ""
table = []


class RootlyVendor(Vendor):
    """Rootly's generic webhook source: merges a trigger of an open ID; a resolve of an unknown ID opens an alert."""

    def __init__(self):
        super().__init__()
        self.phantoms = 0

    def take(self, text):
        message = json.loads(text)
        self.bodies.append(message)
        key = message["external_id"]
        if message.get("state") != "resolved":
            self.opened += key not in self.open
            self.open[key] = message
        elif self.open.pop(key, None) is None:
            self.phantoms += 1


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def time_of(second):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + second))


class Gate:
    """Between an Alertmanager and the relay: passes messages on, or answers 503, so that the sender keeps an old body and retries."""

    def __init__(self, port):
        self.shut, self.refused, self.passed = False, 0, 0
        gate = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                data = self.rfile.read(int(self.headers["Content-Length"]))
                if gate.shut:
                    gate.refused += 1
                    self.send_response(503)
                else:
                    connection = http.client.HTTPConnection("127.0.0.1", port(), timeout=20)
                    connection.request("POST", self.path, data)
                    self.send_response(connection.getresponse().status)
                    gate.passed += 1
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/alerts"


class Alertmanager:
    route = """route: {{receiver: relay, group_by: [group], group_wait: 50ms, group_interval: 1s, repeat_interval: {repeat}}}
"""

    def __init__(self, folder, url, port=0, repeat="1h", route="", max_alerts=0, receivers="", extra="", cluster=""):
        self.folder = pathlib.Path(folder) / f"alertmanager-{port}"
        self.folder.mkdir()
        self.port, self.cluster = port, cluster
        self.url, self.max_alerts, self.extra = url, max_alerts, extra
        self.configure(route or self.route.format(repeat=repeat))
        self.start()

    def configure(self, route):
        (self.folder / "am.yml").write_text(f"""{route}
receivers:
  - name: relay
    webhook_configs: [{{url: "{self.url}", send_resolved: true, max_alerts: {self.max_alerts}}}]
{self.extra}
""")

    def start(self):
        self.process = subprocess.Popen(
            ["prometheus-alertmanager", f"--config.file={self.folder}/am.yml", f"--storage.path={self.folder}/data",
             f"--web.listen-address=127.0.0.1:{self.port}", f"--cluster.listen-address={self.cluster}"],
            stdout=subprocess.DEVNULL, stderr=open(self.folder / "log", "ab"))
        Relay.running.append(self.process)
        wait_for("Alertmanager", lambda: self.api("status"))

    def kill(self):
        self.process.kill()
        self.process.wait()

    def reload(self, route):
        self.configure(route)
        self.process.send_signal(signal.SIGHUP)

    def api(self, path, data=None):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
            connection.request("GET" if data is None else "POST", "/api/v2/" + path, None if data is None else json.dumps(data),
                               {"Content-Type": "application/json"})
            answer = connection.getresponse()
            text = answer.read()
        except OSError:
            return None
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status} {text.decode()}")
        return json.loads(text) if text else True

    def post(self, alerts):
        check("alerts are taken", self.api("alerts", alerts), True)

    def silence(self, name):
        return self.api("silences", {"matchers": [{"name": "alertname", "value": name, "isRegex": False}], "startsAt": time_of(-1),
                                     "endsAt": time_of(3600), "createdBy": "test", "comment": "test"})["silenceID"]

    def expire(self, silence):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("DELETE", f"/api/v2/silence/{silence}")
        check("a silence ends", connection.getresponse().status, 200)


class World:
    """A relay with a destination that merges repeats by key, and one that opens an alert for an unknown resolve."""

    def __init__(self, folder, peers=1, opens="always", store="relay.db", environment=None, timing="", **options):
        self.folder, self.environment = pathlib.Path(folder), environment or {}
        self.pager, self.rootly = Vendor(), RootlyVendor()
        self.ports = [free_port() for _ in range(peers)]
        peers = ", ".join(f'"http://127.0.0.1:{port}"' for port in self.ports)
        self.relay = Relay(folder, self.pager, extra=f"""
clusters: [{{name: main, peers: [{peers}], interval_seconds: 1, opens: {opens}}}]
timing: {{close_grace: 3, open_grace: 4, peer_grace: 0, settle: 2, confirm: 2, listing_pause: 1 {timing}}}
""", destination=f"""
  - {{name: rootly, target: rootly, options: {{secret: {{file: secret}}, url: "{self.rootly.url}/webhook"}}}}
""")
        text = self.relay.config.read_text().replace("destinations: [pager]}", "destinations: [pager, rootly], receiver: 'relay.*', cluster: main}")
        self.relay.config.write_text(text.replace("store: relay.db", f"store: {store}").replace("port: 0}", f"port: {free_port()}}}"))
        self.relay.start(**self.environment)
        self.alertmanagers = [Alertmanager(folder, self.url(i), port, **options) for i, port in enumerate(self.ports)]

    def url(self, _):
        return f"http://127.0.0.1:{self.relay.port}/alerts"

    def fire(self, *names, group="g", starts=0, peers=None, **labels):
        self.post(names, group, {"startsAt": time_of(starts), "endsAt": time_of(3600)}, peers, labels)

    def end(self, *names, group="g", starts=-2, peers=None, **labels):
        self.post(names, group, {"startsAt": time_of(starts), "endsAt": time_of(-0.5)}, peers, labels)

    def post(self, names, group, times, peers, labels):
        alerts = [{"labels": {"alertname": name, "group": group, **labels}, **times} for name in names]
        for number in range(len(self.alertmanagers)) if peers is None else peers:
            self.alertmanagers[number].post(alerts)

    def truth(self):
        """The alerts that Alertmanager lists as firing, and those that fire without a notification."""
        active, quiet = set(), set()
        for alertmanager in self.alertmanagers:
            for alert in alertmanager.api("alerts") or []:
                (active if alert["status"]["state"] == "active" else quiet).add(alert["fingerprint"])
        return active, quiet

    def names(self, vendor):
        return sorted((one.get("payload", {}).get("summary") or one.get("title", "")) for one in vendor.open.values())

    def settled(self, expected=None, seconds=40, vendors=None):
        """Waits until the vendors' open incidents match the firing alerts, and checks that they stay so."""
        def equal():
            active, quiet = self.truth()
            return (expected is None or len(active) == expected) and all(
                active <= set(vendor.open) <= active | quiet for vendor in vendors or (self.pager, self.rootly))

        try:
            wait_for("the vendors have open what fires", equal, seconds)
        except SystemExit as error:
            sys.exit(f"{error}: truth {self.truth()}, pager {self.names(self.pager)}, rootly {self.names(self.rootly)}")
        time.sleep(1)
        check("it stays so", equal(), True)

    def row(self, name, opened):
        """`opened`: expected total number of incidents."""
        table.append((name, self.pager.requests, self.pager.opened, self.rootly.opened, self.rootly.phantoms))
        if opened is not None:
            check("incidents opened", (self.pager.opened, self.rootly.opened), (opened, opened))
        check("phantoms", self.rootly.phantoms, 0)
        check("ends in time", self.relay.stop() < 6, True)


# ---- Scenarios: senders

def fire(folder):
    """Fires, resolves, fires again."""
    world = World(folder)
    world.fire("A")
    world.settled(1)
    world.end("A")
    world.settled(0)
    world.fire("A", starts=0)
    world.settled(1)
    world.end("A", starts=-1)
    world.settled(0)
    world.row("fire, resolve, re-fire", 2)


def repeat(folder):
    world = World(folder, repeat="1s")
    world.fire("A", "B")
    world.settled(2)
    time.sleep(4)
    requests = world.pager.requests
    time.sleep(3)
    check("repeats are not sent on", world.pager.requests, requests)
    world.end("A")
    world.settled(1)
    world.row("repeat, 2 alerts", 2)


def mixed(folder):
    world = World(folder)
    world.fire("A", "B", "C", "D")
    world.settled(4)
    world.end("B")
    world.settled(3)
    world.fire("B")
    world.end("A", "C")
    world.settled(2)
    world.row("mixed, 4 alerts", 5)


def thousand(folder):
    world = World(folder)
    names = [f"N{i}" for i in range(1000)]
    world.fire(*names)
    world.settled(1000, vendors=[world.pager])
    world.end(*names[:500])
    world.settled(500, vendors=[world.pager])
    world.row("1,000 in a group, 500 end", None)
    check("never doubled", world.pager.opened, 1000)


def truncated(folder):
    """max_alerts 2 of 5: listings provide the truncated alerts."""
    world = World(folder, max_alerts=2)
    world.fire("A", "B", "C", "D", "E")
    wait_for("two come by the message", lambda: len(world.pager.open) >= 2)
    wait_for("all are open", lambda: {f"{name}" for name in "ABCDE"} <= set("".join(world.names(world.pager))), 30)
    world.end("A", "B", "C", "D", "E")
    wait_for("nothing is open", lambda: not world.pager.open and not world.rootly.open, 40)
    world.row("max_alerts, 2 of 5", None)


def silenced(folder):
    """Ends while silenced: no resolve is sent. Fires again after the silence: Alertmanager considers it notified."""
    world = World(folder)
    world.fire("A")
    world.settled(1)
    silence = world.alertmanagers[0].silence("A")
    time.sleep(2)
    check("a silenced alert stays open", len(world.pager.open), 1)
    world.end("A")
    world.settled(0)
    check("the metric says how", world.relay.metric("alertmap_relay_reports_total", 'kind="closed_by_listing"', 'destination="pager"'), 1.0)
    world.alertmanagers[0].expire(silence)
    world.fire("A")
    world.settled(1)
    world.row("silenced while ending, then re-fire", 2)


def inhibited(folder):
    world = World(folder, extra="inhibit_rules: [{source_matchers: ['alertname=\"Cause\"'], target_matchers: ['alertname=\"Effect\"'], equal: [group]}]")
    world.fire("Effect")
    world.settled(1)
    world.fire("Cause")
    wait_for("both are open", lambda: len(world.pager.open) == 2)
    world.end("Effect")
    world.settled(1)
    world.end("Cause")
    world.settled(0)
    world.row("inhibited while ending", 2)


def restart(folder):
    """Alertmanager is killed, and the alert ends meanwhile: no resolve is ever sent."""
    world = World(folder)
    world.fire("A", "B")
    world.settled(2)
    world.alertmanagers[0].kill()
    shutil.rmtree(world.alertmanagers[0].folder / "data", ignore_errors=True)
    time.sleep(1)
    world.alertmanagers[0].start()
    world.fire("B", starts=-5)
    world.settled(1)
    world.relay.stop()
    world.end("B", starts=-6)
    time.sleep(2)
    world.relay.start()
    world.settled(0)
    world.row("restart of both, resolve lost", 2)


class Pair(World):
    """Two Alertmanagers without gossip; the second one sends through a gate."""

    def __init__(self, folder, **options):
        self.gate = Gate(lambda: self.relay.port)
        super().__init__(folder, peers=2, **options)

    def url(self, number):
        return self.gate.url if number == 1 else super().url(number)


def pair(folder):
    world = Pair(folder)
    world.fire("A", "B")
    world.settled(2)
    world.end("A")
    world.settled(1)
    world.row("pair without gossip", 2)


def late_resolve(folder):
    """The second peer's resolve is answered with 503 and arrives with its old body after the first one sent the resolve and the next trigger."""
    world = Pair(folder)
    world.fire("A")
    world.settled(1)
    world.gate.shut = True
    world.end("A")
    wait_for("the second peer is refused", lambda: world.gate.refused > 0)
    time.sleep(1)
    world.fire("A", peers=[0])
    time.sleep(3)
    passed = world.gate.passed
    world.gate.shut = False
    wait_for("the late resolve arrives", lambda: world.gate.passed > passed, 20)
    world.fire("A", peers=[1])
    world.settled(1)
    world.row("pair with a late resolve", None)


def two_routes(folder):
    route = """route:
  receiver: relay
  group_by: [group]
  group_wait: 50ms
  group_interval: 1s
  repeat_interval: 1h
  routes:
    - {receiver: relay, matchers: ['group="g"'], continue: true}
    - {receiver: relay, matchers: ['alertname=~".+"'], group_by: [alertname]}
"""
    world = World(folder, route=route)
    world.fire("A", "B")
    world.settled(2)
    world.end("A")
    world.settled(1)
    world.row("two routes to one receiver", 2)


def respelled(folder):
    """The same route with `=~` instead of `=` is another group: the old one never reports again."""
    route = """route:
  receiver: relay
  group_by: [group]
  group_wait: 50ms
  group_interval: 1s
  repeat_interval: 1h
  routes: [{{receiver: relay, matchers: ['group{}"g"']}}]
"""
    world = World(folder, route=route.format("="))
    world.fire("A", "B")
    world.settled(2)
    world.alertmanagers[0].reload(route.format("=~"))
    time.sleep(1)
    world.end("A")
    world.settled(1)
    world.end("B")
    world.settled(0)
    world.row("route re-spelled", 2)


def prometheus(folder):
    """Rules of a real Prometheus, which is killed and restarted; it resends resolved alerts."""
    if shutil.which("prometheus") is None:
        print("SKIPPED: no Prometheus here (Debian: prometheus)")
        return
    world = World(folder)
    port, targets = free_port(), [free_port() for _ in range(4)]
    lives = {}

    class Metrics(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"x 1\n")

        def log_message(self, *_):
            pass

    def up(target):
        http.server.ThreadingHTTPServer.allow_reuse_address = True
        lives[target] = http.server.ThreadingHTTPServer(("127.0.0.1", target), Metrics)
        threading.Thread(target=lives[target].serve_forever, daemon=True).start()

    def down(target):
        lives[target].shutdown()
        lives[target].server_close()

    for target in targets:
        up(target)
    (world.folder / "rules.yml").write_text('groups: [{name: g, rules: [{alert: Down, expr: "up == 0", labels: {group: "p{{ $labels.instance }}"}}]}]\n')
    (world.folder / "prometheus.yml").write_text(f"""
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: [rules.yml]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ["127.0.0.1:{world.ports[0]}"]}}]}}]}}
scrape_configs: [{{job_name: t, scrape_timeout: 1s, static_configs: [{{targets: {json.dumps([f"127.0.0.1:{target}" for target in targets])}}}]}}]
""")

    def start():
        process = subprocess.Popen(["prometheus", f"--config.file={folder}/prometheus.yml", f"--storage.tsdb.path={folder}/tsdb",
                                    f"--web.listen-address=127.0.0.1:{port}", "--rules.alert.resend-delay=1s"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        Relay.running.append(process)
        return process

    process = start()
    time.sleep(3)
    down(targets[0])
    down(targets[1])
    world.settled(2)
    up(targets[0])
    world.settled(1)
    process.kill()
    process.wait()
    process = start()
    down(targets[2])
    world.settled(2, seconds=60)
    up(targets[1])
    up(targets[2])
    world.settled(0, seconds=60)
    down(targets[1])
    world.settled(1)
    process.kill()
    process.wait()
    # Four, and one more if Alertmanager considered the alert ended while Prometheus was down.
    check("incidents opened", world.pager.opened in (4, 5) and world.rootly.opened == world.pager.opened, True)
    world.row("real Prometheus, killed", None)


# ---- Scenarios: vendors

def vendor_faults(folder):
    """30 % of the answers are 500, 429, resets, or lost after the vendor accepted the request."""
    world = World(folder)
    chance = random.Random(3)
    # A lost answer leaves it unknown whether the request arrived: Rootly's source opens an alert for the repeated resolve.
    world.pager.fault = lambda: chance.choice([None] * 7 + [500, 429, chance.choice(["reset", "lost"])])
    world.rootly.fault = lambda: chance.choice([None] * 7 + [500, 429, 503])
    names = [f"F{i}" for i in range(20)]
    world.fire(*names)
    world.settled(20, seconds=90)
    world.end(*names[:19])
    world.settled(1, seconds=90)
    world.row("vendor: 30 % 500, 429, resets, lost answers", 20)


def vendor_hangs(folder):
    """One vendor hangs, then answers byte by byte; the other one is paged at once."""
    world = World(folder)
    world.rootly.fault = lambda: "hang"
    world.fire("A")
    world.settled(1, seconds=5, vendors=[world.pager])
    world.rootly.fault = lambda: "drip"
    world.fire("B")
    world.settled(2, seconds=5, vendors=[world.pager])
    world.end("A")
    world.settled(1, vendors=[world.pager])
    world.rootly.fault = lambda: None
    world.settled(1, seconds=90)
    world.row("vendor: hangs, drips", None)


def slow_names(folder):
    """Resolving one vendor's name takes 8 seconds and fails."""
    if not shim:
        print("SKIPPED: machine_shim was not given")
        return
    world = World(folder, environment={"LD_PRELOAD": shim})
    text = world.relay.config.read_text()
    world.relay.stop()
    world.relay.config.write_text(text.replace(world.rootly.url, "http://slow.example.test"))
    world.relay.start(LD_PRELOAD=shim)
    for number in range(3):
        start = time.monotonic()
        world.fire(f"S{number}", group=f"s{number}")
        wait_for("the other one is paged", lambda: len(world.pager.open) == number + 1)
        check("at once", time.monotonic() - start < 5, True)
    world.settled(3, vendors=[world.pager])
    world.row("vendor: name resolution of 8 s", None)


def rotated_key(folder):
    """The vendor rejects the old key; SIGHUP loads the new one, and waiting requests are delivered."""
    world = World(folder)
    world.pager.fault = lambda: None if world.pager.key == "new-key" else 401
    world.fire("A")
    world.settled(1, vendors=[world.rootly])
    check("not ready", world.relay.request("GET", "/readyz")[0], 503)
    check("nothing is open", len(world.pager.open), 0)
    (world.folder / "secret").write_text("new-key\n")
    world.relay.process.send_signal(signal.SIGHUP)
    world.settled(1, seconds=90)
    wait_for("ready", lambda: world.relay.request("GET", "/readyz")[0] == 200)
    world.end("A")
    world.settled(0)
    world.row("vendor: rotated key", 1)


# ---- Scenarios: the machine

def full_disk(folder):
    """A full file system: 503, and Alertmanager keeps the message until there is space."""
    disk = pathlib.Path(folder, "disk")
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=3m", "none", str(disk)], capture_output=True).returncode != 0:
        print("SKIPPED: a small file system cannot be mounted here (needs root)")
        return
    try:
        world = World(folder, store="disk/relay.db")
        world.fire("A")
        world.settled(1)
        with open(disk / "filler", "wb") as filler:
            try:
                while filler.write(b"x" * 65536):
                    filler.flush()
            except OSError:
                pass
        world.fire("B", group="full")
        wait_for("503", lambda: (world.relay.metric("alertmap_relay_store_failures_total") or 0) > 0)
        check("not ready", world.relay.request("GET", "/readyz")[0], 503)
        check("nothing is sent that is not stored", len(world.pager.open), 1)
        (disk / "filler").unlink()
        world.settled(2, seconds=60)
        world.row("full disk", 2)
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def clock_step(folder):
    """The relay's clock jumps by two hours, forwards and back, while alerts fire and end."""
    if not shim:
        print("SKIPPED: machine_shim was not given")
        return
    offset = pathlib.Path(folder, "offset")
    offset.write_bytes(struct.pack("q", 0))
    # In place, as the file is mapped.
    def step(seconds):
        with open(offset, "r+b") as file:
            file.write(struct.pack("q", seconds))

    world = World(folder, environment={"LD_PRELOAD": shim, "ALERTMAP_CLOCK_OFFSET": str(offset)})
    world.fire("A", "B", "C")
    world.settled(3)
    step(7200)
    world.end("A")
    world.settled(2)
    world.fire("D")
    world.settled(3)
    step(-7200)
    world.end("B")
    world.fire("A")
    world.settled(3)
    step(0)
    world.end("A", "C", "D")
    world.settled(0)
    world.row("clock steps of 2 h", 5)


def killed(folder, times=50):
    """SIGKILL of the relay at random times, while alerts fire and end."""
    world = World(folder)
    chance = random.Random(17)
    firing, number = set(), 0
    for _ in range(times):
        for _ in range(chance.randrange(1, 4)):
            if firing and chance.random() < 0.4:
                name = firing.pop()
                world.end(name, group=name)
            else:
                name = f"K{number}"
                number += 1
                firing.add(name)
                world.fire(name, group=name)
        time.sleep(chance.random() * 0.4)
        world.relay.kill()
        world.relay.start()
    world.settled(len(firing), seconds=90, vendors=[world.pager])
    table.append((f"relay: {times} times SIGKILL", world.pager.requests, world.pager.opened, world.rootly.opened, world.rootly.phantoms))
    check("never doubled", world.pager.opened <= number, True)
    world.relay.stop()


scenarios = [fire, repeat, mixed, thousand, truncated, silenced, inhibited, restart, pair, late_resolve, two_routes, respelled, prometheus,
             vendor_faults, vendor_hangs, slow_names, rotated_key, full_disk, clock_step, killed]
quick = [silenced, late_resolve, rotated_key]
if shutil.which("prometheus-alertmanager") is None:
    print("SKIPPED: no Alertmanager here (Debian: prometheus-alertmanager)")
    sys.exit(0)
for scenario in scenarios if whole else quick:
    run(scenario)
width = max(len(row[0]) for row in table)
print(f"\n{'scenario':{width}}  requests  opened  Rootly: opened  phantoms   (the vendors' state equals /api/v2/alerts)")
for name, requests, opened, rootly, phantoms in table:
    print(f"{name:{width}}  {requests:8}  {opened:6}  {rootly:14}  {phantoms:8}")
print(f"{check.count} checks")

"""Runs convert as a user would, and checks output and exit codes. convert.py CONVERT TESTS_FOLDER"""

import json
import os
import pathlib
import resource
import select
import subprocess
import sys
import tempfile
import unittest

CONVERT = sys.argv.pop(1)
TESTS = pathlib.Path(sys.argv.pop(1))
SANITIZED = b"__asan_init" in pathlib.Path(CONVERT).read_bytes()  # keeps freed memory for a while
BODIES = TESTS / "webhooks"
MIXED = BODIES / "alertmanager-0.25-mixed.02.json"
TRUNCATED = BODIES / "alertmanager-0.25-trunc-hides-firing.02.json"
BROKEN = BODIES / "invalid-amp-template-unescaped-quotes.txt"
ARRAY = BODIES / "not-an-alert-group-am-0.32-custom-payload-array.json"


def convert(*arguments, stdin=b""):
    done = subprocess.run([CONVERT, *map(str, arguments)], input=stdin, capture_output=True, timeout=60)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


class Explanations(unittest.TestCase):
    def test_each_value_names_its_source_and_its_place_in_the_payload(self):
        code, out, err = convert("--target", "signl4", "--option", "id=x", "--explain", MIXED)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.count("alerts["), 4)
        self.assertIn("from annotation:summary: summary.from[0]", out)
        self.assertIn("from external_url: url.from[1]; nothing in generator_url", out)
        self.assertRegex(out, r"to Title\b")

    def test_what_a_forward_adds_changes_and_leaves_out(self):
        code, out, err = convert("--forward", "alertmanager", "--option", "url=https://h.example.test/", "--explain", MIXED)
        self.assertEqual((code, out, err), (0, "message 1:\n  unchanged\n", ""))

        body = json.loads(MIXED.read_bytes())
        body["groupKey"] = ""
        body["groupLabels"] = {}
        body["commonLabels"] = {"alertname": "MX", "token": "abc"}
        body["status"] = "resolved"
        del body["version"], body["alerts"][1]["fingerprint"]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write('{"redact":["token"]}')
            file.flush()
            code, out, err = convert("--forward", "grafana_oncall", "--placeholders", "--option", "max_alerts=3", "--mapping", file.name,
                                     "--explain", stdin=json.dumps(body).encode())
        self.assertEqual((code, err), (0, ""))
        first, second = out.split("message 2:\n")
        for path, value, reason in (
                ("status      ", '"firing"', "changed: alerts of the group fire, or may fire without being listed"),
                ("groupKey    ", '"{}:{alertname=\\"MX\\", token=\\"[redacted]\\"}"',
                 "changed: made of the labels, as the sender gave none"),
                ("groupLabels.alertname", '"MX"', "added: receivers take the title from it"),
                ("commonLabels.token", '"[redacted]"', "changed: the mapping's labels or redact"),
                ("version     ", '"4"', "added: Alertmanager always writes it"),
                ("numFiring   ", "2", "added: the receiver wants it")):
            self.assertIn(f"  {path} {value}\n                 {reason}\n", first)
        self.assertRegex(first, r'  alerts\[1\]\.fingerprint "[0-9a-f]{16}"\n +added: computed from the labels')
        self.assertNotIn("abc", out)
        self.assertNotIn("alerts[", second)
        self.assertIn("  numResolved  1\n", second)

        code, out, err = convert("--forward", "alertmanager_api", "--placeholders", "--explain", MIXED)
        self.assertEqual((code, err), (0, ""))
        self.assertIn('  alerts[0].annotations.alertmanager_url "http', out)
        self.assertIn("  groupKey     ", out)
        self.assertIn("left out: not a part of what the receiver takes", out)

    def test_a_forward_that_refuses_is_an_error(self):
        code, out, err = convert("--forward", "alertmanager_api", "--placeholders", "--option", "firing_ends_at=never", "--explain", MIXED)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("message 1: firing_ends_at: ", err)

    def test_labels_and_redaction_reach_what_is_forwarded(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write('{"labels":{"exclude":["sever*"]},"redact":["instance"]}')
            file.flush()
            code, out, err = convert("--forward", "alertmanager", "--mapping", file.name, MIXED)
        self.assertEqual((code, err), (0, ""))
        alerts = json.loads(out)["alerts"]
        self.assertEqual([alert["labels"]["instance"] for alert in alerts], ["[redacted]"] * 4)
        self.assertNotIn("severity", alerts[0]["labels"])
        self.assertEqual(alerts[0]["fingerprint"], json.loads(MIXED.read_bytes())["alerts"][0]["fingerprint"])


CHATS = {"dingtalk", "discord", "feishu", "mattermost", "pushover", "telegram", "webex"}


class TargetFiles(unittest.TestCase):
    """Target files are used like built-in targets."""

    def test_found_by_name(self):
        code, out, err = convert("--target", "discord", "--option", "url=https://discord.example.test/s3cret", "--request", MIXED)
        self.assertEqual((code, err), (0, ""))
        self.assertEqual(out.count("POST https://discord.example.test/***\n"), 1)
        self.assertIn('"content":"\\\\[FIRING:2 RESOLVED:2\\\\] MX"', out)
        self.assertNotIn("s3cret", out)

    def test_a_chat_gets_one_message_for_the_group_and_a_pager_one_for_each_alert(self):
        for target, messages in (("slack_webhook", 1), ("discord", 1), ("signl4", 4), ("zenduty", 4)):
            for more, count in (((), messages), (("--per", "alert"), 4), (("--per", "group"), 1), (("--preset", "better_stack"), 4)):
                code, out, err = convert("--target", target, "--placeholders", *more, MIXED)
                self.assertEqual((code, err, len(out.splitlines())), (0, "", count), (target, more))
        _, out, _ = convert("--target", "slack_webhook", "--placeholders", BODIES / "alertmanager-0.25-huge-1000.02.json")
        lines = json.loads(out)["attachments"][0]["text"].splitlines()
        self.assertEqual(lines[-1], f"and {1000 - len(lines) + 1} more")

    def test_listed(self):
        code, out, _ = convert("--list")
        self.assertEqual(code, 0)
        self.assertIn("  discord                Discord channel webhook (experimental)\n    url ", out)
        self.assertIn("URL of the webhook (required)", out)
        _, names, _ = convert("--list-targets")
        files = sorted(path.stem for path in (TESTS / "../share/alertmap/targets").glob("*.json"))
        self.assertEqual(names.splitlines()[-len(files):], files)
        for name in files:
            code, out, err = convert("--target", name, "--placeholders", MIXED)
            self.assertEqual((code, err, len(out.splitlines())), (0, "", 1 if "chat" in name or name in CHATS else 4), name)

    def test_a_folder_of_ones_own_comes_first(self):
        with tempfile.TemporaryDirectory() as folder:
            mine = {"name": "discord", "url": "https://h.example.test/", "trigger": {"body": "{title}"}, "resolve": {"body": "{title}"}}
            (pathlib.Path(folder) / "discord.json").write_text(json.dumps(mine))
            (pathlib.Path(folder) / "broken.json").write_text('{"name":')
            done = subprocess.run([CONVERT, "--target", "discord", MIXED], capture_output=True, timeout=60,
                                  env={**os.environ, "ALERTMAP_TARGETS": f":{folder}:/nowhere"})
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            self.assertTrue(done.stdout.startswith(b'"'))
            done = subprocess.run([CONVERT, "--list"], capture_output=True, timeout=60, env={**os.environ, "ALERTMAP_TARGETS": folder})
            self.assertIn(b"  broken                 cannot be read: ", done.stdout)

    def test_what_is_wrong(self):
        code, out, err = convert("--target", "discord", MIXED)
        self.assertEqual((code, out), (2, ""))
        self.assertIn("convert: discord: options.url: ", err)
        code, _, err = convert("--target", "../targets/discord", MIXED)
        self.assertEqual(code, 2)
        self.assertIn("convert: ../targets/discord: ", err)


class Payloads(unittest.TestCase):
    def test_one_compact_json_per_line(self):
        code, out, err = convert("--target", "rootly", "--per", "alert", MIXED)
        self.assertEqual((code, err), (0, ""))
        lines = out.splitlines()
        self.assertEqual([json.loads(line)["state"] for line in lines], ["resolved", "triggered", "triggered", "resolved"])
        self.assertEqual(lines[0], json.dumps(json.loads(lines[0]), separators=(",", ":")))

    def test_standard_input_is_the_default(self):
        from_file = convert("--target", "signl4", MIXED)
        self.assertEqual(convert("--target", "signl4", stdin=MIXED.read_bytes()), from_file)
        self.assertEqual(convert("--target", "signl4", "-", stdin=MIXED.read_bytes()), from_file)

    def test_per_group(self):
        code, out, _ = convert("--target", "signl4", "--per", "group", MIXED)
        self.assertEqual((code, len(out.splitlines())), (0, 1))
        self.assertEqual(json.loads(out)["X-S4-Status"], "new")

    def test_pretty_is_the_same_json(self):
        _, compact, _ = convert("--target", "rootly", "--per", "group", MIXED)
        _, pretty, _ = convert("--target", "rootly", "--per", "group", "--pretty", MIXED)
        self.assertEqual(json.loads(pretty), json.loads(compact))
        self.assertIn('\n  "external_id": ', pretty)

    def test_nothing_is_closed_that_may_burn(self):
        code, out, err = convert("--target", "signl4", "--preset", "signl4", TRUNCATED)
        self.assertEqual((code, out), (0, ""))
        self.assertIn("ignored", err)

    def test_alerts_that_cannot_be_read_page_until_all_are_listed_again(self):
        unreadable = b'{"status":"firing","alerts":null,"groupKey":"{}:{}"}'
        listed = b'{"status":"firing","alerts":[{"status":"firing","labels":{"alertname":"A"}}],"groupKey":"{}:{}"}'
        for preset in ("recommended", "rootly", "better_stack"):
            code, out, err = convert("--target", "signl4", "--preset", preset, stdin=unreadable)
            self.assertEqual((code, len(out.splitlines())), (0, 1))
            self.assertEqual(json.loads(out)["X-S4-Status"], "new")
            self.assertIn("note -: group: alerts of this group could not be read", err)
            code, out, _ = convert("--target", "signl4", "--preset", preset, "--ndjson", stdin=b"\n".join([unreadable, listed, listed]))
            opened, alert, closed, again = map(json.loads, out.splitlines())
            self.assertEqual([code, alert["X-S4-Status"], closed["X-S4-Status"], again], [0, "new", "resolved", alert])
            self.assertEqual(closed["X-S4-ExternalID"], opened["X-S4-ExternalID"])

    def test_alertmanager_is_written_back_byte_for_byte(self):
        for body in BODIES.glob("alertmanager-0.25-*.json"):
            done = subprocess.run([CONVERT, "--target", "alertmanager", body], capture_output=True, timeout=60)
            self.assertEqual(done.stdout, body.read_bytes(), body.name)

    def test_a_collision_is_said(self):
        code, _, err = convert("--target", "rootly", "--preset", "rootly", BODIES / "alertmanager-0.25-mixed.01.json")
        self.assertEqual(code, 0)
        self.assertIn("alerts[0] and alerts[1]: one external_id", err)


class Requests(unittest.TestCase):
    def test_secrets_are_masked(self):
        code, out, err = convert("--target", "signl4", "--per", "group", "--request", "--option", "id=team-s3cret", MIXED)
        self.assertEqual(code, 0)
        self.assertTrue(out.startswith("POST https://connect.signl4.com/webhook/***\n"), out)
        self.assertNotIn("s3cret", out + err)

    def test_options_from_a_file(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump({"secret": "s3cret"}, file)
            file.flush()
            code, out, err = convert("--target", "rootly", "--per", "group", "--request", "--options-file", file.name, MIXED)
        self.assertEqual(code, 0)
        self.assertIn("Authorization: ***", out)
        self.assertNotIn("s3cret", out + err)

    def test_what_is_missing_is_named(self):
        code, out, err = convert("--target", "rootly", "--request", MIXED)
        self.assertEqual((code, out), (1, ""))
        self.assertIn("secret", err)


class Check(unittest.TestCase):
    def test_lines(self):
        code, out, _ = convert("--check", MIXED, BROKEN, ARRAY)
        self.assertEqual(code, 1)
        ok, broken, array = out.splitlines()
        self.assertEqual(ok, f"ok {MIXED} alerts=4 firing=2 resolved=2 warnings=0")
        self.assertEqual(broken, f"error {BROKEN}:148: alerts[0].labels.backslash: invalid escape in a JSON string")
        self.assertTrue(array.startswith(f"error {ARRAY}:0: a JSON array"))
        self.assertEqual(convert("--check", MIXED)[0], 0)

    def test_warnings(self):
        body = b'{"alerts":[{"status":"firing","labels":{"a":1}}]}'
        self.assertEqual(convert("--check", stdin=body)[1], "ok - alerts=1 firing=1 resolved=0 warnings=1\n")
        self.assertIn("  44: alerts[0].labels.a: ", convert("--check", "-v", stdin=body)[1])
        code, out, _ = convert("--check", "--strict", stdin=body)
        self.assertEqual((code, out.split(":")[0]), (1, "error -"))

    def test_salvage(self):
        cut = MIXED.read_bytes()[:700]
        self.assertEqual(convert("--check", stdin=cut)[0], 1)
        code, out, _ = convert("--check", "--salvage", stdin=cut)
        self.assertEqual((code, out), (0, "ok - alerts=2 firing=1 resolved=1 warnings=1\n"))


class Lines(unittest.TestCase):
    def test_a_broken_line_costs_only_itself(self):
        body = MIXED.read_bytes()
        code, out, err = convert("--target", "rootly", "--ndjson", stdin=body + b"{broken\n\n" + body)
        self.assertEqual((code, len(out.splitlines())), (1, 8))
        self.assertIn("error -:2:1: ", err)

    def test_a_payload_comes_before_the_input_ends(self):
        with subprocess.Popen([CONVERT, "--target", "signl4", "--ndjson"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0) as running:
            for _ in range(2):
                running.stdin.write(MIXED.read_bytes().rstrip(b"\n") + b"\n")
                for _ in range(4):
                    readable, _, _ = select.select([running.stdout], [], [], 30)
                    self.assertTrue(readable)
                    json.loads(running.stdout.readline())
            running.stdin.close()
            self.assertEqual(running.stdout.read(), b"")

    def test_the_last_line_needs_no_newline(self):
        _, out, err = convert("--target", "rootly", "--ndjson", stdin=MIXED.read_bytes().rstrip(b"\n"))
        self.assertEqual((len(out.splitlines()), err), (4, ""))


    def test_memory_does_not_grow_with_the_stream(self):
        with tempfile.TemporaryFile() as stream:
            for _ in range(600):
                stream.write(MIXED.read_bytes() * 100)  # 86 MB in all
            stream.seek(0)
            subprocess.run([CONVERT, "--target", "rootly", "--ndjson"], stdin=stream, stdout=subprocess.DEVNULL, check=True, timeout=120)
        kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
        self.assertLess(kilobytes, 60_000 if not SANITIZED else 600_000)


class Mappings(unittest.TestCase):
    def test_a_printed_mapping_is_read_again(self):
        for preset in ("recommended", "rootly", "signl4", "better_stack", "grafana_oncall"):
            _, printed, _ = convert("--print-mapping", "--preset", preset)
            with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
                file.write(printed)
                file.flush()
                self.assertEqual(convert("--print-mapping", "--mapping", file.name), (0, printed, ""))
                same = convert("--target", "signl4", "--mapping", file.name, MIXED)
            self.assertEqual(same, convert("--target", "signl4", "--preset", preset, MIXED))

    def test_a_bad_mapping_is_refused_with_its_place(self):
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            file.write('{"preset":"rootly","sumary":["label:alertname"]}')
            file.flush()
            code, out, err = convert("--target", "signl4", "--mapping", file.name, MIXED)
        self.assertEqual((code, out), (2, ""))
        self.assertIn("sumary", err)
        self.assertIn("(byte 19)", err)


class Usage(unittest.TestCase):
    def test_exit_codes(self):
        for arguments in ([], ["--target", "nobody", MIXED], ["--nonsense"], ["--target", "signl4", "--option", "no_value", MIXED],
                          ["--target", "signl4", "--option", "unknown=1", MIXED], ["--target", "signl4", "--per", "moon", MIXED],
                          ["--target", "signl4", "--mapping", "/nowhere.json", MIXED], ["--target", "signl4", "--preset", "x", MIXED]):
            code, out, err = convert(*arguments)
            self.assertEqual((code, out), (2, ""), arguments)
            self.assertNotEqual(err, "", arguments)
        self.assertEqual(convert("--target", "signl4", "/nowhere.json")[0], 1)
        self.assertEqual(convert("--help")[0], 0)

    def test_list(self):
        code, out, _ = convert("--list")
        self.assertEqual(code, 0)
        for word in ("signl4", "better_stack_webhook", "rootly_api", "grafana_oncall", "pagerduty", "alertmanager", "recommended", "external_id",
                     "generator_url"):
            self.assertIn(f"  {word} ", out)


unittest.main()

"""CPython's json: bench.py BODIES ALERTS/ESCAPES SECONDS, or bench.py BODIES payloads.

Prints one JSON object per measurement, in the format of run.sh.
"""

import json
import sys
import time


def first_of(values, *names):
    return next((values[name] for name in names if values.get(name)), "")


def filled(members):
    return {name: value for name, value in members.items() if value != ""}


def page_of(alert):
    """The payloads' values of an alert; see page_of() in payloads.cpp."""
    labels, annotations = alert["labels"], alert["annotations"]
    title = first_of(annotations, "summary", "title") or labels["alertname"]
    severity = labels.get("severity")
    return {
        "resolved": alert["status"] == "resolved",
        "title": title.replace("\r", " ").replace("\n", " "),
        "message": first_of(annotations, "description", "message"),
        "severity": severity if severity in ("critical", "warning", "info") else "error",
        "id": alert["fingerprint"],
        "url": alert["generatorURL"],
        "runbook": first_of(annotations, "runbook_url", "runbook"),
        "source": first_of(labels, "instance", "node", "pod", "host"),
        "service": first_of(labels, "service", "app", "job"),
        "starts_at": alert["startsAt"],
        "ends_at": alert["endsAt"],
        "labels": labels,
    }


def signl4(page):
    end = {
        "X-S4-ExternalID": page["id"],
        "X-S4-Status": "resolved" if page["resolved"] else "new",
        "X-S4-SourceSystem": "Alertmanager",
    }
    if page["resolved"]:
        return end
    start = filled({"Title": page["title"], "Message": page["message"]})
    more = filled(
        {
            "Severity": "" if page["labels"].get("severity") else page["severity"],
            "URL": page["url"],
            "Runbook": page["runbook"],
            "X-S4-Service": page["service"],
        }
    )
    return {**start, **page["labels"], **more, **end}


def better_stack(page):
    members = filled(
        {
            "status": "resolved" if page["resolved"] else "firing",
            "alert_id": page["id"],
            "title": page["title"],
            "cause": page["message"] or page["title"],
            "severity": page["severity"],
            "source": page["source"],
            "service": page["service"],
            "url": page["url"],
            "runbook_url": page["runbook"],
            "started_at": page["starts_at"],
            "resolved_at": page["ends_at"] if page["resolved"] else "",
        }
    )
    return {**members, "labels": page["labels"]}


def rootly(page):
    if page["resolved"]:
        return {"title": page["title"], "external_id": page["id"], "state": "resolved", "ended_at": page["ends_at"]}
    members = filled(
        {
            "title": page["title"],
            "description": page["message"],
            "external_id": page["id"],
            "state": "triggered",
            "external_url": page["url"],
            "severity": page["severity"],
            "source": page["source"],
            "service": page["service"],
            "runbook_url": page["runbook"],
            "started_at": page["starts_at"],
        }
    )
    return {**members, "labels": page["labels"]}


def end_to_end(bodies, emit):
    for body in bodies:
        for alert in json.loads(body)["alerts"]:
            page = page_of(alert)
            for make in (signl4, better_stack, rootly):
                emit(json.dumps(make(page), ensure_ascii=False, separators=(",", ":")))


def measure(stage, run, bodies, chosen, seconds):
    alerts = sum(len(json.loads(body)["alerts"]) for body in bodies)
    start = time.process_time()
    passes = 0
    while passes == 0 or time.process_time() - start < seconds:
        run()
        passes += 1
    spent = (time.process_time() - start) * 1e9
    size = sum(len(body) for body in bodies)
    result = {"name": f"{stage}/Python json/{chosen}", "cpu_time": spent / passes, "alerts": alerts, "bytes": size, "allocations": None}
    print(json.dumps(result))


def main():
    path, chosen = sys.argv[1:3]
    with open(path, "rb") as file:
        bodies = file.read().splitlines(keepends=True)
    if chosen == "payloads":
        end_to_end(bodies, lambda payload: sys.stdout.buffer.write(payload.encode() + b"\n"))
        return
    seconds = float(sys.argv[3])
    measure("parse", lambda: [json.loads(body) for body in bodies], bodies, chosen, seconds)
    stage = "one_alert" if chosen.startswith("1/") else "end_to_end"
    measure(stage, lambda: end_to_end(bodies, len), bodies, chosen, seconds)


if __name__ == "__main__":
    main()

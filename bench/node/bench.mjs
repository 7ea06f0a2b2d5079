// JSON.parse and JSON.stringify: bench.mjs BODIES ALERTS/ESCAPES SECONDS, or bench.mjs BODIES payloads.
// Prints one JSON object per measurement, as run.sh wants it.
import { readFileSync } from "node:fs";

const firstOf = (values, ...names) => names.map((name) => values[name]).find((value) => value) ?? "";
const filled = (object) => Object.fromEntries(Object.entries(object).filter(([, value]) => value !== ""));

/** What the payloads say of an alert; see page_of() in payloads.cpp. */
function pageOf({ status, labels, annotations, startsAt, endsAt, generatorURL, fingerprint }) {
    return {
        resolved: status === "resolved",
        title: (firstOf(annotations, "summary", "title") || labels.alertname).replace(/[\r\n]/g, " "),
        message: firstOf(annotations, "description", "message"),
        severity: ["critical", "warning", "info"].includes(labels.severity) ? labels.severity : "error",
        id: fingerprint,
        url: generatorURL,
        runbook: firstOf(annotations, "runbook_url", "runbook"),
        source: firstOf(labels, "instance", "node", "pod", "host"),
        service: firstOf(labels, "service", "app", "job"),
        startsAt,
        endsAt,
        labels,
    };
}

function signl4(page) {
    const end = { "X-S4-ExternalID": page.id, "X-S4-Status": page.resolved ? "resolved" : "new", "X-S4-SourceSystem": "Alertmanager" };
    if (page.resolved) return end;
    const start = filled({ Title: page.title, Message: page.message });
    const more = filled({ Severity: page.labels.severity ? "" : page.severity, URL: page.url, Runbook: page.runbook, "X-S4-Service": page.service });
    return { ...start, ...page.labels, ...more, ...end };
}

function betterStack(page) {
    return {
        ...filled({
            status: page.resolved ? "resolved" : "firing",
            alert_id: page.id,
            title: page.title,
            cause: page.message || page.title,
            severity: page.severity,
            source: page.source,
            service: page.service,
            url: page.url,
            runbook_url: page.runbook,
            started_at: page.startsAt,
            resolved_at: page.resolved ? page.endsAt : "",
        }),
        labels: page.labels,
    };
}

function rootly(page) {
    if (page.resolved) return { title: page.title, external_id: page.id, state: "resolved", ended_at: page.endsAt };
    return {
        ...filled({
            title: page.title,
            description: page.message,
            external_id: page.id,
            state: "triggered",
            external_url: page.url,
            severity: page.severity,
            source: page.source,
            service: page.service,
            runbook_url: page.runbook,
            started_at: page.startsAt,
        }),
        labels: page.labels,
    };
}

const [path, set, seconds] = process.argv.slice(2);
// Bytes, as they come from a socket: JSON.parse wants them decoded, and that is part of its time.
const file = readFileSync(path);
const bodies = [];
for (let start = 0, end; (end = file.indexOf(10, start)) !== -1; start = end + 1) bodies.push(file.subarray(start, end));

function endToEnd(emit) {
    for (const body of bodies) {
        for (const alert of JSON.parse(body.toString()).alerts) {
            const page = pageOf(alert);
            for (const make of [signl4, betterStack, rootly]) emit(JSON.stringify(make(page)));
        }
    }
}

if (set === "payloads") {
    const lines = [];
    endToEnd((payload) => lines.push(payload));
    process.stdout.write(lines.join("\n") + "\n");
} else {
    const alerts = bodies.reduce((sum, body) => sum + JSON.parse(body.toString()).alerts.length, 0);
    const measure = (stage, pass) => {
        const spent = (since) => {
            const usage = process.cpuUsage(since);
            return (usage.user + usage.system) * 1000;
        };
        for (let i = 0; i < 3; ++i) pass(); // the compiler's turn
        const start = process.cpuUsage();
        let passes = 0;
        while (passes === 0 || spent(start) < seconds * 1e9) {
            pass();
            ++passes;
        }
        const result = { name: `${stage}/Node.js JSON/${set}`, cpu_time: spent(start) / passes, alerts, bytes: file.length, allocations: null };
        console.log(JSON.stringify(result));
    };
    let size = 0;
    measure("parse", () => bodies.forEach((body) => (size += JSON.parse(body.toString()).alerts.length)));
    measure(set.startsWith("1/") ? "one_alert" : "end_to_end", () => endToEnd((payload) => (size += payload.length)));
}

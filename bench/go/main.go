// Go's encoding/json into Alertmanager's structs, and the three payloads out of them: with encoding/json, and with
// text/template, as Alertmanager's own notifiers write. Prints one JSON object per measurement, as run.sh wants it.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strings"
	"syscall"
	"text/template"
	"time"
)

// KV, Alert and Message are Alertmanager's template.KV, template.Alert and webhook.Message.
type KV map[string]string

type Alert struct {
	Status       string    `json:"status"`
	Labels       KV        `json:"labels"`
	Annotations  KV        `json:"annotations"`
	StartsAt     time.Time `json:"startsAt"`
	EndsAt       time.Time `json:"endsAt"`
	GeneratorURL string    `json:"generatorURL"`
	Fingerprint  string    `json:"fingerprint"`
}

type Message struct {
	Receiver          string  `json:"receiver"`
	Status            string  `json:"status"`
	Alerts            []Alert `json:"alerts"`
	GroupLabels       KV      `json:"groupLabels"`
	CommonLabels      KV      `json:"commonLabels"`
	CommonAnnotations KV      `json:"commonAnnotations"`
	ExternalURL       string  `json:"externalURL"`
	Version           string  `json:"version"`
	GroupKey          string  `json:"groupKey"`
	TruncatedAlerts   uint64  `json:"truncatedAlerts"`
}

// page is what the payloads say of an alert; see page_of() in payloads.cpp.
type page struct {
	Resolved   bool
	Title      string
	Message    string
	Severity   string
	ExternalID string
	URL        string
	RunbookURL string
	Source     string
	Service    string
	StartedAt  string
	EndedAt    string
	Labels     KV
}

func firstOf(values KV, names ...string) string {
	for _, name := range names {
		if value := values[name]; value != "" {
			return value
		}
	}
	return ""
}

func pageOf(alert *Alert) page {
	p := page{
		Resolved:   alert.Status == "resolved",
		Title:      firstOf(alert.Annotations, "summary", "title"),
		Message:    firstOf(alert.Annotations, "description", "message"),
		Severity:   "error",
		ExternalID: alert.Fingerprint,
		URL:        alert.GeneratorURL,
		RunbookURL: firstOf(alert.Annotations, "runbook_url", "runbook"),
		Source:     firstOf(alert.Labels, "instance", "node", "pod", "host"),
		Service:    firstOf(alert.Labels, "service", "app", "job"),
		StartedAt:  alert.StartsAt.Format(time.RFC3339Nano),
		EndedAt:    alert.EndsAt.Format(time.RFC3339Nano),
		Labels:     alert.Labels,
	}
	if p.Title == "" {
		p.Title = alert.Labels["alertname"]
	}
	p.Title = strings.NewReplacer("\r", " ", "\n", " ").Replace(p.Title)
	switch word := alert.Labels["severity"]; word {
	case "critical", "warning", "info":
		p.Severity = word
	}
	return p
}

func signl4(p *page) any {
	out := make(map[string]string, len(p.Labels)+9)
	if p.Resolved {
		out["X-S4-Status"] = "resolved"
	} else {
		for name, value := range p.Labels {
			out[name] = value
		}
		out["Title"] = p.Title
		if p.Labels["severity"] == "" {
			out["Severity"] = p.Severity
		}
		for name, value := range map[string]string{
			"Message": p.Message, "URL": p.URL, "Runbook": p.RunbookURL, "X-S4-Service": p.Service,
		} {
			if value != "" {
				out[name] = value
			}
		}
		out["X-S4-Status"] = "new"
	}
	out["X-S4-ExternalID"] = p.ExternalID
	out["X-S4-SourceSystem"] = "Alertmanager"
	return out
}

type betterStack struct {
	Status     string `json:"status"`
	AlertID    string `json:"alert_id"`
	Title      string `json:"title"`
	Cause      string `json:"cause"`
	Severity   string `json:"severity"`
	Source     string `json:"source,omitempty"`
	Service    string `json:"service,omitempty"`
	URL        string `json:"url,omitempty"`
	RunbookURL string `json:"runbook_url,omitempty"`
	StartedAt  string `json:"started_at"`
	ResolvedAt string `json:"resolved_at,omitempty"`
	Labels     KV     `json:"labels"`
}

func betterStackOf(p *page) any {
	out := betterStack{"firing", p.ExternalID, p.Title, p.Message, p.Severity, p.Source, p.Service, p.URL, p.RunbookURL,
		p.StartedAt, "", p.Labels}
	if p.Message == "" {
		out.Cause = p.Title
	}
	if p.Resolved {
		out.Status, out.ResolvedAt = "resolved", p.EndedAt
	}
	return &out
}

type rootly struct {
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
	ExternalID  string `json:"external_id"`
	State       string `json:"state"`
	EndedAt     string `json:"ended_at,omitempty"`
	ExternalURL string `json:"external_url,omitempty"`
	Severity    string `json:"severity,omitempty"`
	Source      string `json:"source,omitempty"`
	Service     string `json:"service,omitempty"`
	RunbookURL  string `json:"runbook_url,omitempty"`
	StartedAt   string `json:"started_at,omitempty"`
	Labels      KV     `json:"labels,omitempty"`
}

func rootlyOf(p *page) any {
	if p.Resolved {
		return &rootly{Title: p.Title, ExternalID: p.ExternalID, State: "resolved", EndedAt: p.EndedAt}
	}
	return &rootly{p.Title, p.Message, p.ExternalID, "triggered", "", p.URL, p.Severity, p.Source, p.Service, p.RunbookURL,
		p.StartedAt, p.Labels}
}

func marshal(p *page, emit func([]byte)) {
	for _, value := range []any{signl4(p), betterStackOf(p), rootlyOf(p)} {
		payload, err := json.Marshal(value)
		if err != nil {
			panic(err)
		}
		emit(payload)
	}
}

var functions = template.FuncMap{"json": func(text string) (string, error) {
	encoded, err := json.Marshal(text)
	return string(encoded), err
}}

var templates = []*template.Template{
	template.Must(template.New("signl4").Funcs(functions).Parse(
		`{{if .Resolved}}{"X-S4-Status":"resolved"{{else}}{"Title":{{json .Title}}` +
			`{{if .Message}},"Message":{{json .Message}}{{end}}` +
			`{{range $name, $value := .Labels}},{{json $name}}:{{json $value}}{{end}}` +
			`{{if not (index .Labels "severity")}},"Severity":{{json .Severity}}{{end}}` +
			`{{if .URL}},"URL":{{json .URL}}{{end}}{{if .RunbookURL}},"Runbook":{{json .RunbookURL}}{{end}}` +
			`{{if .Service}},"X-S4-Service":{{json .Service}}{{end}},"X-S4-Status":"new"{{end}}` +
			`,"X-S4-ExternalID":{{json .ExternalID}},"X-S4-SourceSystem":"Alertmanager"}`)),
	template.Must(template.New("better_stack").Funcs(functions).Parse(
		`{"status":{{if .Resolved}}"resolved"{{else}}"firing"{{end}},"alert_id":{{json .ExternalID}},"title":{{json .Title}}` +
			`,"cause":{{if .Message}}{{json .Message}}{{else}}{{json .Title}}{{end}},"severity":{{json .Severity}}` +
			`{{if .Source}},"source":{{json .Source}}{{end}}{{if .Service}},"service":{{json .Service}}{{end}}` +
			`{{if .URL}},"url":{{json .URL}}{{end}}{{if .RunbookURL}},"runbook_url":{{json .RunbookURL}}{{end}}` +
			`,"started_at":{{json .StartedAt}}{{if .Resolved}},"resolved_at":{{json .EndedAt}}{{end}}` +
			`,"labels":` + labelsTemplate + `}`)),
	template.Must(template.New("rootly").Funcs(functions).Parse(
		`{"title":{{json .Title}},"external_id":{{json .ExternalID}}` +
			`{{if .Resolved}},"state":"resolved","ended_at":{{json .EndedAt}}{{else}},"state":"triggered"` +
			`{{if .Message}},"description":{{json .Message}}{{end}}{{if .URL}},"external_url":{{json .URL}}{{end}}` +
			`,"severity":{{json .Severity}}{{if .Source}},"source":{{json .Source}}{{end}}` +
			`{{if .Service}},"service":{{json .Service}}{{end}}{{if .RunbookURL}},"runbook_url":{{json .RunbookURL}}{{end}}` +
			`,"started_at":{{json .StartedAt}},"labels":` + labelsTemplate + `{{end}}}`)),
}

const labelsTemplate = `{{"{"}}{{$comma := ""}}{{range $name, $value := .Labels}}{{$comma}}{{json $name}}:{{json $value}}{{$comma = ","}}{{end}}{{"}"}}`

var buffer bytes.Buffer

func execute(p *page, emit func([]byte)) {
	for _, t := range templates {
		buffer.Reset()
		if err := t.Execute(&buffer, p); err != nil {
			panic(err)
		}
		emit(buffer.Bytes())
	}
}

func unmarshal(body []byte) *Message {
	var message Message
	if err := json.Unmarshal(body, &message); err != nil {
		panic(err)
	}
	return &message
}

// cpuTime is that of the whole process: the garbage collector's too.
func cpuTime() time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		panic(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func main() {
	seconds := flag.Float64("seconds", 0.1, "time for each measurement, at least one pass")
	set := flag.String("set", "1000/5", "what the bodies are: alerts/escapes")
	payloads := flag.String("payloads", "", "print the payloads instead: marshal or template")
	flag.Parse()
	text, err := os.ReadFile(flag.Arg(0))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	bodies := bytes.SplitAfter(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))

	endToEnd := func(write func(*page, func([]byte)), emit func([]byte)) {
		for _, body := range bodies {
			message := unmarshal(body)
			for i := range message.Alerts {
				p := pageOf(&message.Alerts[i])
				write(&p, emit)
			}
		}
	}
	printed := func(payload []byte) { fmt.Println(string(payload)) }
	switch *payloads {
	case "marshal":
		endToEnd(marshal, printed)
		return
	case "template":
		endToEnd(execute, printed)
		return
	}

	alerts := 0
	for _, body := range bodies {
		alerts += len(unmarshal(body).Alerts)
	}
	size := 0
	dropped := func(payload []byte) { size += len(payload) }
	measure := func(stage, candidate string, pass func()) {
		var before, after runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		start := cpuTime()
		passes := 0
		for passes == 0 || (cpuTime()-start).Seconds() < *seconds {
			pass()
			passes++
		}
		spent := cpuTime() - start
		runtime.ReadMemStats(&after)
		result, _ := json.Marshal(map[string]any{
			"name": stage + "/" + candidate + "/" + *set, "cpu_time": float64(spent.Nanoseconds()) / float64(passes),
			"alerts": alerts, "bytes": len(text), "allocations": float64(after.Mallocs-before.Mallocs) / float64(passes*alerts),
		})
		fmt.Println(string(result))
	}
	last := "end_to_end"
	if strings.HasPrefix(*set, "1/") {
		last = "one_alert"
	}
	measure("parse", "Go encoding/json", func() {
		for _, body := range bodies {
			unmarshal(body)
		}
	})
	measure(last, "Go encoding/json", func() { endToEnd(marshal, dropped) })
	measure(last, "Go text/template", func() { endToEnd(execute, dropped) })
}

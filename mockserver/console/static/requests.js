// The list of requests: rows come from the stream, details from the journal.
import { $, act, at, button, call, changed, choice, clockTime, copier, field, fill, h, here } from "./dom.js";

const most = 500; // rows kept
const rows = $("request-rows");
let entries = []; // newest first
let waiting = []; // what came while paused
let paused = false;
let source;
let early = new Map(); // retries that came too early, by number

export async function start() {
  controls();
  $("request-empty").querySelector(".line").append(copier($("first-curl").textContent));
  $("request-empty").append(button("Send a test request", send, { class: "button primary" }));
  rows.addEventListener("click", (event) => {
    const row = event.target.closest("tr");
    if (row && !event.target.closest("a")) open(Number(row.dataset.seq));
  });
  $("exchange").addEventListener("click", (event) => {
    if (event.target === $("exchange")) $("exchange").close();
  });
  document.addEventListener("changed:all", load);
  document.addEventListener("visibilitychange", () => { // a browser has few connections for all tabs of a server
    if (paused) return;
    if (document.hidden) source?.close();
    else load();
  });
  await load();
}

// latest returns the newest requests, as many as are wanted.
export const latest = (count) => entries.slice(0, count);

// load reads the latest requests and follows those to come.
async function load() {
  source?.close();
  const list = await act("", () => call("GET", here("requests", { order: "desc", limit: most })));
  if (!list) return;
  entries = list.requests;
  waiting = [];
  early = new Map();
  draw();
  judgeRetries();
  source = new EventSource(at(here("requests/stream", { after: entries[0]?.seq ?? 0 })));
  source.addEventListener("request", (event) => take(JSON.parse(event.data)));
  source.addEventListener("open", () => { $("live").dataset.state = paused ? "paused" : "live"; });
  source.addEventListener("error", () => {
    source.close(); // what comes back may be another server, whose requests have other numbers
    $("live").dataset.state = "lost";
    changed("doubt");
  });
}

function take(entry) {
  document.dispatchEvent(new CustomEvent("request", { detail: entry }));
  judgeRetries();
  if (paused) {
    waiting.unshift(entry);
    say();
    return;
  }
  entries.unshift(entry);
  if (passes(entry)) rows.prepend(line(entry, true));
  while (entries.length > most) rows.querySelector(`[data-seq="${entries.pop().seq}"]`)?.remove();
  say();
}

// judgeRetries asks who came back too early; many requests may come at once.
let soon;
function judgeRetries() {
  if (soon || !entries.concat(waiting).some((entry) => entry.response_header?.["Retry-After"])) return;
  soon = setTimeout(async () => {
    soon = undefined;
    const found = await act("", () => call("GET", here("verify/retries")));
    for (const retry of found?.early || []) {
      early.set(retry.retry.seq, retry);
      sayEarly(rows.querySelector(`[data-seq="${retry.retry.seq}"]`), retry);
    }
  }, 300);
}

const seconds = (s) => (s < 10 ? s.toFixed(1) : Math.round(s)) + " s";
const sooner = (retry) => `retried after ${seconds(retry.waited_seconds)}, asked for ${retry.retry_after_seconds} s`;

function sayEarly(row, retry) {
  if (!row || !retry) return;
  const note = row.querySelector("[data-f=early]");
  note.hidden = false;
  note.textContent = sooner(retry);
}

function draw() {
  rows.replaceChildren(...entries.filter(passes).map((entry) => line(entry)));
  say();
}

function say() {
  const shown = rows.childElementCount;
  $("request-table").hidden = shown === 0;
  $("request-empty").hidden = entries.length > 0;
  $("request-none").hidden = shown > 0 || entries.length === 0;
  $("pause").textContent = paused ? (waiting.length ? `Resume (${waiting.length} new)` : "Resume") : "Pause";
  $("pause").setAttribute("aria-pressed", paused);
  if ($("live").dataset.state !== "lost") $("live").dataset.state = paused ? "paused" : "live";
}

// line says an entry as page.go does.
function line(entry, fresh) {
  const row = $("request-row").content.firstElementChild.cloneNode(true);
  const set = (name, text) => { row.querySelector(`[data-f=${name}]`).textContent = text; };
  row.dataset.seq = entry.seq;
  if (fresh) row.classList.add("fresh");
  set("time", clockTime(entry.at));
  row.querySelector("[data-f=time]").title = new Date(entry.at).toLocaleString() + " where you are";
  set("method", entry.method);
  set("name", entry.operation || "no operation");
  set("url", entry.url);
  set("key", entry.key_kind || "no key");
  set("status", status(entry));
  set("duration", span(entry.duration_ms));
  fill(row.querySelector("[data-f=fault]"), fault(entry), asked(entry));
  row.querySelector(".pill").className = "pill " + tone(entry);
  sayEarly(row, early.get(entry.seq));
  const [text, kind, tip] = verdict(entry);
  const mark = row.querySelector(".mark");
  mark.className = "mark " + kind;
  mark.title = tip;
  mark.textContent = text;
  return row;
}

// cut says that fewer bytes of the body were sent than its header promised.
function cut(entry) {
  const promised = Number(entry.response_header?.["Content-Length"]?.[0]);
  return entry.method !== "HEAD" && entry.response_bytes < promised && { sent: entry.response_bytes, promised };
}

const grouped = (n) => n.toLocaleString("en-US");

function status(entry) {
  const short = cut(entry);
  if (short) return `${entry.status}, cut after ${grouped(short.sent)} of ${grouped(short.promised)} bytes`;
  return String(entry.status || "cut");
}

const tone = (entry) => (cut(entry) ? "s0 cut" : "s" + Math.floor(entry.status / 100));

// fault names the rule that fired, and leads to it.
const fault = (entry) => entry.rule && h("a", { href: "#faults/" + encodeURIComponent(entry.rule) }, entry.rule_name || entry.rule);

// asked says what the request itself asked for.
const asked = (entry) => {
  const applied = entry.response_header?.["Preference-Applied"];
  return applied && "Prefer: " + applied[0];
};

const span = (ms) => (ms < 0.1 ? "< 0.1 ms" : ms < 1000 ? ms.toFixed(1) + " ms" : (ms / 1000).toFixed(1) + " s");

function verdict(entry) {
  const n = entry.violations.length;
  if (n) return [n === 1 ? "1 breach" : n + " breaches", "bad", entry.violations.map((v) => v.reason).join("; ")];
  return entry.unchecked ? ["partly", "quiet", entry.unchecked] : ["ok", "good", ""];
}

function controls() {
  const filter = (input) => {
    input.addEventListener("input", draw);
    return input;
  };
  $("request-filters").append(
    field("Find", filter(h("input", { type: "search", id: "filter-text", placeholder: "operation, path, key or fault" }))),
    field("Status", filter(choice([["", "Any"], ["2", "2xx"], ["4", "4xx"], ["5", "5xx"], ["0", "Cut off"]], { id: "filter-status" }))),
    field("Show", filter(choice([["", "All requests"], ["breach", "Requests that break the contract"], ["fault", "Hit by a fault"], ["early", "Retried too early"]], { id: "filter-show" }))),
  );
  $("request-actions").append(
    h("span", { class: "live", id: "live", "data-state": "lost" }),
    button("Pause", pause, { id: "pause" }),
    button("Clear", clear, { id: "clear" }),
    h("a", { class: "button", href: here("requests.har"), download: "requests.har" }, "Export HAR"),
  );
}

function passes(entry) {
  const text = $("filter-text").value.trim().toLowerCase();
  const wanted = $("filter-status").value;
  const group = $("filter-show").value;
  const retry = early.get(entry.seq);
  const all = [entry.operation, entry.method, entry.url, entry.key_kind, entry.rule, entry.rule_name, status(entry), entry.why, asked(entry), retry && sooner(retry)].join(" ").toLowerCase();
  return (!text || all.includes(text)) &&
    (!wanted || (cut(entry) ? wanted === "0" : Math.floor(entry.status / 100) === Number(wanted))) &&
    (group !== "breach" || entry.violations.length > 0) && (group !== "fault" || Boolean(entry.rule || asked(entry))) && (group !== "early" || Boolean(retry));
}

function pause() {
  paused = !paused;
  if (!paused) {
    entries = waiting.concat(entries).slice(0, most);
    waiting = [];
    draw();
  }
  say();
}

async function clear() {
  await act("The journal is empty.", () => call("DELETE", here("requests")));
  entries = [];
  waiting = [];
  draw();
}

async function send() {
  const key = $("first-curl").textContent.match(/Bearer ([^']+)/)[1];
  await act("", () => fetch(at("/api/v1/tickets?per_page=5"), { headers: { Authorization: "Bearer " + key } }));
}

// open shows one exchange.
async function open(seq) {
  const entry = await act("", () => call("GET", here("requests/" + seq)));
  if (!entry) return;
  const curl = await act("", () => call("GET", here("console/curl/" + seq)));
  const [text, kind] = verdict(entry);
  const variable = /\$(MOCKDESK_[A-Z_]*KEY)/.exec(curl || "");
  fill($("exchange-body"),
    h("header", {},
      h("div", {},
        h("h2", { id: "exchange-title" }, h("span", { class: "method" }, entry.method), " ", entry.operation || "no operation"),
        h("p", { class: "url" }, entry.url)),
      button("Close", () => $("exchange").close(), { id: "exchange-close" })),
    facts(entry, h("span", { class: "mark " + kind }, text)),
    breaches(entry),
    h("h3", {}, "Once more"),
    again(entry),
    h("div", { class: "curl" }, h("pre", { id: "curl", tabindex: 0 }, (curl || "").trim()), copier((curl || "").trim(), "Copy")),
    variable && h("p", { class: "quiet hint" }, "The journal keeps no whole key: first ", h("code", {}, "export " + variable[1] + "=…"), " with one from Keys."),
    h("h3", {}, "Request"), headers(entry.request_header), body(entry.request_body, entry.request_cut),
    h("h3", {}, "Response"), headers(entry.response_header),
    cut(entry) && h("p", { class: "breach" }, `The header promised ${grouped(cut(entry).promised)} bytes; the connection was broken off after ${grouped(cut(entry).sent)}.`),
    body(entry.response_body, entry.response_cut && !cut(entry)),
  );
  $("exchange").showModal();
  $("exchange").scrollTop = 0;
}

// again sends the request once more, with the same kind of key.
function again(entry) {
  if (!["GET", "POST"].includes(entry.method) || entry.request_cut && entry.request_body || entry.key && !entry.key_kind) return null;
  return h("div", { class: "bar" }, button("Send again", () => act("It was sent; the answer is the newest request.", async () => {
    const { keys } = await call("GET", here("catalog"));
    const key = entry.key_kind && keys.find((k) => k.kind === entry.key_kind && k.service === (entry.service || "inboxops"))?.key;
    const sent = { ...(key && { Authorization: "Bearer " + key }) };
    for (const name of ["Accept", "Content-Type", "Prefer", "Mockdesk-Allow"]) if (entry.request_header[name]) sent[name] = entry.request_header[name].join(", ");
    await fetch(at(entry.url), { method: entry.method, headers: sent, body: entry.request_body || undefined }).catch(() => {}); // a fault may break it off
  }), { id: "again" }), h("span", { class: "quiet" }, "or from a terminal:"));
}

function facts(entry, mark) {
  const retry = early.get(entry.seq);
  const pairs = [
    ["Status", h("span", { class: "pill " + tone(entry) }, status(entry))],
    ["Why", entry.why !== "fault " + entry.rule && entry.why], ["Fault", fault(entry)], ["Asked for", asked(entry)],
    ["Retry", retry && h("span", { class: "early" }, sooner(retry))], ["Request check", mark],
    ["Key", [entry.key_kind, entry.key].filter(Boolean).join(" · ") || "none"],
    ["Time", day(entry.at)], ["Duration", span(entry.duration_ms)], ["Request id", entry.request_id],
  ];
  return h("dl", { class: "facts" }, pairs.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

const day = (at) => at.slice(0, 10) + " " + at.slice(11, 23) + " UTC";

function breaches(entry) {
  if (!entry.violations.length) return null;
  return h("ul", { class: "breaches" }, entry.violations.map((v) =>
    h("li", {}, h("strong", {}, v.where), " ", v.reason, v.hint && h("em", {}, v.hint))));
}

function headers(all) {
  const lines = Object.entries(all || {}).flatMap(([name, values]) => values.map((value) =>
    h("div", {}, h("dt", {}, name), h("dd", {}, value))));
  return h("dl", { class: "headers" }, lines);
}

function body(text, cut) {
  if (!text) return h("p", { class: "quiet" }, "No body.");
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch { /* it is no whole JSON: shown as it is */ }
  return h("div", {}, h("pre", { tabindex: 0 }, shown), cut && h("p", { class: "quiet" }, "The journal kept only its beginning."));
}

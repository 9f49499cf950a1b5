// The list of requests: rows come from the stream, details from the journal.
import { $, act, at, button, call, changed, choice, clockTime, confirmed, copier, field, fill, h, here, save, toast, turns, workspace } from "./dom.js";
import { open } from "./exchange.js";
import { asked, cut, fault, keyOf, sooner, span, status, tone, verdict } from "./say.js";

const most = 500; // rows kept
const rows = $("request-rows");
let entries = []; // newest first
let waiting = []; // what came while paused
let paused = false;
let source;
let early = new Map(); // retries that came too early, by number
const turn = turns();

export async function start() {
  controls();
  $("request-empty").querySelector(".line").append(copier($("first-curl").textContent));
  $("request-empty").append(button("Send a test request", send, { class: "button primary" }));
  rows.addEventListener("click", (event) => {
    const row = event.target.closest("tr.entry");
    if (row && !event.target.closest("a")) open(Number(row.dataset.seq), early.get(Number(row.dataset.seq)));
  });
  $("exchange").addEventListener("click", (event) => {
    if (event.target === $("exchange")) $("exchange").close();
  });
  document.addEventListener("changed:all", load);
  document.addEventListener("visibilitychange", () => { // a browser has few connections for all tabs of a server
    if (paused) return;
    if (document.hidden) stop();
    else load();
  });
  await load();
}

// latest returns the newest requests, as many as are wanted.
export const latest = (count) => entries.slice(0, count);

// stop ends the stream, also one that is about to begin.
function stop() {
  source?.close();
  return turn();
}

// load reads the latest requests and follows those to come.
async function load() {
  const latest = stop();
  const list = await act("", () => call("GET", here("requests", { order: "desc", limit: most })));
  if (!list || !latest()) return;
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
  const before = entries.find(passes);
  entries.unshift(entry);
  offerGroups();
  if ($("filter-group").value) later();
  else if (passes(entry)) rows.prepend(line(entry, before, true));
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

function sayEarly(row, retry) {
  if (!row || !retry) return;
  const note = row.querySelector("[data-f=early]");
  note.hidden = false;
  note.textContent = sooner(retry);
}

function draw() {
  const shown = entries.filter(passes), by = $("filter-group").value;
  offerGroups();
  if (by) rows.replaceChildren(...[...Map.groupBy(shown, (entry) => valueOf(entry, by))].flatMap(([value, list]) => [heading(by, value, list), ...lines(list)]));
  else rows.replaceChildren(...lines(shown));
  say();
}

const lines = (list) => list.map((entry, i) => line(entry, list[i + 1]));

// later draws anew, at most some times a second.
let drawing;
function later() {
  drawing ??= setTimeout(() => {
    drawing = undefined;
    draw();
  }, 200);
}

// usualHeaders tell no client from another.
const usualHeaders = /^(accept|authorization|connection|content-|host$|if-|prefer$|sec-|cache-control|pragma|origin|referer|mockdesk-allow|traceparent|x-request-id|idempotency-key|dnt|priority)/i;

const valueOf = (entry, name) => entry.request_header[name]?.[0] || "";

// offerGroups lists the headers by which clients or tests can be told apart.
function offerGroups() {
  const seen = new Map();
  for (const { request_header: header } of entries) for (const name in header) if (!usualHeaders.test(name)) seen.set(name, (seen.get(name) || new Set()).add(header[name][0]));
  const select = $("filter-group"), names = [...seen].filter(([name, values]) => name === "User-Agent" || name === select.value || (values.size > 1 && values.size < 50)).map(([name]) => name).sort();
  if (names.join() === select.dataset.of) return;
  select.dataset.of = names.join();
  const is = select.value;
  fill(select, [["", "nothing"], ...names.map((name) => [name, name === "User-Agent" ? "Client (User-Agent)" : name])].map(([value, label]) => h("option", { value }, label)));
  select.value = is;
}

// heading stands above the requests of a client or test.
function heading(by, value, list) {
  const failed = list.filter((entry) => entry.status >= 400 || cut(entry) || !entry.status).length;
  return h("tr", { class: "group" }, h("th", { colspan: 7, scope: "colgroup" }, h("span", { dir: "auto" }, value || `no ${by}`), " ",
    h("span", { class: "quiet" }, `${list.length} request${list.length === 1 ? "" : "s"}${failed ? `, ${failed} refused or cut` : ""}`)));
}

function say() {
  const shown = rows.querySelectorAll(".entry").length;
  $("request-table").hidden = shown === 0;
  $("request-empty").hidden = entries.length > 0;
  $("request-none").hidden = shown > 0 || entries.length === 0;
  $("pause").textContent = paused ? (waiting.length ? `Resume (${waiting.length} new)` : "Resume") : "Pause";
  $("pause").setAttribute("aria-pressed", paused);
  if ($("live").dataset.state !== "lost") $("live").dataset.state = paused ? "paused" : "live";
}

// line says an entry as page.go does.
function line(entry, before, fresh) {
  const row = $("request-row").content.firstElementChild.cloneNode(true);
  const set = (name, text) => { row.querySelector(`[data-f=${name}]`).textContent = text; };
  row.dataset.seq = entry.seq;
  if (fresh) row.classList.add("fresh");
  set("time", clockTime(entry.at));
  const gap = before ? (Date.parse(entry.at) - Date.parse(before.at)) / 1000 : 0;
  row.querySelector("[data-f=gap]").hidden = gap < 1;
  set("gap", `+ ${gap < 60 ? Math.round(gap) + " s" : gap < 3600 ? Math.round(gap / 60) + " min" : Math.round(gap / 3600) + " h"}`);
  row.querySelector("[data-f=time]").title = new Date(entry.at).toLocaleString() + " where you are";
  set("method", entry.method);
  set("name", entry.operation || "no operation");
  set("url", entry.url);
  set("key", keyOf(entry));
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

function controls() {
  const filter = (input) => {
    input.addEventListener("input", draw);
    return input;
  };
  $("request-filters").append(
    field("Find", filter(h("input", { type: "search", id: "filter-text", placeholder: "operation, path, key or fault" }))),
    field("Status", filter(choice([["", "Any"], ["2", "2xx"], ["4", "4xx"], ["5", "5xx"], ["0", "Cut off"]], { id: "filter-status" }))),
    field("Show", filter(choice([["", "All requests"], ["breach", "Requests that break the contract"], ["fault", "Hit by a fault"], ["early", "Retried too early"]], { id: "filter-show" }))),
    field("Group by", filter(choice([["", "nothing"]], { id: "filter-group" }))),
  );
  $("zone").textContent = zone();
  $("request-actions").append(
    h("span", { class: "live", id: "live", "data-state": "lost" }),
    button("Pause", pause, { id: "pause" }),
    button("Clear", clear, { id: "clear" }),
    button("Export HAR", archive, { id: "har", title: "Those that pass the filter" }),
  );
}

function passes(entry) {
  const text = $("filter-text").value.trim().toLowerCase();
  const wanted = $("filter-status").value;
  const group = $("filter-show").value;
  const retry = early.get(entry.seq);
  const all = [entry.operation, entry.method, entry.url, keyOf(entry), entry.rule, entry.rule_name, status(entry), entry.why, asked(entry), retry && sooner(retry)].join(" ").toLowerCase();
  return (!text || all.includes(text)) &&
    (!wanted || (cut(entry) ? wanted === "0" : Math.floor(entry.status / 100) === Number(wanted))) &&
    (group !== "breach" || entry.violations.length > 0) && (group !== "fault" || Boolean(entry.rule || asked(entry))) && (group !== "early" || Boolean(retry));
}

// archive saves the requests as an HTTP archive: of a filtered list those that pass.
async function archive() {
  const har = await act("", () => call("GET", here("requests.har")));
  if (!har) return;
  const all = har.log.entries.length, shown = new Set(entries.filter(passes).map((entry) => entry.seq));
  if (shown.size < entries.length) har.log.entries = har.log.entries.filter((entry) => shown.has(entry._mockdesk.seq));
  save("requests.har", JSON.stringify(har, null, 2), "application/json");
  toast(`Saved as requests.har: ${har.log.entries.length} of ${all} requests.`);
}

// zone says what the times mean where the tester is.
function zone() {
  const minutes = -new Date().getTimezoneOffset(), two = (n) => String(Math.floor(n)).padStart(2, "0");
  if (!minutes) return "Times are UTC, which is also the time where you are.";
  return `Times are UTC. Where you are (${Intl.DateTimeFormat().resolvedOptions().timeZone}) it is UTC${minutes < 0 ? "−" : "+"}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}.`;
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
  if (!await confirmed(`Clear the list of requests of ${workspace}? They cannot be brought back, and a case that is saved then has none of them.`, "Clear")) return;
  if (await act("The list of requests is empty.", () => call("DELETE", here("requests"))) === undefined) return;
  entries = [];
  waiting = [];
  draw();
}

async function send() {
  const key = $("first-curl").textContent.match(/Bearer ([^']+)/)[1];
  await act("", () => fetch(at("/api/v1/tickets?per_page=5"), { headers: { Authorization: "Bearer " + key } }));
}

// One exchange of the journal, as a whole.
import { $, act, at, button, call, copier, fill, h, here } from "./dom.js";
import { asked, cut, fault, grouped, keyOf, sooner, span, status, tone, verdict } from "./say.js";

// open shows one exchange; back leads to the one that it stands in the place of.
export async function open(seq, retry, back) {
  const entry = await act("", () => call("GET", here("requests/" + seq)));
  if (!entry) return;
  const curl = await act("", () => call("GET", here("console/curl/" + seq)));
  const [text, kind] = verdict(entry);
  const variable = /\$(MOCKDESK_[A-Z_]*KEY)/.exec(curl || "");
  fill($("exchange-body"),
    h("header", {},
      h("div", {},
        h("h2", { id: "exchange-title" }, h("span", { class: "method" }, entry.method), " ", entry.operation || "no operation"),
        h("p", { class: "url" }, entry.url),
        back && h("p", { class: "quiet", id: "exchange-instead" }, `Request ${seq}, sent again. `, button("Back to the one before", back, { id: "exchange-back", class: "copy" }))),
      button("Close", () => $("exchange").close(), { id: "exchange-close" })),
    facts(entry, retry, h("span", { class: "mark " + kind }, text)),
    breaches(entry),
    h("h3", {}, "Repeat this request"),
    again(entry, retry),
    h("div", { class: "curl" }, h("pre", { id: "curl", tabindex: 0 }, (curl || "").trim()), copier((curl || "").trim(), "Copy")),
    variable && h("p", { class: "quiet hint" }, "The journal keeps no whole key: first ", h("code", {}, "export " + variable[1] + "=…"), " with one from Keys."),
    h("h3", {}, "Request"), headers(entry.request_header), body(entry.request_body, entry.request_cut, entry.request_bytes),
    h("h3", {}, "Response"), headers(entry.response_header),
    cut(entry) && h("p", { class: "breach" }, `The header promised ${grouped(cut(entry).promised)} bytes; the connection was broken off after ${grouped(cut(entry).sent)}.`),
    body(entry.response_body, entry.response_cut && !cut(entry)),
  );
  if (!$("exchange").open) $("exchange").showModal();
  $("exchange").scrollTop = 0;
}

// again sends the request once more, with the same kind of key, and shows what
// comes of it.
function again(entry, retry) {
  if (!["GET", "POST"].includes(entry.method) || entry.request_cut && entry.request_body || entry.key && !entry.key_kind) return null;
  return h("div", { class: "bar" }, button("Send again", () => act("It was sent: this is the new request.", async () => {
    const { keys } = await call("GET", here("catalog"));
    const key = entry.key_kind && keys.find((k) => k.kind === entry.key_kind && k.service === (entry.service || "inboxops"))?.key;
    const sent = { ...(key && { Authorization: "Bearer " + key }) };
    for (const name of ["Accept", "Content-Type", "Prefer", "Mockdesk-Allow"]) if (entry.request_header[name]) sent[name] = entry.request_header[name].join(", ");
    const answer = await fetch(at(entry.url), { method: entry.method, headers: sent, body: entry.request_body || undefined }).catch(() => {}); // a fault may break it off
    const { requests } = await call("GET", here("requests", { order: "desc", limit: 50 })), id = answer?.headers.get("X-Request-Id");
    const made = requests.find((other) => (id ? other.request_id === id : other.seq > entry.seq && other.method === entry.method && other.url === entry.url));
    if (made) await open(made.seq, undefined, () => open(entry.seq, retry));
  }), { id: "again" }), h("span", { class: "quiet" }, "or from a terminal:"));
}

function facts(entry, retry, mark) {
  const pairs = [
    ["Status", h("span", { class: "pill " + tone(entry) }, status(entry))],
    ["Why", entry.why !== "fault " + entry.rule && entry.why], ["Fault", fault(entry)], ["Asked for", asked(entry)],
    ["Retry", retry && h("span", { class: "early" }, sooner(retry))], ["Request check", mark],
    ["Key", [keyOf(entry), entry.key].filter(Boolean).join(" · ")],
    ["Time", day(entry.at) + (local ? ` · ${new Date(entry.at).toLocaleTimeString()} where you are` : "")], ["Duration", span(entry.duration_ms)], ["Request id", entry.request_id],
  ];
  return h("dl", { class: "facts" }, pairs.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

const local = new Date().getTimezoneOffset();

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

function body(text, cut, bytes) {
  if (!text) return h("p", { class: "quiet" }, bytes ? `A body of ${bytes} bytes, which was not kept.` : "No body.");
  let shown = text;
  try {
    shown = JSON.stringify(JSON.parse(text), null, 2);
  } catch { /* it is no whole JSON: shown as it is */ }
  return h("div", {}, h("pre", { tabindex: 0 }, shown), cut && h("p", { class: "quiet" }, "The journal kept only its beginning."));
}

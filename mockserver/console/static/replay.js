// What came of a replay, and how two states differ: cards on the Workspaces page.
import { $, act, button, call, choice, fill, h } from "./dom.js";

const of = (path, query) => path + "?" + new URLSearchParams(query);
export const many = (n, word) => `${n} ${word}${n === 1 ? "" : "s"}`;
const grouped = (n) => n.toLocaleString("en-US");

// place is where a card is shown.
export const place = () => h("div", { id: "outcome", "aria-live": "polite" });

// close takes the card away.
export const close = () => $("outcome").replaceChildren();

// show puts a card there, and leads to it.
export function show(title, id, ...content) {
  fill($("outcome"), h("div", { class: "card", id, tabindex: -1 },
    h("div", { class: "key-head" }, h("h2", {}, title), button("Close", close, { id: id + "-close" })), content.flat()));
  $(id).focus();
  $(id).scrollIntoView({ block: "start", behavior: "instant" });
}

// replay sends requests of a workspace again: those of the case that was opened, or
// what clients have sent.
export async function replay(name, whose) {
  const got = await act("", () => Promise.all([call("POST", of("replay", { workspace: name, ...(whose && { of: whose }) })), call("GET", of("catalog", { workspace: name }))]));
  if (!got) return;
  const [report, { inboxops }] = got;
  const names = new Map(["inboxes", "statuses", "priorities", "agents", "tags"].flatMap((all) => inboxops[all].map(({ id, name }) => [id, name])));
  const only = h("input", { type: "checkbox", id: "replay-only", checked: report.different > 0 });
  const list = h("ol", { class: "events replay", id: "replay-rows" });
  const draw = () => fill(list, report.requests.filter((row) => !only.checked || row.differences.length).map((row) => line(row, names)));
  only.addEventListener("change", draw);
  draw();
  show("Replay of " + name, "replay", h("p", { id: "replay-said", class: "mark " + (report.different ? "bad" : report.same && !report.left ? "good" : "") }, said(report)),
    report.uncounted.length > 0 && h("p", { class: "quiet" }, "Not counted, because it cannot be equal: " + report.uncounted.join(", ") + "."),
    report.requests.length > 0 && h("p", { class: "bar", id: "replay-of" }, h("span", { class: "quiet" }, report.opened ? `These are the requests of the case that was opened${report.others ? ", in the state that it says" : ""}. ` : "These are the requests that clients have sent. "),
      report.others > 0 && button(report.opened ? `Replay what came since (${grouped(report.others)})` : `Replay the opened case (${grouped(report.others)})`,
        () => replay(name, report.opened ? "clients" : "opened"), { id: "replay-others" })),
    report.requests.length > 0 && h("p", {}, h("label", { class: "part" }, only, "Only what differs")), list);
}

// why says of requests why they are not sent again.
export const why = "came before a reset, a restored snapshot or an opened case, or are not whole";

function said(report) {
  if (!report.requests.length) return "The case has no requests: let a client send some, or open a case that has them.";
  const left = report.left ? ` ${many(report.left, "request")} could not be sent: they ${why}.` : "";
  if (!report.sent) return "No request could be sent again." + left;
  return (report.same && report.left ? `Only ${report.sent} of ${many(report.sent + report.left, "request")} sent again: what was sent got the same.`
    : report.same ? `${many(report.sent, "request")} sent again: all got what they got before.`
    : `${report.different} of ${many(report.sent, "request")} got another answer.`) + left;
}

function line(row, names) {
  const r = row.recorded, n = row.differences.length;
  return h("li", { "data-number": row.number },
    r.changes?.map((c) => h("p", { class: "quiet", "data-change": "" }, "By hand: " + done(c) + ". ", c.body && h("code", {}, c.body.replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, (id) => names.get(id) || id)))),
    h("p", {}, h("span", { class: "quiet" }, row.number + " "), h("span", { class: "method" }, r.method), " ", h("strong", { class: "address" }, r.url)),
    h("p", { class: "bar" }, h("span", { class: "part" }, "recorded ", pill(r.answer)), row.now && h("span", { class: "part" }, "now ", pill(row.now)),
      h("span", { class: "quiet" }, [r.key || "no key", (r.fault || row.fault) && "fault " + (row.fault || r.fault)].filter(Boolean).join(" · ")),
      row.now ? h("span", { class: "mark " + (n ? "bad" : "good") }, n ? many(n, "difference") : "the same") : h("span", { class: "mark" }, "not sent again")),
    n > 0 && h("dl", { class: "differ" }, row.differences.map((d) => h("div", {}, h("dt", {}, d.where), h("dd", { "data-was": "" }, d.recorded), h("dd", { "data-is": "" }, d.now)))),
    h("details", {}, h("summary", {}, row.now ? "Both answers" : "The answer"),
      h("div", { class: "pair" }, side("Recorded", r.answer), row.now && side("Now", row.now))));
}

// done says what a tester did before a request.
function done({ method, url }) {
  const [kind, ...rest] = url.replace("/_mockdesk/", "").split("/").map(decodeURIComponent);
  if (kind === "desk") return `${things[rest.at(-2)] || things[rest.at(-1)]}${method === "POST" ? "" : " " + rest.at(-1)} ${deeds[method]}${rest.length > 2 ? " of " + rest[1] : ""}`;
  if (kind === "faults" && method === "DELETE") return rest.length ? `rule ${rest[0]} removed` : "all rules removed";
  if (kind === "faults" && method === "PUT" && !rest.length) return "order of the rules changed";
  return `${{ faults: "rule " + (rest[0] || ""), "faults.yaml": "rules", keys: rest.length ? `key ${rest[1]} of ${rest[0]}` : "all keys", "rate-limit": "limit", life: "simulated activity" }[kind].trim()} ${deeds[method]}`;
}

const deeds = { POST: "added", PUT: "changed", PATCH: "changed", DELETE: "removed" };
const things = { tickets: "ticket", messages: "message", projects: "project", tasks: "task" };

const pill = (a) => h("span", { class: "pill s" + (a.promised ? "0 cut" : Math.floor(a.status / 100)) },
  a.promised ? `${a.status}, cut after ${grouped(a.bytes)} of ${grouped(a.promised)} bytes` : String(a.status || "cut"));

function side(title, a) {
  let body = a.body || "";
  try {
    body = JSON.stringify(JSON.parse(body), null, 2);
  } catch { /* it is no whole JSON: shown as it is */ }
  const head = Object.entries(a.header || {}).map(([name, values]) => name + ": " + values.join(", ")).join("\n");
  return h("div", {}, h("h3", {}, title), h("pre", { tabindex: 0 }, [head, body].filter(Boolean).join("\n\n") || "Nothing."),
    a.bytes > new TextEncoder().encode(a.body || "").length && h("p", { class: "quiet" }, `Its beginning; it has ${grouped(a.bytes)} bytes.`));
}

// comparer makes the part of a workspace's bar that compares a snapshot with another
// or with now.
export function comparer(w, from) {
  const to = choice([["", "now"], ...w.snapshots.map((name) => [name, name])], { "aria-label": "What to compare the snapshot of " + w.name + " with" });
  return h("span", { class: "part" }, button("Compare with", () => compare(w.name, from.value, to.value), { id: "compare-" + w.name }), to);
}

async function compare(name, from, to) {
  const c = await act("", () => call("GET", of("compare", { workspace: name, from, ...(to && { to }) })));
  if (!c) return;
  const lines = (all) => h("ul", { class: "events" }, all.map((d) => h("li", {}, d.words)));
  show(`${name}: ${from} and ${to || "now"}`, "comparison",
    c.same && h("p", { class: "mark good" }, "Nothing differs."),
    c.settings.length > 0 && [h("h3", {}, "Settings"), lines(c.settings)],
    c.desk.length > 0 && [h("h3", {}, "Tickets, messages and projects"), lines(c.desk)],
    c.more && h("p", { class: "quiet" }, "There are more than these."));
}

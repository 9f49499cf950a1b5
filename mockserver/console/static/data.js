// Data: tickets with the API's own search, arranged ones by name, ids, AppHandoff,
// and what happened. Everything a ticket holds is hostile: it is put in as text,
// and HTML only in a frame without any rights.
import { $, act, at, button, call, choice, copier, day, field, fill, h, here, id, turns, workspace } from "./dom.js";
import * as desk from "./desk.js";
import * as events from "./events.js";
import * as handoff from "./handoff.js";

const perPage = 20;
export let catalog;
export let names; // ids to names
let view = "tickets";
let page = 1;
let shown = false; // whether the section is looked at
let stale = true; // whether others may have changed what is shown
let base = ""; // what the forms of the section were made from
const drawing = turns(), listing = turns();

export async function draw() {
  shown = true;
  const latest = drawing(), body = $("data-body");
  if (stale) {
    await learn();
    if (!latest()) return;
    await follow();
    if (!latest()) return;
    stale = false;
    if (forms() === base && body.dataset.view === view && view !== "fields") return catchUp();
    body.dataset.view = ""; // another server, or another world
    base = forms();
    desk.forget();
    handoff.forget();
  }
  const views = [["tickets", "Tickets"], ["threads", "AppHandoff"], ["events", "What happened"], ["fields", "Fields and tags"]];
  fill($("data-actions"), h("div", { class: "segments", role: "group", "aria-label": "Data" }, views.map(([name, label]) =>
    button(label, () => turnTo(name), { id: "view-" + name, "aria-pressed": String(view === name) }))));
  if (body.dataset.view === view) return;
  body.dataset.view = view;
  await { tickets, fields, threads, events: board }[view]();
}

// forms is what the inputs of the section offer.
function forms() {
  const { inboxes, agents, statuses, priorities, tags } = catalog.inboxops;
  return JSON.stringify([inboxes, agents, statuses, priorities, tags, catalog.keys]);
}

const follow = () => events.follow(happened, (ticket) => { turnTo("tickets").then(() => desk.timeline(ticket)); });

// A browser has few connections for all tabs of a server: one that nobody looks
// at gives its own up, and catches up later.
document.addEventListener("visibilitychange", () => {
  if (!shown) return;
  doubt();
  if (!document.hidden) act("", draw);
});

// All may be another one, which the drawing that follows finds out. It is most often
// the same server, which was slow for a moment: what is open, and what somebody is
// about to type, stays.
document.addEventListener("changed:all", () => { if (shown) doubt(); });

function doubt() {
  events.stop();
  drawing(); // what is under way is from before
  stale = true;
}

async function turnTo(name) {
  view = name;
  await act("", draw);
}

async function learn() {
  catalog = await call("GET", here("catalog"));
  const { inboxes, agents, contacts } = catalog.inboxops;
  names = new Map([...inboxes, ...agents, ...contacts].map((x) => [x.id, x.name]));
}

// leave stops following while nobody looks.
export function leave() {
  if (shown) doubt();
  shown = false;
}

// tester says that the person looks past keys, faults and limits.
export const tester = () => !$("data-key")?.value;

// api reads what a service has, or asks it as the client that a key makes.
export async function api(service, path, options = {}) {
  const key = tester() ? "" : service === "inboxops" ? $("data-key").value : catalog.keys.find((k) => k.service === service).key;
  let answer, text, value;
  try {
    answer = key ? await fetch(at(path), { ...options, headers: { ...options.headers, Authorization: "Bearer " + key } }) :
      await fetch(at("console/look/" + encodeURIComponent(workspace) + path));
    text = await answer.text();
  } catch {
    throw Object.assign(new Error("The connection broke: a fault may be in force, or the server is away."), { lost: true });
  }
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`The answer ${answer.status} is no JSON: a fault may be in force.`);
  }
  if (!answer.ok) {
    const wait = answer.headers.get("Retry-After");
    throw new Error(`${answer.status}: ${value.detail || value.message || value.error || "refused"}${wait ? ` Retry after ${wait} s.` : ""}`);
  }
  return value;
}

export function failed(error) {
  return h("div", { class: "card failed", role: "alert" }, h("h2", {}, "The API did not answer with data"), h("p", {}, error.message),
    !tester() && h("p", { class: "quiet" }, "This is what a client with this key sees now. Look at Faults, Keys and the rate limit, or read as the tester."));
}

// deleted stands where a ticket was.
export const deleted = () => h("div", { class: "card empty small" }, h("p", {}, "This ticket is gone."));

// arranged says that a ticket has its id from its name: a case or a tester brought it.
const arranged = (ticket) => ticket.id[14] === "5";

const any = (list) => [["", "Any"], ...list];

async function tickets() {
  const world = catalog.inboxops;
  const clients = catalog.keys.filter((k) => k.service === "inboxops").map((k) => [k.key, "as a client: " + k.kind]);
  const form = h("form", { id: "search", class: "filters" },
    field("Search", h("input", { type: "search", name: "query", id: "query", placeholder: "refund or invoice -spam" })),
    field("Status", choice(any([...new Set(world.statuses.map((s) => s.type))].map((s) => [s, s.replace("_", " ")])), { name: "status" })),
    field("Priority", choice(any([...new Set(world.priorities.map((p) => p.level))].map((p) => [p, p])), { name: "priority" })),
    field("Inbox", choice(any(world.inboxes.map((i) => [i.id, i.name])), { name: "inbox_id" })),
    field("Assignee", choice(any([["__unassigned__", "unassigned"], ...world.agents.map((a) => [a.id, a.name])]), { name: "assignee_id" })),
    field("Tag", choice(any(world.tags.map((t) => [t.id, t.name])), { name: "tag_ids" })),
    field("Read", choice([["", "as the tester"], ...clients], { id: "data-key" })),
    h("button", { class: "button primary", id: "search-go" }, "Search"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    page = 1;
    list();
  });
  form.addEventListener("change", (event) => {
    if (event.target.tagName !== "SELECT") return;
    page = 1;
    list();
  });
  $("data-body").replaceChildren(h("datalist", { id: "tag-names" }, world.tags.map((t) => h("option", { value: t.name }))),
    h("div", { id: "byname" }), creating(), form, h("div", { class: "desk" }, h("div", { id: "tickets" }), h("div", { id: "timeline" },
      h("div", { class: "card empty small" }, h("p", {}, "Choose a ticket to read its timeline, or to play the other side.")))));
  byName();
  await list();
}

// byName offers the tickets that have a name: those that were brought, and those
// of the seed that have something special.
function byName() {
  const all = Object.entries(catalog.inboxops.tickets).sort();
  const brought = all.filter(([, ticket]) => arranged(ticket)), seeded = all.filter(([, ticket]) => !arranged(ticket));
  const known = choice([["", "Choose"], ...seeded.map(([name, ticket]) => [ticket.id, name.replaceAll("-", " ")])], { id: "known", "data-focus": "known" });
  known.addEventListener("change", () => { if (known.value) desk.timeline(known.value, seen.get(known.value)); });
  const most = 40;
  fill($("byname"), h("div", { class: "bar names" },
    h("span", { class: "quiet" }, brought.length ? "Arranged and created:" : "Nothing arranged or created by name yet."),
    brought.slice(0, most).map(([name, ticket]) => button(name, () => desk.timeline(ticket.id, seen.get(ticket.id)), { id: "name-" + name, class: "button small" })),
    brought.length > most && h("span", { class: "quiet" }, `and ${brought.length - most} more`),
    h("label", { class: "part" }, "Special in the seed", known)));
}

// creating brings a ticket.
function creating() {
  const name = h("input", { id: "create-name", placeholder: "stuck" });
  const text = h("textarea", { id: "create-text", rows: 2, placeholder: "Left empty, it says what fits there" });
  const { subject, status, priority, assignee, tags } = desk.inputs("create");
  for (const select of [status, priority, assignee]) {
    select.prepend(h("option", { value: " " }, "as it comes"));
    select.value = " ";
  }
  const form = h("form", { id: "create-form", onsubmit: async (event) => {
    event.preventDefault();
    const body = { ...(name.value.trim() && { name: name.value.trim() }), ...(subject.value.trim() && { subject: subject.value }) };
    if (status.value !== " ") body.status = status.value;
    if (priority.value !== " ") body.priority = priority.value;
    if (assignee.value !== " ") body.assignee = assignee.value || "nobody";
    if (tags.value.trim()) body.tags = desk.list(tags.value);
    if (text.value.trim()) body.messages = [{ from: "customer", text: text.value }];
    const ticket = await act("The ticket is there.", () => call("POST", here("desk/tickets"), body));
    if (!ticket) return;
    form.reset();
    for (const select of [status, priority, assignee]) select.value = " ";
    if (tester()) await desk.timeline(ticket.id);
  } }, h("div", { class: "filters" }, field("Name", name), field("Subject", subject), field("Status", status), field("Priority", priority), field("Assignee", assignee), field("Tags", tags)),
  h("div", { class: "bar grow" }, field("The customer writes", text), h("button", { class: "button primary", id: "create-go" }, "Bring the ticket")));
  return h("details", { class: "card create" }, h("summary", { id: "create" }, "New ticket"), form);
}

let seen = new Map();

async function list() {
  if (!$("search")) return;
  const query = new URLSearchParams();
  for (const [name, value] of new FormData($("search"))) if (value) query.set(name, value);
  query.set("page", page);
  query.set("per_page", perPage);
  const latest = listing();
  try {
    const { data, meta } = await api("inboxops", "/api/v1/tickets?" + query);
    for (const ticket of data) seen.set(ticket.id, ticket);
    if (!latest() || !$("tickets")) return;
    const last = Math.max(1, Math.ceil(meta.total / meta.per_page));
    fill($("tickets"), h("div", { class: "card flush" },
      data.length ? h("ul", { class: "tickets" }, data.map(ticketLine)) : h("p", { class: "empty small" }, "No ticket fits. Take a filter away, or search for other words."),
      h("div", { class: "bar pager" }, h("span", { class: "quiet", id: "total" }, `${meta.total} ${meta.total === 1 ? "ticket" : "tickets"}`),
        button("Previous", () => turn(-1), { disabled: page <= 1 }), h("span", { class: "quiet" }, `${page} of ${last}`),
        button("Next", () => turn(1), { disabled: page >= last, id: "next-page" }))));
  } catch (error) {
    if (latest() && $("tickets")) fill($("tickets"), failed(error));
  }
}

function turn(by) {
  page += by;
  list();
}

function ticketLine(ticket) {
  const open = $("timeline")?.querySelector("article")?.dataset.ticket;
  return h("li", {}, h("button", { type: "button", class: "ticket", "data-ticket": ticket.id, "data-focus": ticket.id, "aria-current": String(open === ticket.id), onclick: () => desk.timeline(ticket.id, seen.get(ticket.id)) },
    h("span", { class: "subject", dir: "auto" }, ticket.subject || "(no subject)"),
    h("span", { class: "quiet block" }, `#${ticket.ticket_number} · ${ticket.status_name || ticket.status} · ${ticket.priority || "no priority"} · ${day(ticket.updated_at)}`)));
}

// named says what the catalog knows of a ticket that is not in the list.
export function named(ticketID) {
  const [name, ticket] = Object.entries(catalog.inboxops.tickets).find(([, known]) => known.id === ticketID) || ["", {}];
  return ticket.ticket_number ? `#${ticket.ticket_number} · ${name}` : ticketID;
}

function fields() {
  const world = catalog.inboxops;
  const rows = (list) => h("ul", { class: "pairs" }, list.map((x) => h("li", {}, h("span", {}, x.name || x.label), id(x.id))));
  $("data-body").replaceChildren(h("div", { class: "stack" },
    h("div", {}, h("h2", {}, "Custom fields"), h("div", { class: "keys loose" }, world.custom_fields.map((f) =>
      h("div", { class: "card" }, h("div", { class: "key-head" }, h("h3", {}, f.name), h("span", { class: "pill" }, f.type)),
        h("p", { class: "id" }, h("code", {}, "custom_field_" + f.key), copier("custom_field_" + f.key)), id(f.id),
        f.inbox_ids && h("p", { class: "quiet" }, "Only in " + f.inbox_ids.map((i) => names.get(i)).join(", ")),
        f.options && rows(f.options),
        !f.options && f.samples.length > 0 && h("p", { class: "quiet" }, "Stored values: ",
          [...new Set(f.samples.map((s) => s.value))].map((value) => h("span", { class: "id" }, h("code", {}, value), copier(value)))))))),
    h("div", {}, h("h2", {}, "Tags"), h("div", { class: "card" }, rows(world.tags))),
    h("div", {}, h("h2", {}, "Inboxes"), h("div", { class: "card" }, rows(world.inboxes))),
    h("div", {}, h("h2", {}, "Agents"), h("div", { class: "card" }, rows(world.agents)))));
}

function threads() {
  $("data-body").replaceChildren(h("div", { class: "desk" },
    h("div", { class: "stack", id: "projects" }, handoff.projects()),
    h("div", { id: "timeline" }, h("div", { class: "card empty small" }, h("p", {}, "Choose a ticket to read its thread, or to play the other side.")))));
}

async function board() {
  $("data-body").replaceChildren(events.board());
  await follow();
  await events.levers();
}

// happened follows what others do, of which much may come at once.
let soon;
function happened(event) {
  if (event.event === "ticket.deleted") desk.gone(event.ticket_id);
  soon ??= setTimeout(() => {
    soon = undefined;
    if (shown && tester()) act("", relearn); // what a client sees is asked for by hand
  }, 250);
}

// relearn shows what has changed, and leaves alone what somebody is about to type.
async function relearn() {
  await learn();
  await catchUp();
}

async function catchUp() {
  if ($("byname")) byName();
  if ($("projects")) fill($("projects"), handoff.projects());
  if (tester()) await Promise.all([view === "tickets" && list(), view === "events" && events.levers(), desk.refresh(), handoff.refresh()]);
}

// refresh follows the clock.
export async function refresh() {
  if (view === "events") await events.levers();
}

document.addEventListener("changed:catalog", () => act("", relearn));

// Data: tickets with the API's own search, timelines, ids, AppHandoff threads.
// Everything a ticket holds is hostile: it is put in as text, and HTML only in
// a frame without any rights.
import { $, at, button, call, choice, copier, day, field, fill, h, here, id, toast } from "./dom.js";

const perPage = 20;
let catalog;
let names; // ids to names
let view = "tickets";
let page = 1;

export async function draw() {
  if (!catalog) {
    catalog = await call("GET", here("catalog"));
    const desk = catalog.inboxops;
    names = new Map([...desk.inboxes, ...desk.agents, ...desk.contacts].map((x) => [x.id, x.name]));
  }
  const views = [["tickets", "Tickets"], ["fields", "Fields and tags"], ["threads", "AppHandoff"]];
  fill($("data-actions"), h("div", { class: "segments", role: "group", "aria-label": "Data" }, views.map(([name, label]) =>
    button(label, () => { view = name; draw(); }, { id: "view-" + name, "aria-pressed": String(view === name) }))));
  if ($("data-body").dataset.view === view) return;
  $("data-body").dataset.view = view;
  await { tickets, fields, threads }[view]();
}

// api asks a service with a key of the workspace.
async function api(service, path, options = {}) {
  const key = $("data-key")?.value || catalog.keys.find((k) => k.service === service).key;
  const answer = await fetch(at(path), { ...options, headers: { ...options.headers, Authorization: "Bearer " + key } });
  const text = await answer.text();
  let value;
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

function failed(error) {
  return h("div", { class: "card failed", role: "alert" }, h("h3", {}, "The API did not answer with data"), h("p", {}, error.message),
    h("p", { class: "quiet" }, "This is what a client sees now. Look at Faults, Keys and the rate limit, or choose another key."));
}

async function tickets() {
  const desk = catalog.inboxops;
  const any = (list) => [["", "Any"], ...list];
  const known = Object.entries(desk.tickets).sort().map(([name, ticket]) => [ticket.id, name]);
  const form = h("form", { id: "search", class: "filters" },
    field("Search", h("input", { type: "search", name: "query", id: "query", placeholder: 'refund or "late delivery" -spam' })),
    field("Status", choice(any([...new Set(desk.statuses.map((s) => s.type))].map((s) => [s, s.replace("_", " ")])), { name: "status" })),
    field("Priority", choice(any([...new Set(desk.priorities.map((p) => p.level))].map((p) => [p, p])), { name: "priority" })),
    field("Inbox", choice(any(desk.inboxes.map((i) => [i.id, i.name])), { name: "inbox_id" })),
    field("Assignee", choice(any([["__unassigned__", "unassigned"], ...desk.agents.map((a) => [a.id, a.name])]), { name: "assignee_id" })),
    field("Tag", choice(any(desk.tags.map((t) => [t.id, t.name])), { name: "tag_ids" })),
    field("Key", choice(catalog.keys.filter((k) => k.service === "inboxops").map((k) => [k.key, k.kind]), { id: "data-key" })),
    field("Known ticket", choice([["", "Choose"], ...known], { id: "known" })),
    h("button", { class: "button primary", id: "search-go" }, "Search"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    page = 1;
    list();
  });
  form.addEventListener("change", (event) => {
    if (event.target.id === "known") {
      if (event.target.value) timeline(event.target.value);
    } else if (event.target.tagName === "SELECT") {
      page = 1;
      list();
    }
  });
  $("data-body").replaceChildren(form, h("div", { class: "desk" }, h("div", { id: "tickets" }), h("div", { id: "timeline" },
    h("div", { class: "card empty small" }, h("p", {}, "Choose a ticket to read its timeline.")))));
  await list();
}

let seen = new Map();

async function list() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData($("search"))) if (value) query.set(name, value);
  query.set("page", page);
  query.set("per_page", perPage);
  try {
    const { data, meta } = await api("inboxops", "/api/v1/tickets?" + query);
    for (const ticket of data) seen.set(ticket.id, ticket);
    const last = Math.max(1, Math.ceil(meta.total / meta.per_page));
    fill($("tickets"), h("div", { class: "card flush" },
      data.length ? h("ul", { class: "tickets" }, data.map(ticketLine)) : h("p", { class: "empty small" }, "No ticket fits. Take a filter away, or search for other words."),
      h("div", { class: "bar pager" }, h("span", { class: "quiet", id: "total" }, `${meta.total} ${meta.total === 1 ? "ticket" : "tickets"}`),
        button("Previous", () => turn(-1), { disabled: page <= 1 }), h("span", { class: "quiet" }, `${page} of ${last}`),
        button("Next", () => turn(1), { disabled: page >= last, id: "next-page" }))));
  } catch (error) {
    fill($("tickets"), failed(error));
  }
}

function turn(by) {
  page += by;
  list();
}

function ticketLine(ticket) {
  return h("li", {}, h("button", { type: "button", class: "ticket", "data-ticket": ticket.id, "data-focus": ticket.id, onclick: () => timeline(ticket.id) },
    h("span", { class: "subject", dir: "auto" }, ticket.subject || "(no subject)"),
    h("span", { class: "quiet block" }, `#${ticket.ticket_number} · ${ticket.status_name || ticket.status} · ${ticket.priority || "no priority"} · ${day(ticket.updated_at)}`)));
}

async function timeline(ticketID) {
  for (const line of document.querySelectorAll(".ticket")) line.setAttribute("aria-current", String(line.dataset.ticket === ticketID));
  const ticket = seen.get(ticketID);
  try {
    const { data } = await api("inboxops", `/api/v1/tickets/${ticketID}/messages`);
    fill($("timeline"), h("article", { class: "card" },
      h("h2", { dir: "auto" }, ticket ? ticket.subject || "(no subject)" : named(ticketID)),
      h("p", { class: "ids" }, id(ticketID)),
      ticket && details(ticket),
      data.length ? h("ol", { class: "timeline" }, data.map(message)) : h("p", { class: "empty small" }, "This ticket has no messages to show."),
      note(ticketID)));
    if (matchMedia("(max-width: 900px)").matches) $("timeline").scrollIntoView({ block: "start" });
  } catch (error) {
    fill($("timeline"), failed(error));
  }
}

// named says what the catalog knows of a ticket that is not in the list.
function named(ticketID) {
  const [name, ticket] = Object.entries(catalog.inboxops.tickets).find(([, known]) => known.id === ticketID);
  return `#${ticket.ticket_number} · ${name}`;
}

function details(ticket) {
  const facts = [
    ["Number", "#" + ticket.ticket_number], ["Status", ticket.status_name], ["Priority", ticket.priority_name],
    ["Inbox", names.get(ticket.inbox_id)], ["Assignee", names.get(ticket.assignee_id) || "unassigned"], ["Contact", names.get(ticket.contact_id)],
    ["Created", day(ticket.created_at)], ["Reminder", ticket.remind_at && day(ticket.remind_at)],
  ];
  return h("dl", { class: "facts" }, facts.filter(([, value]) => value).map(([name, value]) => h("div", {}, h("dt", {}, name), h("dd", {}, value))));
}

function message(m) {
  const isNote = m.type === "internal_note";
  const box = h("div", { class: "text" });
  const hasBoth = m.body_text && m.body_html;
  const show = (html) => box.replaceChildren(html ? frame(m.body_html) : h("p", { class: "plain", dir: "auto" }, m.body_text || "(empty)"));
  show(!m.body_text && m.body_html);
  const toggle = hasBoth && h("button", { type: "button", class: "copy", "aria-pressed": "false" }, "As HTML");
  if (toggle) {
    toggle.addEventListener("click", () => {
      const html = toggle.getAttribute("aria-pressed") !== "true";
      toggle.setAttribute("aria-pressed", html);
      toggle.textContent = html ? "As text" : "As HTML";
      show(html);
    });
  }
  return h("li", { class: isNote ? "note" : m.direction },
    h("div", { class: "key-head" },
      h("span", { class: "from", dir: "auto" }, isNote ? "Internal note" : m.from_address || "unknown sender"),
      h("time", { class: "quiet", datetime: m.created_at }, day(m.sent_at || m.created_at))),
    addresses(m), m.send_status && m.send_status !== "sent" && h("p", { class: "send" }, `${m.send_status}${m.send_error ? ": " + m.send_error : ""}`),
    box, files(m.attachments), h("div", { class: "bar" }, toggle, copier(m.id, "Copy id", "Copy " + m.id)));
}

function addresses(m) {
  const lines = [["to", m.to_addresses], ["cc", m.cc_addresses], ["bcc", m.bcc_addresses]].filter(([, value]) => value);
  return lines.length > 0 && h("p", { class: "quiet addresses", dir: "auto" }, lines.map(([name, value]) => `${name} ${value}`).join("  "));
}

function files(attachments) {
  if (!attachments?.length) return null;
  return h("ul", { class: "files" }, attachments.map((file) =>
    h("li", {}, h("span", { dir: "auto" }, file.file_name), h("span", { class: "quiet" }, ` ${file.content_type} · ${file.size_bytes} bytes${file.disposition === "inline" ? " · inline" : ""}`))));
}

// frame shows HTML without scripts, forms, links that open, or anything loaded.
function frame(html) {
  return h("iframe", { sandbox: "", srcdoc: html, title: "Message as HTML", referrerpolicy: "no-referrer", loading: "lazy" });
}

function note(ticketID) {
  const text = h("textarea", { rows: 2, id: "note-text", required: true, "aria-label": "Internal note", placeholder: "Add an internal note through the API" });
  const form = h("form", { class: "bar", id: "note" }, text, h("button", { class: "button" }, "Add note"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await api("inboxops", `/api/v1/tickets/${ticketID}/messages`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ type: "internal_note", body_text: text.value }),
      });
      await timeline(ticketID);
    } catch (error) {
      toast(error.message, "bad");
    }
  });
  return form;
}

async function fields() {
  const desk = catalog.inboxops;
  const rows = (list) => h("ul", { class: "pairs" }, list.map((x) => h("li", {}, h("span", {}, x.name || x.label), id(x.id))));
  $("data-body").replaceChildren(h("div", { class: "stack" },
    h("div", {}, h("h2", {}, "Custom fields"), h("div", { class: "keys loose" }, desk.custom_fields.map((f) =>
      h("div", { class: "card" }, h("div", { class: "key-head" }, h("h3", {}, f.name), h("span", { class: "pill" }, f.type)),
        h("p", { class: "id" }, h("code", {}, "custom_field_" + f.key), copier("custom_field_" + f.key)), id(f.id),
        f.inbox_ids && h("p", { class: "quiet" }, "Only in " + f.inbox_ids.map((i) => names.get(i)).join(", ")),
        f.options && rows(f.options),
        !f.options && f.samples.length > 0 && h("p", { class: "quiet" }, "Stored values: ",
          [...new Set(f.samples.map((s) => s.value))].map((value) => h("span", { class: "id" }, h("code", {}, value), copier(value)))))))),
    h("div", {}, h("h2", {}, "Tags"), h("div", { class: "card" }, rows(desk.tags))),
    h("div", {}, h("h2", {}, "Inboxes"), h("div", { class: "card" }, rows(desk.inboxes))),
    h("div", {}, h("h2", {}, "Agents"), h("div", { class: "card" }, rows(desk.agents)))));
}

async function threads() {
  $("data-body").replaceChildren(h("div", { class: "desk" },
    h("div", { class: "stack" }, catalog.apphandoff.projects.map((project) => h("div", { class: "card flush" },
      h("div", { class: "inset" }, h("h3", {}, project.name), id(project.id)),
      h("ul", { class: "tickets" }, project.tickets.map((ticket) => h("li", {}, h("button", {
        type: "button", class: "ticket", "data-ticket": ticket.id, onclick: () => thread(project, ticket),
      }, h("span", { class: "subject" }, ticket.name), h("span", { class: "quiet block" }, `${ticket.messages} messages · ${ticket.tasks.length} tasks`)))))))),
    h("div", { id: "timeline" }, h("div", { class: "card empty small" }, h("p", {}, "Choose a ticket to read its thread.")))));
}

async function thread(project, ticket, task = "") {
  for (const line of document.querySelectorAll(".ticket")) line.setAttribute("aria-current", String(line.dataset.ticket === ticket.id));
  const query = new URLSearchParams({ limit: 200, ...(task && { task_id: task }) });
  try {
    const { messages } = await api("apphandoff", `${document.body.dataset.apphandoff}/projects/${project.id}/tickets/${ticket.id}/messages?${query}`);
    const tasks = choice([["", "All tasks"], ...ticket.tasks.map((t) => [t.id, t.title])], { id: "task", value: task });
    tasks.addEventListener("change", () => thread(project, ticket, tasks.value));
    fill($("timeline"), h("article", { class: "card" }, h("h2", {}, ticket.name), h("p", { class: "ids" }, id(ticket.id)),
      field("Task", tasks), task && id(task),
      messages.length ? h("ol", { class: "timeline" }, messages.map((m) => h("li", { class: m.author_type === "human" ? "inbound" : "outbound" },
        h("div", { class: "key-head" }, h("span", { class: "from" }, m.author_type), h("time", { class: "quiet" }, day(m.created_at))),
        h("p", { class: "plain", dir: "auto" }, m.body), h("div", { class: "bar" }, copier(m.id, "Copy id", "Copy " + m.id))))) :
        h("p", { class: "empty small" }, "No messages here."),
      ticket.messages > messages.length && !task && h("p", { class: "quiet" }, `The API answers at most 200 at a time; this thread has ${ticket.messages}.`)));
  } catch (error) {
    fill($("timeline"), failed(error));
  }
}

document.addEventListener("changed:all", () => { $("data-body").dataset.view = ""; });

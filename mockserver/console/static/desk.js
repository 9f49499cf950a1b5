// A ticket: its timeline, and what a customer, an agent or the service does to it.
import { $, act, button, call, choice, confirmed, copier, day, field, fill, h, here, id, keeper, renew, turns } from "./dom.js";
import { api, catalog, deleted, failed, named, names, tester } from "./data.js";

let open = ""; // the id of the ticket that is shown
const turn = turns();

export function forget() { open = ""; }

// timeline shows a ticket; seen is its row where the list has one.
export async function timeline(ticketID, seen) {
  for (const line of document.querySelectorAll(".ticket")) line.setAttribute("aria-current", String(line.dataset.ticket === ticketID));
  const latest = turn();
  try {
    const whole = await fetchAll(ticketID, seen);
    if (!latest() || !$("timeline")) return;
    open = ticketID;
    kept = keeper(message);
    fill($("timeline"), h("article", { class: "card", "data-ticket": ticketID },
      h("h2", { id: "ticket-subject", dir: "auto" }), h("p", { class: "ids" }, id(ticketID)),
      h("div", { id: "ticket-facts" }), h("div", { id: "thread" }),
      tester() ? [writing(ticketID), changing(ticketID, whole)] : note(ticketID)));
    show(whole);
    if (matchMedia("(max-width: 900px)").matches) $("timeline").scrollIntoView({ block: "start" });
  } catch (error) {
    if (latest() && $("timeline")) fill($("timeline"), failed(error));
  }
}

// refresh shows what became of the ticket, and leaves what is being written alone.
export async function refresh(ticketID = open) {
  if (!open || ticketID !== open || !$("thread") || !tester()) return;
  try {
    const whole = await fetchAll(ticketID);
    if (ticketID === open && $("thread")) show(whole);
  } catch (error) {
    if (error.status !== 404) throw error;
    gone(ticketID);
  }
}

// gone says that a ticket was deleted, by whomever.
export function gone(ticketID) {
  if (!open || ticketID !== open || !$("thread")) return;
  forget();
  fill($("timeline"), deleted());
}

async function fetchAll(ticketID, seen) {
  if (tester()) return call("GET", here("desk/tickets/" + ticketID));
  const { data } = await api("inboxops", `/api/v1/tickets/${ticketID}/messages`);
  return { ticket: seen, messages: data };
}

function show({ ticket, name, tags, custom_fields: fields, messages }) {
  $("ticket-subject").textContent = ticket ? ticket.subject || "(no subject)" : named(open);
  fill($("ticket-facts"), ticket ? details(ticket, name, tags, fields) : []);
  const thread = $("thread");
  if (messages.length === 0) fill(thread, h("p", { class: "empty small" }, "This ticket has no messages to show."));
  else {
    if (!thread.querySelector("ol")) fill(thread, h("ol", { class: "timeline" }));
    renew(thread.querySelector("ol"), messages.map(kept));
  }
  if ($("change-form")) given(ticket, tags);
}

function details(ticket, name, tags, fields) {
  const facts = [
    ["Name", name], ["Number", "#" + ticket.ticket_number], ["Status", ticket.status_name], ["Priority", ticket.priority_name],
    ["Inbox", names.get(ticket.inbox_id)], ["Assignee", names.get(ticket.assignee_id) || "unassigned"], ["Contact", names.get(ticket.contact_id)],
    ["Tags", tags?.join(", ")], ["Created", day(ticket.created_at)], ["Updated", day(ticket.updated_at)], ["Reminder", ticket.remind_at && day(ticket.remind_at)],
  ];
  const list = (pairs) => h("dl", { class: "facts" }, pairs.filter(([, value]) => value).map(([label, value]) => h("div", {}, h("dt", {}, label), h("dd", { dir: "auto" }, value))));
  const own = Object.entries(fields || {}).map(([key, value]) => [key, Array.isArray(value) ? value.join(", ") : String(value)]);
  return [list(facts), own.length > 0 && h("details", { open: $("ticket-facts").querySelector("details")?.open }, h("summary", { class: "quiet" }, own.length === 1 ? "1 custom field" : own.length + " custom fields"), list(own))];
}

let kept; // makes the lines of the ticket that is shown

function message(m) {
  const isNote = m.type === "internal_note";
  const box = h("div", { class: "text" });
  const hasBoth = m.body_text && m.body_html;
  const show = (html) => box.replaceChildren(html ? frame(m.body_html) : h("p", { class: "plain", dir: "auto", tabindex: 0 }, m.body_text || "(empty)"));
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
  return h("li", { class: isNote ? "note" : m.direction, "data-message": m.id },
    h("div", { class: "key-head" },
      h("span", { class: "from", dir: "auto" }, isNote ? "Internal note" : decoded(m.from_address) || "unknown sender"),
      h("time", { class: "quiet", datetime: m.created_at }, day(m.sent_at || m.created_at))),
    addresses(m), m.hidden && h("p", { class: "send" }, "Draft: no client sees it"),
    !m.hidden && m.send_status && m.send_status !== "sent" && h("p", { class: "send" }, `${m.send_status}${m.send_error ? ": " + m.send_error : ""}`),
    box, files(m.attachments), h("div", { class: "bar" }, toggle, copier(m.id, "Copy id", "Copy id " + m.id), tester() && levers(m, isNote)));
}

// levers are what the service may do with a message.
function levers(m, isNote) {
  const path = `desk/tickets/${open}/messages/${m.id}`, ticketID = open;
  const change = (done, body) => then(done, ticketID, () => call("PATCH", here(path), body));
  const sending = !isNote && !m.hidden && m.direction === "outbound" &&
    choice(["pending", "sending", "sent", "failed"].map((s) => [s, s]), { "aria-label": "Sending of this mail", "data-focus": "send-" + m.id, class: "small", value: m.send_status });
  if (sending) sending.addEventListener("change", () => change(`The mail is ${sending.value}.`, { send_status: sending.value }));
  return [
    sending && h("span", { class: "part quiet" }, "Sending", sending),
    m.hidden && h("button", { type: "button", class: "copy", "data-focus": "draft-" + m.id, onclick: () => change("The draft is sent.", { draft: false }) }, "Send draft"),
    h("button", { type: "button", class: "copy danger", "data-focus": "delete-" + m.id, onclick: async () => {
      if (await confirmed("Delete this message? Clients do not see it any more.", "Delete")) {
        await then("The message is gone.", ticketID, () => call("DELETE", here(path)));
      }
    } }, "Delete message"),
  ];
}

// decoded reads the encoded words (RFC 2047) of addresses.
const decoded = (text) => text?.replace(/=\?([\w-]+)\?([bq])\?([^?]*)\?=(\s+(?==\?))?/gi, (word, charset, kind, data) => {
  const q = () => data.replace(/_/g, " ").replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
  try {
    return new TextDecoder(charset).decode(Uint8Array.from(kind.toLowerCase() === "b" ? atob(data) : q(), (c) => c.charCodeAt(0)));
  } catch { // it is none after all
    return word;
  }
});

function addresses(m) {
  const lines = [["to", m.to_addresses], ["cc", m.cc_addresses], ["bcc", m.bcc_addresses]].filter(([, value]) => value);
  return lines.length > 0 && h("p", { class: "quiet addresses", dir: "auto" }, lines.map(([name, value]) => `${name} ${decoded(value)}`).join("  "));
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

// note is what a client with a key may do: the API's one operation that writes.
function note(ticketID) {
  const text = h("textarea", { rows: 2, id: "note-text", required: true, "aria-label": "Internal note", placeholder: "Add an internal note through the API" });
  return h("form", { class: "bar grow", id: "note", onsubmit: async (event) => {
    event.preventDefault();
    const done = await act("The API took the note.", () => api("inboxops", `/api/v1/tickets/${ticketID}/messages`, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ type: "internal_note", body_text: text.value }),
    }));
    if (done) await timeline(ticketID);
  } }, text, h("button", { class: "button" }, "Add note"));
}

// writing lets the customer or an agent write.
function writing(ticketID) {
  const who = choice([["customer", "The customer writes"], ["agent", "An agent answers"], ["note", "An agent leaves a note"], ["draft", "An agent drafts an answer"]], { id: "write-as", "aria-label": "Who writes" });
  const text = h("textarea", { rows: 2, id: "write-text", "aria-label": "Text of the message", placeholder: "Left empty, it says what fits there" });
  const sending = choice([["sent", "sent"], ["pending", "pending"], ["sending", "sending"], ["failed", "failed"]], { id: "write-sending", "aria-label": "Sending" });
  const part = h("span", { class: "part", hidden: true }, "and it is", sending);
  who.addEventListener("change", () => { part.hidden = who.value !== "agent"; });
  return h("form", { class: "play", id: "write", onsubmit: async (event) => {
    event.preventDefault();
    const said = text.value.trim() ? { text: text.value } : {};
    const body = {
      customer: { from: "customer", ...said }, agent: { from: "agent", ...said, ...(sending.value !== "sent" && { send_status: sending.value }) },
      note: { note: text.value.trim() || "Noted." }, draft: { from: "agent", draft: true, ...said },
    }[who.value];
    if (await then("It is in the timeline.", ticketID, () => call("POST", here(`desk/tickets/${ticketID}/messages`), body))) text.value = "";
  } }, h("h3", {}, "Play the other side"), h("div", { class: "bar" }, who, part), h("div", { class: "bar grow" }, text, h("button", { class: "button primary", id: "write-add" }, "Add")));
}

// inputs are those of a ticket, to make one or to change it.
export function inputs(prefix) {
  const desk = catalog.inboxops;
  return {
    subject: h("input", { id: prefix + "-subject", maxlength: 300 }),
    status: choice(desk.statuses.map((s) => [s.id, s.name]), { id: prefix + "-status" }),
    priority: choice(desk.priorities.map((p) => [p.id, p.name]), { id: prefix + "-priority" }),
    assignee: choice([["", "unassigned"], ...desk.agents.map((a) => [a.id, a.name])], { id: prefix + "-assignee" }),
    tags: h("input", { id: prefix + "-tags", list: "tag-names", placeholder: "billing, export" }),
  };
}

export const list = (text) => text.split(",").map((tag) => tag.trim()).filter(Boolean);

let was = {}; // what the ticket has, as the form says it
let form; // the inputs of the form

function given(ticket, tags) {
  const is = { subject: ticket.subject, status: ticket.status_id, priority: ticket.priority_id, assignee: ticket.assignee_id || "", tags: tags.join(", ") };
  for (const [name, input] of Object.entries(form)) {
    if (was[name] === undefined || input.value === was[name]) input.value = is[name]; // or it is being changed
  }
  was = is;
}

function changing(ticketID) {
  was = {};
  form = inputs("change");
  const submit = (event) => {
    event.preventDefault();
    const body = {};
    for (const [name, input] of Object.entries(form)) if (input.value !== was[name]) body[name] = name === "tags" ? list(input.value) : input.value || null;
    if (body.subject === null) body.subject = "";
    then("The ticket has changed.", ticketID, () => call("PATCH", here("desk/tickets/" + ticketID), body));
  };
  return h("details", { class: "play", open: false }, h("summary", {}, "Change or delete this ticket"),
    h("form", { id: "change-form", onsubmit: submit },
      h("div", { class: "filters" }, field("Subject", form.subject), field("Status", form.status), field("Priority", form.priority), field("Assignee", form.assignee), field("Tags", form.tags)),
      h("div", { class: "bar" }, h("button", { class: "button primary", id: "change-save" }, "Save changes"),
        button("Delete ticket", () => remove(ticketID), { class: "button danger", id: "delete-ticket" }))));
}

async function remove(ticketID) {
  if (!await confirmed("Delete this ticket? The API answers 404 for it from then on.", "Delete")) return;
  await act("The ticket is gone.", async () => {
    await call("DELETE", here("desk/tickets/" + ticketID));
    gone(ticketID);
  });
}

async function then(done, ticketID, action) {
  const value = await act(done, action);
  await act("", () => refresh(ticketID));
  return value !== undefined;
}

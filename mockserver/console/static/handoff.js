// AppHandoff: projects, their threads, and what its humans and agents say there.
import { $, act, call, changed, choice, confirmed, copier, day, field, fill, h, here, id, keeper, renew, turns } from "./dom.js";
import { api, catalog, deleted, failed, tester } from "./data.js";

let open; // {project, ticket, task}
const turn = turns();
let kept; // makes the lines of the thread that is shown

const all = () => [...catalog.apphandoff.projects.map((p) => ({ ...p, member: true })), ...catalog.apphandoff.inaccessible_projects.map((p) => ({ ...p, member: false }))]
  .sort((a, b) => a.name.localeCompare(b.name));

export function projects() {
  return all().map((project) => h("div", { class: "card flush", "data-project": project.id },
    h("div", { class: "inset" }, h("h2", { dir: "auto" }, project.name), id(project.id),
      tester() && h("label", { class: "toggle" }, h("input", {
        type: "checkbox", role: "switch", checked: project.member, "data-focus": "member-" + project.id,
        onchange: (event) => member(project, event.target.checked),
      }), h("span", {}, "Member key may read it"))),
    h("ul", { class: "tickets" }, project.tickets.map((ticket) => h("li", {}, h("button", {
      type: "button", class: "ticket", "data-ticket": ticket.id, "data-focus": ticket.id, "aria-current": String(open?.ticket.id === ticket.id), onclick: () => thread(project, ticket),
    }, h("span", { class: "subject", dir: "auto" }, ticket.name), h("span", { class: "quiet block" }, `${some(ticket.messages, "message")} · ${some(ticket.tasks.length, "task")}`)))))));
}

const some = (n, what) => `${n} ${what}${n === 1 ? "" : "s"}`;

async function member(project, may) {
  await act(may ? "The member key may read it." : "The member key gets 403 there.", () => call("PATCH", here("desk/projects/" + project.id), { member: may }));
  changed("catalog");
}

async function thread(project, ticket, task = "") {
  for (const line of document.querySelectorAll(".ticket")) line.setAttribute("aria-current", String(line.dataset.ticket === ticket.id));
  const latest = turn(), wanted = { project, ticket, task };
  try {
    const messages = await fetchAll(wanted);
    if (!latest() || !$("timeline")) return;
    open = wanted;
    kept = keeper(post);
    const tasks = choice([["", "All tasks"], ...ticket.tasks.map((t) => [t.id, t.title])], { id: "task", value: task });
    tasks.addEventListener("change", () => thread(project, ticket, tasks.value));
    fill($("timeline"), h("article", { class: "card" }, h("h2", { dir: "auto" }, ticket.name), h("p", { class: "ids" }, id(ticket.id)),
      field("Task", tasks), task && id(task), h("div", { id: "posts" }), tester() && writing(project, ticket)));
    show(messages);
    if (matchMedia("(max-width: 900px)").matches) $("timeline").scrollIntoView({ block: "start" });
  } catch (error) {
    if (latest() && $("timeline")) fill($("timeline"), failed(error));
  }
}

// most is how many messages the API answers at a time.
const most = 200;

async function fetchAll({ project, ticket, task }) {
  const query = new URLSearchParams({ limit: most, ...(task && { task_id: task }) });
  const path = `${document.body.dataset.apphandoff}/projects/${project.id}/tickets/${ticket.id}/messages?`;
  const messages = [];
  for (let part; !part || part.length === most;) { // a tester sees all of it
    part = (await api("apphandoff", path + query)).messages;
    messages.push(...part);
    if (part.length) query.set("since", part.at(-1).created_at);
    if (!tester()) break;
  }
  return messages;
}

// refresh shows what was said since.
export async function refresh(ticketID = open?.ticket.id) {
  if (!open || ticketID !== open.ticket.id || !$("posts") || !tester()) return;
  if (!all().some((p) => p.tickets.some((t) => t.id === ticketID))) {
    forget();
    fill($("timeline"), deleted());
    return;
  }
  const about = open, messages = await fetchAll(about);
  if (about === open && $("posts")) show(messages);
}

export function forget() { open = undefined; }

function show(messages) {
  const posts = $("posts");
  if (messages.length === 0) fill(posts, h("p", { class: "empty small" }, "No messages here."));
  else {
    if (!posts.querySelector("ol")) fill(posts, h("ol", { class: "timeline" }), !tester() && h("p", { class: "quiet" }, `The API answers at most ${most} at a time.`));
    renew(posts.querySelector("ol"), messages.map(kept));
  }
}

function post(m) {
  const task = open.ticket.tasks.find((t) => t.id === m.task_id);
  const path = `desk/projects/${open.project.id}/tickets/${open.ticket.id}/messages/${m.id}`, ticketID = open.ticket.id;
  return h("li", { class: m.author_type === "human" ? "inbound" : "outbound", "data-message": m.id },
    h("div", { class: "key-head" }, h("span", { class: "from" }, m.author_type, task && h("span", { class: "quiet" }, " on " + task.title)), h("time", { class: "quiet", datetime: m.created_at }, day(m.created_at))),
    h("p", { class: "plain", dir: "auto", tabindex: 0 }, m.body),
    h("div", { class: "bar" }, copier(m.id, "Copy id", "Copy id " + m.id), tester() && h("button", { type: "button", class: "copy danger", "data-focus": "delete-" + m.id, onclick: async () => {
      if (!await confirmed("Delete this message? Clients do not see it any more.", "Delete")) return;
      await act("The message is gone.", () => call("DELETE", here(path)));
      await act("", () => refresh(ticketID));
    } }, "Delete message")));
}

function writing(project, ticket) {
  const author = choice([["human", "A human says"], ["agent", "An agent says"]], { id: "post-author", "aria-label": "Who says it" });
  const task = choice([["", "about no task"], ...ticket.tasks.map((t) => [t.title, "about " + t.title])], { id: "post-task", "aria-label": "Task" });
  const format = choice([["markdown", "in Markdown"], ["plain", "in plain text"]], { id: "post-format", "aria-label": "Format" });
  const text = h("textarea", { rows: 2, id: "post-text", "aria-label": "Text of the message", placeholder: "Left empty, it says what fits there" });
  return h("form", { class: "play", id: "post", onsubmit: async (event) => {
    event.preventDefault();
    const body = { author: author.value, format: format.value, ...(task.value && { task: task.value }), ...(text.value.trim() && { text: text.value }) };
    if (await act("It is in the thread.", () => call("POST", here(`desk/projects/${project.id}/tickets/${ticket.id}/messages`), body))) text.value = "";
    await act("", () => refresh(ticket.id));
  } }, h("h3", {}, "Play the other side"), h("div", { class: "bar" }, author, task, format), h("div", { class: "bar grow" }, text, h("button", { class: "button primary", id: "post-add" }, "Add")));
}

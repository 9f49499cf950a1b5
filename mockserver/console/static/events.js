// What happened: events as they come, and beside them life and the clock.
import { $, act, at, button, call, changed, choice, day, field, fill, h, here, turns, workspace } from "./dom.js";

const kept = 5000; // events that are listed
let events = []; // newest first
let source;
let listener = () => {}; // told of every event
let show = () => {}; // shows a ticket
const turn = turns();

// follow reads the latest events and tells of those to come.
export async function follow(tell, open) {
  listener = tell;
  show = open;
  const latest = stop();
  const newest = await load();
  if (!latest()) return; // one stream: a browser has few connections
  source = new EventSource(at(here("events/stream", { after: newest })));
  source.addEventListener("event", (event) => {
    events.unshift(JSON.parse(event.data));
    events.length = Math.min(events.length, kept);
    soon();
    listener(events[0]);
  });
  source.addEventListener("reset", () => changed("all"));
  source.addEventListener("error", () => changed("doubt"));
}

// load reads the latest events, and returns the number of the newest. What
// people do is looked for farther back than what the desk does by itself.
async function load() {
  const by = $("event-by")?.value || "";
  const about = await call("GET", "workspaces/" + encodeURIComponent(workspace));
  const after = Math.max(0, about.events - (by && by !== "life" ? 4 * kept : kept));
  const found = about.events ? (await call("GET", here("events", { after, ...(by && { by }) }))).events : [];
  events = found.reverse().slice(0, kept);
  draw();
  return about.events;
}

// stop ends the stream, also one that is about to begin.
export function stop() {
  source?.close();
  source = undefined;
  return turn();
}

let waiting;
function soon() { // many may come at once
  waiting ??= setTimeout(() => {
    waiting = undefined;
    draw();
  }, 100);
}

// board makes the view: the list, and the levers beside it.
export function board() {
  const redraw = (input) => {
    input.addEventListener("input", draw);
    return input;
  };
  return h("div", { class: "desk wide" },
    h("div", {},
      h("div", { class: "filters" },
        field("Find", redraw(h("input", { type: "search", id: "event-text", placeholder: "ticket, what happened, value" }))),
        field("By", choice([["", "Anybody"], ["tester", "Testers"], ["client", "Clients"], ["life", "The desk itself"]], { id: "event-by", onchange: () => act("", load) }))),
      h("div", { class: "card flush", id: "event-list" })),
    h("div", { class: "stack", id: "event-levers" }, lifeCard()));
}

const words = {
  "ticket.created": "A ticket came", "ticket.changed": "A ticket changed", "ticket.deleted": "A ticket was deleted", "message.added": "A message came",
  "message.changed": "A message changed", "message.deleted": "A message was deleted", "project.created": "A project came", "project.changed": "A project changed", "task.added": "A task was added",
};
const actors = { tester: "by a tester", client: "by a client", life: "by itself" };

function draw() {
  if (!$("event-list")) return;
  const text = $("event-text").value.trim().toLowerCase(), by = $("event-by").value;
  const passing = events.filter((e) => (!by || e.by === by) && (!text || JSON.stringify(e).toLowerCase().includes(text) || words[e.event].toLowerCase().includes(text)));
  const most = 100;
  fill($("event-list"), passing.length ? h("ul", { class: "events" }, passing.slice(0, most).map(line)) :
    h("p", { class: "empty small" }, events.length ? "No event passes the filter." : "Nothing has happened yet. Bring a ticket, let a customer write, or turn simulated activity on and advance the clock."),
    passing.length > most && h("p", { class: "pager quiet" }, `The latest ${most} of ${passing.length}.`));
}

function line(e) {
  const about = e.name || (e.ticket_number ? "#" + e.ticket_number : "");
  const opens = e.service === "inboxops" && e.ticket_id && e.event !== "ticket.deleted";
  return h("li", { "data-seq": e.seq },
    h("div", { class: "key-head" },
      h("span", {}, h("strong", {}, words[e.event] || e.event), about && [" ", opens ? h("button", { type: "button", class: "copy", "data-focus": "event-" + e.seq, dir: "auto", onclick: () => show(e.ticket_id) }, about) : h("span", { dir: "auto" }, about)]),
      h("span", { class: "quiet" }, actors[e.by], " · ", h("time", { datetime: e.at }, day(e.at)))),
    e.hidden && h("p", { class: "quiet" }, "No client can see it."),
    e.changed?.length > 0 && h("p", { class: "quiet changes", dir: "auto" }, e.changed.map((c) => `${c.member.replace(/[._]/g, " ")}: ${short(c.from)} → ${short(c.to)}`).join(" · ")));
}

const short = (text) => (text === "" ? "none" : text.length > 60 ? text.slice(0, 59) + "…" : text);

function lifeCard() {
  const rate = h("input", { id: "life-rate", placeholder: "30/1h", "aria-label": "Events in a period, such as 30/1h", size: 8 });
  const set = (life) => then(life === "off" ? "Nothing happens by itself any more." : `Simulated activity: ${life}.`, () => call("PUT", here("life"), { life }));
  const step = (by) => then(`The clock moved by ${by}.`, () => call("POST", here("clock/advance"), { by }));
  return [
    h("div", { class: "card" }, h("div", { class: "key-head" }, h("h2", {}, "Simulated activity"), h("span", { id: "life-state", class: "pill" })),
      h("p", { class: "quiet" }, "Customers write, agents answer, mail fails, reminders come due: on the workspace's clock, and the same each time."),
      h("div", { class: "bar hint" }, [["off", "Off"], ["calm", "Calm"], ["busy", "Busy"]].map(([life, label]) => button(label, () => set(life), { id: "life-" + life }))),
      h("form", { class: "bar hint", onsubmit: (event) => { event.preventDefault(); if (rate.value.trim()) set(rate.value.trim()); } }, rate, h("button", { class: "button", id: "life-set" }, "Set rate")),
      h("p", { class: "quiet hint", id: "life-next" })),
    h("div", { class: "card" }, h("div", { class: "key-head" }, h("h2", {}, "Let time pass"), h("span", { id: "event-clock", class: "quiet" })),
      h("div", { class: "bar" }, ["1m", "1h", "8h", "24h"].map((by) => button("+" + by, () => step(by), { id: "pass-" + by }))),
      h("p", { class: "quiet hint" }, "The clock is that of ", h("a", { href: "#levers" }, "Clock & limit"), ". Freeze it there for times that repeat.")),
  ];
}

async function then(done, action) {
  await act(done, action);
  changed("clock");
  await act("", levers);
}

// levers shows life and clock as they are.
export async function levers() {
  if (!$("life-state")) return;
  const [life, clock] = await Promise.all([call("GET", here("life")), call("GET", here("clock"))]);
  $("life-state").textContent = life.life;
  $("life-state").className = life.life === "off" ? "pill" : "pill s3";
  for (const name of ["off", "calm", "busy"]) $("life-" + name).setAttribute("aria-pressed", String(life.life === name));
  $("life-next").textContent = life.full ? "The workspace is full: nothing new comes until it is reset." : life.next ? `The next thing happens at ${day(life.next)} (UTC).` : "";
  $("event-clock").textContent = `${day(clock.now)} UTC${clock.frozen ? ", frozen" : ""}`;
}

// Keeps the page true: it looks every second whether the server is there, and
// what others have changed.
import { $, call, changed, h, here, workspace } from "./dom.js";

const every = 700; // milliseconds
const patience = 1000; // for a sign of life

export let state; // {about, faults} as they were last read
let lost = false;
let text = ""; // the state as it was last told
let looking; // the look under way, if any
let paused = false;

function look() {
  if (looking || paused || document.hidden) return looking;
  looking = read().finally(() => looking = undefined);
  return looking;
}

// read reads the state and tells who listens when it has changed.
async function read() {
  const began = performance.now();
  try {
    await alive();
    const [about, { faults }] = await inTime(Promise.all([call("GET", "workspaces/" + encodeURIComponent(workspace)), call("GET", here("faults"))]), 3 * patience);
    state = { about, faults };
    if (lost) back();
    const { clock: { now, ...clock }, ...rest } = about; // which always goes on
    const is = JSON.stringify([{ ...rest, clock, requests: 0 }, faults]);
    if (is !== text) document.dispatchEvent(new CustomEvent("state", { detail: state }));
    text = is;
    document.dispatchEvent(new CustomEvent("pulse", { detail: state }));
  } catch (error) {
    if (error.status === 404) away(`The workspace ${workspace} is not there any more.`, h("a", { href: "./" }, "Go to the default one"));
    else if (error.status === 401) away("The server asks for its admin token.", h("a", { href: "" }, "Load the page again"));
    else if (!error.status && !slept(error, began)) gone();
  }
}

// slept reports whether it is the page that was late, not the server: what is timed
// ends on time in a page that runs.
const slept = (error, began) => error.name === "TimeoutError" && performance.now() - began > (error.after || patience) + 250;

// inTime gives up on a server that stops before its answer: nobody would look again.
function inTime(answer, most) {
  const late = Object.assign(new Error("The server is late."), { name: "TimeoutError", after: most });
  return Promise.race([answer, new Promise((_, reject) => setTimeout(() => reject(late), most))]);
}

async function alive() {
  const answer = await fetch("healthz", { signal: AbortSignal.timeout(patience), cache: "no-store" });
  if (!answer.ok) throw new Error("The server is not well.");
}

function gone() {
  away("The server does not answer. What you see is from before; the page goes on by itself when it is back.");
}

function away(...words) {
  lost = true;
  $("banner").hidden = false;
  $("banner").replaceChildren(h("p", {}, words));
}

// back takes nothing for granted: the server may be another one.
function back() {
  lost = false;
  text = "";
  $("banner").hidden = true;
  changed("all");
}

// doubt comes when a stream has ended: the server was away, if only for a moment.
document.addEventListener("changed:doubt", () => {
  if (lost) return;
  gone();
  look();
});
document.addEventListener("visibilitychange", look);
for (const what of ["clock", "limit", "faults", "keys", "all"]) document.addEventListener("changed:" + what, look);

// pause ends the looks, and returns when none is under way: a workspace that is
// to be deleted is not asked for any more.
export async function pause() {
  paused = true;
  await looking;
}

export function resume() {
  paused = false;
}

export function watch() {
  setInterval(look, every);
  return look();
}

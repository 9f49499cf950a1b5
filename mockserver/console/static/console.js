// Starts the sections: the one that the address names is shown and drawn.
import { $, fill, h, toast } from "./dom.js";
import { watch } from "./live.js";
import * as requests from "./requests.js";
import * as faults from "./faults.js";
import * as keys from "./keys.js";
import * as levers from "./levers.js";
import * as data from "./data.js";
import * as workspaces from "./workspaces.js";

const sections = { requests, faults, keys, levers, data, workspaces };

// current is the section that the address names.
function current() {
  const [name] = (location.hash.slice(1) || "requests").split("/");
  return sections[name] ? name : "requests";
}

let shown; // the section, which begins at its top

function show() {
  const here = current();
  if (shown && shown !== here) scrollTo(0, 0);
  shown = here;
  for (const section of Object.keys(sections)) $(section).hidden = section !== here;
  for (const tab of document.querySelectorAll(".tabs a")) {
    if (tab.hash === "#" + here) tab.setAttribute("aria-current", "page");
    else tab.removeAttribute("aria-current");
  }
  reach();
  document.title = $("h-" + here).textContent + " · mockdesk";
  if (here !== "data") data.leave();
  if (here === "requests") return; // it draws as requests come
  sections[here].draw().catch((error) => error.lost || toast(error.message, "bad"));
}

// reach scrolls a narrow row of tabs to the current one.
function reach() {
  const row = document.querySelector(".tabs"), tab = row.querySelector("[aria-current]");
  row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
}

// glance shows in the header what is not as it is by default.
function glance({ about, faults }) {
  const offset = about.clock.offset !== "0s";
  fill($("glance"),
    h("a", { href: "#levers", "data-focus": "clock", class: about.clock.frozen ? "chip on" : "chip" },
      about.clock.frozen ? "clock frozen" : offset ? "clock moved" : "real clock"),
    h("a", { href: "#levers", "data-focus": "limit", class: about.rate_limit === "off" ? "chip" : "chip on" },
      about.rate_limit === "off" ? "no rate limit" : about.rate_limit.replace("/", " per ")),
    about.life !== "off" && h("a", { href: "#data", "data-focus": "life", class: "chip on" }, "activity " + about.life));
  const active = faults.filter((rule) => !rule.disabled && !rule.spent).length;
  $("fault-count").textContent = active;
  $("fault-count").hidden = active === 0;
}

$("workspace").addEventListener("change", (event) => event.target.form.submit());
window.addEventListener("hashchange", show);
window.addEventListener("resize", reach);
document.addEventListener("state", (event) => glance(event.detail));
document.addEventListener("pulse", (event) => sections[current()].refresh?.(event.detail).catch(() => {})); // the next one tells more
document.addEventListener("changed:all", () => show());
requests.start();
show();
watch();
document.documentElement.dataset.ready = "true";

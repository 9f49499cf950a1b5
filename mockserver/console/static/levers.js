// Clock and rate limit.
import { $, act, button, call, changed, fill, h, here } from "./dom.js";

let clock;
let read = 0; // when the clock was read, by performance.now()

export async function draw() {
  if (!$("clock-now")) {
    $("lever-body").replaceChildren(clockCard(), limitCard());
  }
  await refresh();
}

// refresh follows the clock and what others change.
export async function refresh() {
  const [now, limit] = await Promise.all([call("GET", here("clock")), call("GET", here("rate-limit"))]);
  clock = now;
  read = performance.now();
  tick();
  $("clock-state").textContent = clock.frozen ? "Frozen" : clock.offset === "0s" ? "Runs as this machine's" : `Runs ${clock.offset} off`;
  $("clock-state").className = clock.frozen ? "pill s3" : "pill s2";
  $("clock-freeze").setAttribute("aria-pressed", clock.frozen);
  $("clock-real").setAttribute("aria-pressed", !clock.frozen && clock.offset === "0s");
  windows(limit);
}

function tick() {
  const at = new Date(new Date(clock.now).getTime() + (clock.frozen ? 0 : performance.now() - read)).toISOString();
  $("clock-now").replaceChildren(h("span", { class: "date" }, at.slice(0, 10)), h("span", { class: "time" }, at.slice(11, 19)), h("span", { class: "zone" }, "UTC"));
}

function clockCard() {
  const step = h("input", { id: "clock-by", value: "45s", "aria-label": "Duration, such as 45s or 1h30m", size: 8 });
  const move = (by) => change(`The clock moved by ${by}.`, "clock", () => call("POST", here("clock/advance"), { by }));
  const at = h("input", { id: "clock-at", placeholder: "now", "aria-label": "Instant to freeze at, such as 2025-06-02T09:00:00Z" });
  return h("div", { class: "card" },
    h("div", { class: "key-head" }, h("h2", {}, "Clock"), h("span", { id: "clock-state", class: "pill" })),
    h("p", { id: "clock-now", class: "clock" }),
    h("div", { class: "bar" },
      button("Real", () => change("The clock is this machine's.", "clock", () => call("PUT", here("clock"), { mode: "real" })), { id: "clock-real" }),
      button("Freeze", () => change("The clock stands still.", "clock", () =>
        call("PUT", here("clock"), at.value.trim() ? { mode: "frozen", at: at.value.trim() } : { mode: "frozen" })), { id: "clock-freeze" }),
      h("span", { class: "part" }, "at", at)),
    h("h3", {}, "Advance"),
    h("div", { class: "bar" }, ["1s", "10s", "1m", "1h", "24h"].map((by) => button("+" + by, () => move(by), { id: "advance-" + by }))),
    h("form", { class: "bar", onsubmit: (event) => { event.preventDefault(); move(step.value); } }, step, h("button", { class: "button", id: "clock-advance" }, "Advance")));
}

function limitCard() {
  const input = h("input", { id: "limit", value: "100/1m", "aria-label": "Rate limit, such as 100/1m or off", size: 8 });
  const set = (value) => change(value === "off" ? "There is no limit." : `The limit is ${value}.`, "limit", () => call("PUT", here("rate-limit"), { rate_limit: value }));
  return h("div", { class: "card" },
    h("div", { class: "key-head" }, h("h2", {}, "Rate limit"), h("span", { id: "limit-state", class: "pill" })),
    h("form", { class: "bar", onsubmit: (event) => { event.preventDefault(); set(input.value.trim()); } },
      input, h("button", { class: "button primary", id: "limit-set" }, "Set"),
      ["off", "3/10s", "100/1m"].map((value) => button(value, () => { input.value = value; set(value); }, { id: "limit-" + value.replace("/", "-") }))),
    h("div", { id: "windows", class: "windows" }));
}

function windows(limit) {
  const off = limit.rate_limit === "off";
  $("limit-state").textContent = off ? "off" : limit.rate_limit;
  $("limit-state").className = off ? "pill" : "pill s3";
  if (off) {
    fill($("windows"), h("p", { class: "quiet" }, "Off, so test suites do not trip. The documented limit is 100/1m; 3/10s makes a client fail at its fourth call."));
    return;
  }
  const now = new Date(clock.now);
  const most = parseInt(limit.rate_limit, 10);
  fill($("windows"), limit.windows.map((w) => {
    const left = w.resets_at ? Math.max(0, Math.ceil((new Date(w.resets_at) - now) / 1000)) : 0;
    const services = [...new Set(w.keys.map((key) => key.split("/")[0]))].join();
    const name = services === "inboxops" ? "InboxOps, all keys" : "AppHandoff " + w.keys.map((key) => key.split("/")[1]).join(", ");
    const used = Math.min(w.used, most); // refused calls count too
    return h("div", { class: "window", "data-window": w.keys[0] },
      h("div", { class: "key-head" }, h("span", {}, name), h("span", { class: "quiet" }, w.used && left ? `empties in ${left} s` : "empty")),
      h("meter", { min: 0, max: most, value: used, high: most * 0.8, optimum: 0, "aria-label": name }),
      h("span", { class: "quiet" }, `${used} of ${most} used`));
  }));
}

async function change(done, what, action) {
  await act(done, action);
  changed(what);
  await act("", refresh);
}

// Builds elements and calls the server. Text is only ever put in as text.

export const workspace = document.body.dataset.workspace;

// h makes an element: h("p", {class: "lead", onclick: f}, "text", child).
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "value") element.value = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const $ = (id) => document.getElementById(id);

// fill replaces what is in an element, and keeps the focus where it was.
export function fill(parent, ...children) {
  const focused = parent.contains(document.activeElement) && document.activeElement.dataset.focus;
  parent.replaceChildren(...children.flat().filter(Boolean));
  if (focused) parent.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

// keeper makes a function that makes the line of an item once, and anew when the
// item is another one: what a person has unfolded or reached there stays.
export function keeper(make) {
  const lines = new Map();
  return (item) => {
    const text = JSON.stringify(item);
    if (lines.get(item.id)?.text !== text) lines.set(item.id, { text, line: make(item) });
    return lines.get(item.id).line;
  };
}

// renew puts lines into a list, and leaves alone those that are there.
export function renew(list, lines) {
  const focused = list.contains(document.activeElement) && document.activeElement.dataset.focus;
  const wanted = new Set(lines);
  for (const line of [...list.children]) if (!wanted.has(line)) line.remove();
  lines.forEach((line, i) => { if (list.children[i] !== line) list.insertBefore(line, list.children[i] || null); });
  if (focused && !list.contains(document.activeElement)) list.querySelector(`[data-focus="${CSS.escape(focused)}"]`)?.focus();
}

// here adds the workspace to a path of the control API.
export function here(path, query = {}) {
  return path + "?" + new URLSearchParams({ ...query, workspace });
}

// at is an address without the name and password that the page's may hold:
// a browser asks for no address with them.
export function at(path) {
  return new URL(path, location.origin + location.pathname);
}

// call asks the control API; errors carry its words and its hint.
export function call(method, path, body) {
  return body === undefined ? send(method, path) : send(method, path, "application/json", JSON.stringify(body));
}

let changes = 0; // that the page has begun or ended

// send does so with a body of any type. What is read while the page changes
// something may be from before the change: it is read again.
export async function send(method, path, type, body) {
  const options = { method, body, headers: type ? { "Content-Type": type } : {} }, reads = method === "GET";
  let answer, text, before;
  try {
    do {
      before = reads ? changes : ++changes;
      answer = await fetch(at(path), options);
      text = await answer.text();
    } while (reads && before !== changes);
  } catch { // the browser's words say nothing to people
    changed("doubt");
    throw Object.assign(new Error("Not done: the server does not answer."), { lost: true });
  } finally {
    if (!reads) changes++;
  }
  const value = text && answer.headers.get("Content-Type")?.startsWith("application/json") ? JSON.parse(text) : text;
  if (!answer.ok) {
    throw Object.assign(new Error([value.error?.replace(/^line 1: /, "") || answer.statusText, value.hint].filter(Boolean).join(". Hint: ")), { status: answer.status });
  }
  return value;
}

// turns makes a function that begins a turn, and returns whether it is still the
// latest: an answer that comes after that of a later question is not shown.
export function turns() {
  let latest = 0;
  return () => {
    const turn = ++latest;
    return () => turn === latest;
  };
}

// act runs an action of the person and says what came of it.
export async function act(done, action) {
  try {
    const value = await action();
    if (done) toast(done);
    return value;
  } catch (error) {
    if (done || !error.lost) toast(error.message, "bad"); // the banner says what is lost
    return undefined;
  }
}

// toast says something for a while; it may offer what to do about it.
export function toast(text, kind = "good", [label, action] = []) {
  const note = h("div", { class: "toast " + kind }, text, label && h("button", { type: "button", class: "copy", onclick: () => { note.remove(); action(); } }, label));
  $("toasts").append(note);
  setTimeout(() => note.remove(), label || kind === "bad" ? 9000 : 4000);
}

// button makes a button whose focus outlives a new drawing of its section.
export function button(label, onclick, props = {}) {
  return h("button", { type: "button", class: "button", "data-focus": props.id || label, ...props, onclick }, label);
}

// save puts a text into a file of the person.
export function save(name, text, type) {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// copier makes a button that puts a text on the clipboard.
export function copier(text, label = "Copy", about = "") {
  const copy = h("button", { type: "button", class: "copy", "data-copy": text, "aria-label": about || undefined }, label);
  copy.addEventListener("click", async () => {
    if (await put(text)) {
      copy.textContent = "Copied";
      setTimeout(() => { copy.textContent = label; }, 1500);
    } else {
      toast("The browser did not let the page copy. Select the text instead.", "bad");
    }
  });
  return copy;
}

async function put(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { // no secure context, such as another machine's name over http
    const area = h("textarea", { class: "away", value: text });
    (document.querySelector("dialog[open]") || document.body).append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

// id shows an id that can be copied.
export function id(value) {
  return h("span", { class: "id" }, h("code", {}, value), copier(value, "Copy", "Copy " + value));
}

// field labels an input.
export function field(label, input, hint) {
  return h("label", { class: "field" }, h("span", {}, label), input, hint && h("small", {}, hint));
}

// choice makes a select of [value, label] pairs.
export function choice(pairs, props = {}) {
  const select = h("select", props, pairs.map(([value, label]) => h("option", { value }, label)));
  if (props.value !== undefined) select.value = props.value;
  return select;
}

export function confirmed(text, yes) {
  const dialog = $("confirm");
  $("confirm-text").textContent = text;
  $("confirm-yes").textContent = yes;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

export const clockTime = (at) => at.slice(11, 19);

export function day(at) {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "short", timeZone: "UTC" }).format(new Date(at));
}

// changed tells the sections that something they show is different now.
export function changed(...what) {
  for (const name of what) document.dispatchEvent(new CustomEvent("changed:" + name));
}

// What every page does: focus the search box on "/", copy codes, say what happened, remember recent codes.

const RECENT = "teneleven.recent";
const KEPT = "teneleven.kept";
const SYSTEM = "teneleven.system";
const MOST = 12;

export function say(text) {
  const place = document.getElementById("said");
  place.textContent = text;
  place.classList.add("on");
  clearTimeout(say.timer);
  say.timer = setTimeout(() => place.classList.remove("on"), 1600);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  say(`Copied ${text.length > 60 ? "the table" : text}`);
}

// A table for a document (HTML) and for a spreadsheet (tab-separated), whichever the place of paste prefers.
async function copyTable(table) {
  const said = (cell) => cell.innerText.trim().replace(/\s+/g, " ");
  const text = [...table.rows].map((row) => [...row.cells].map(said).join("\t")).join("\n");
  const plain = document.implementation.createHTMLDocument().createElement("table");
  plain.border = "1";
  for (const row of table.rows) {
    const line = plain.insertRow();
    for (const cell of row.cells) line.append(Object.assign(document.createElement(cell.localName), { textContent: said(cell) }));
  }
  try {
    const kinds = { "text/plain": text, "text/html": plain.outerHTML };
    const blobs = Object.entries(kinds).map(([type, content]) => [type, new Blob([content], { type })]);
    await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
    say("Copied the table");
  } catch {
    await copy(text);
  }
}

function listed(name) {
  try {
    const codes = JSON.parse(localStorage.getItem(name) ?? "[]");
    return Array.isArray(codes) ? codes.filter((one) => one && one.system && one.code) : [];
  } catch {
    return [];
  }
}

function write(name, value) {
  try {
    localStorage.setItem(name, value);
    return true;
  } catch {
    return false; // storage is off: nothing is remembered
  }
}

export const recent = () => listed(RECENT);
export const favourites = () => listed(KEPT);
const same = (one, other) => one.system === other.system && one.code === other.code;

// The code system one works in: "" for all.
export function system() {
  try {
    return localStorage.getItem(SYSTEM) ?? "";
  } catch {
    return "";
  }
}

export const workIn = (name) => write(SYSTEM, name);

// Favourites and recent codes as a file that stays on this machine.
export function download(name, codes) {
  const cell = (text) => `"${(/^[=+\-@]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const lines = [["system", "code", "title"], ...codes.map((one) => [one.system, one.code, one.title ?? ""])];
  const text = lines.map((line) => line.map(cell).join(",")).join("\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text, "\n"], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function remember({ system, code, title }) {
  const here = { system, code, title };
  write(RECENT, JSON.stringify([here, ...recent().filter((one) => !same(one, here))].slice(0, MOST)));
}

function keep(button, { system, code, title }) {
  const here = { system, code, title };
  const others = favourites().filter((one) => !same(one, here));
  const kept = others.length === favourites().length;
  if (!write(KEPT, JSON.stringify(kept ? [here, ...others] : others))) return say("This browser keeps nothing");
  button.setAttribute("aria-pressed", kept);
  say(kept ? `${code} is a favourite` : `${code} is no favourite any more`);
}

export function forget(name) {
  localStorage.removeItem(name === "kept" ? KEPT : RECENT);
}

export function typing(element) {
  return element.matches?.("input:not([type=radio], [type=checkbox]), textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
  if (event.key === "/") {
    const box = document.querySelector("main [data-focus-key]") ?? document.querySelector("[data-focus-key]");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  } else if (event.key === "c" && getSelection().isCollapsed) { // what is selected within a box collapses to it
    const from = event.target.closest?.("[data-code]") ?? document.querySelector("[data-recent]");
    if (from) copy(from.dataset.code);
  }
});

document.addEventListener("click", (event) => {
  const copied = event.target.closest("[data-copy]");
  if (copied) copy(copied.dataset.copy);
  const link = event.target.closest("[data-copy-link]");
  if (link) {
    event.preventDefault();
    copy(link.href);
  }
  const table = event.target.closest("[data-copy-table]");
  if (table) {
    copyTable(document.getElementById(table.dataset.copyTable));
  }
});

const here = document.querySelector("[data-recent]");
if (here) {
  remember(here.dataset);
  const button = document.querySelector("[data-keep]");
  button?.setAttribute("aria-pressed", favourites().some((one) => same(one, here.dataset)));
  button?.addEventListener("click", () => keep(button, here.dataset));
}

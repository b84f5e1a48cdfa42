// What every page does: focus the search box on "/", copy codes, say what happened, remember recent codes.

const RECENT = "teneleven.recent";
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

export function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => one && one.system && one.code) : [];
  } catch {
    return [];
  }
}

function remember({ system, code, title }) {
  const kept = [{ system, code, title }, ...recent().filter((r) => r.system !== system || r.code !== code)];
  try {
    localStorage.setItem(RECENT, JSON.stringify(kept.slice(0, MOST)));
  } catch {
    // storage is off: nothing is remembered
  }
}

export function forget() {
  localStorage.removeItem(RECENT);
}

export function typing(element) {
  return element.matches?.("input:not([type=radio], [type=checkbox]), textarea, select");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
  if (event.key === "/") {
    const box = document.querySelector("[data-focus-key]");
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  } else if (event.key === "c" && !getSelection().toString()) {
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
if (here) remember(here.dataset);

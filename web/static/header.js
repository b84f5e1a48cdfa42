// The box at the head of every page: codes as one types, in the system one works in, with the keys of the first page.

import { system, workIn } from "./page.js";

const form = document.querySelector(".top-search");
const [choice, box, list] = [form.querySelector("select"), form.querySelector("input"), form.querySelector(".live")];
let wanted = "";
let opening = false;
let asking = null;

choice.value = [...choice.options].some((option) => option.value === system()) ? system() : "";
choice.addEventListener("change", () => {
  workIn(choice.value);
  ask();
});
box.addEventListener("input", ask);

async function ask() {
  wanted = box.value.trim();
  opening = false;
  asking?.abort();
  asking = new AbortController();
  if (!wanted) return show([]);
  const said = new URLSearchParams({ q: wanted, ...(choice.value && { system: choice.value }) });
  try {
    const answer = await fetch(`/api/v1/suggest?${said}`, { signal: asking.signal });
    const { results = [] } = await answer.json();
    if (said.get("q") === wanted) show(results);
  } catch {
    // an older question, or no server: the form still goes to the search page
  }
}

function show(results) {
  list.replaceChildren(...results.map(item));
  list.dataset.query = wanted;
  list.hidden = results.length === 0;
  if (opening) openFirst();
}

function item({ system: of, code, title }) {
  const link = Object.assign(document.createElement("a"), {
    href: `/code/${encodeURIComponent(of)}/${encodeURIComponent(code)}`,
  });
  link.dataset.code = code;
  const name = [...choice.options].find((option) => option.value === of)?.text ?? of;
  link.append(part("code", code), part("title", title), part(`tag sys-${of}`, name));
  const line = document.createElement("li");
  line.append(link);
  return line;
}

function part(name, text) {
  return Object.assign(document.createElement("span"), { className: name, textContent: text });
}

function openFirst() {
  const first = list.querySelector("a");
  if (first) location.assign(first.href);
  else form.submit();
}

form.addEventListener("submit", (event) => {
  if (!box.value.trim()) return;
  event.preventDefault();
  opening = true; // results still on their way open when they arrive
  if (list.dataset.query === box.value.trim()) openFirst();
  else if (wanted !== box.value.trim()) form.submit();
});

form.addEventListener("keydown", (event) => {
  const links = [...list.querySelectorAll("a")];
  const now = links.indexOf(event.target);
  if (event.key === "Escape") {
    if (event.target === box) box.value = "";
    list.hidden = event.target === box;
    box.focus();
  } else if (event.target !== choice && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    const next = now + (event.key === "ArrowDown" ? 1 : -1);
    if (next >= links.length || (now < 0 && event.key === "ArrowUp")) return;
    event.preventDefault();
    if (next < 0) box.focus();
    else links[next].focus();
  }
});

form.addEventListener("focusin", () => {
  if (list.children.length && list.dataset.query === box.value.trim()) list.hidden = false;
});
document.addEventListener("focusin", (event) => {
  if (!form.contains(event.target)) list.hidden = true;
});
document.addEventListener("pointerdown", (event) => {
  if (!form.contains(event.target)) list.hidden = true;
});

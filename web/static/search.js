// Search by keyboard: arrows walk from the box through the results and back; recent codes are listed.

import { download, favourites, forget, recent, system, typing, workIn } from "./page.js";

const box = document.getElementById("q");
const results = document.getElementById("results");
const OWN = { kept: favourites, recent };
let opening = "";

function stops() {
  return [...results.querySelectorAll(".hit, .recent a")];
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (event.target !== box && typing(event.target)) return;
    if (event.target.matches("input[type=radio]")) return;
    const all = stops();
    const now = all.indexOf(event.target.closest("li")?.querySelector(".hit, a"));
    const next = now + (event.key === "ArrowDown" ? 1 : -1);
    if (event.target === box && event.key === "ArrowUp") return;
    event.preventDefault();
    if (next < 0) box.focus();
    else all[Math.min(next, all.length - 1)]?.focus();
  } else if (/^[1-9]$/.test(event.key) && !typing(event.target)) {
    const choice = results.querySelector(`[data-refine-key="${event.key}"]`);
    if (choice) {
      event.preventDefault();
      choice.click();
    }
  } else if (event.key === "Escape" && event.target !== box) {
    box.focus();
    box.select();
  } else if (event.key === "Enter" && event.target === box) {
    opening = box.value.trim(); // results still on their way open when they arrive
    if (results.dataset.query === opening) {
      event.preventDefault();
      openFirst();
    }
  }
});

box.addEventListener("input", () => (opening = ""));

document.addEventListener("htmx:afterSwap", () => {
  settled();
});

results.addEventListener("click", (event) => {
  const { forget: forgotten, download: taken } = event.target.closest("button")?.dataset ?? {};
  if (forgotten) {
    forget(forgotten);
    listOwn();
  }
  if (taken) download(`${taken}.csv`, OWN[taken]());
});

function openFirst() {
  const first = results.querySelector(".hit");
  if (first && opening === results.dataset.query) location.assign(first.href);
  opening = "";
}

function settled() {
  results.dataset.query = new URLSearchParams(location.search).get("q")?.trim() ?? box.value.trim();
  if (opening && opening === results.dataset.query) openFirst();
  document.body.classList.toggle("bare", results.querySelector(".start") !== null);
  listOwn();
}

function listOwn() {
  for (const name of Object.keys(OWN)) listCodes(name, OWN[name]());
}

function listCodes(name, codes) {
  const place = document.getElementById(name);
  if (!place) return;
  const list = place.querySelector("ul");
  list.replaceChildren(
    ...codes.map(({ system, code, title }) => {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = `/code/${encodeURIComponent(system)}/${encodeURIComponent(code)}`;
      link.dataset.code = code;
      const shown = document.createElement("span");
      shown.className = "code";
      shown.textContent = code;
      link.append(shown, ` ${title ?? ""}`);
      item.append(link);
      return item;
    }),
  );
  place.hidden = list.children.length === 0;
}

// The system one works in is chosen when the page is opened bare, and remembered when it is changed.
const tabs = [...document.querySelectorAll('#search input[name="system"]')];
for (const tab of tabs) tab.addEventListener("change", () => workIn(tab.value));
if (!location.search) (tabs.find((tab) => tab.value === system()) ?? tabs[0]).checked = true;

settled();

// The ARIA tree pattern over a plain nested list of links; branches are fetched when they are first opened.

import { say } from "./page.js";

const SCREEN = 10;
const tree = document.getElementById("tree");

function adorn(list) {
  list.setAttribute("role", list === tree ? "tree" : "group");
  for (const item of list.children) {
    item.setAttribute("role", "none");
    const node = item.querySelector(":scope > .row > .node");
    const twist = item.querySelector(":scope > .row > .twist");
    node.setAttribute("role", "treeitem");
    node.tabIndex = -1;
    twist.setAttribute("aria-hidden", "true");
    twist.removeAttribute("aria-label");
    twist.tabIndex = -1;
    if (!twist.classList.contains("leaf")) node.setAttribute("aria-expanded", item.classList.contains("open"));
    const branch = item.querySelector(":scope > ul");
    if (branch) own(node, branch);
  }
}

function own(node, branch) {
  branch.id ||= `branch-${node.dataset.code}`.replace(/[^\w-]/g, "_");
  node.setAttribute("aria-owns", branch.id);
  adorn(branch);
}

async function open(item, keeps = true) {
  const node = item.querySelector(":scope > .row > .node");
  if (!node.hasAttribute("aria-expanded")) return;
  if (!item.querySelector(":scope > ul")) {
    if (item.classList.contains("busy")) return;
    item.classList.add("busy");
    const address = new URL(tree.dataset.children, location.href);
    address.searchParams.set("of", node.dataset.code);
    try {
      const answer = await fetch(address, { headers: { "HX-Request": "true" } });
      if (!answer.ok) throw new Error(answer.status);
      const branch = document.createElement("ul");
      branch.innerHTML = await answer.text();
      item.append(branch);
      own(node, branch);
    } catch {
      say(`${node.dataset.code} could not be opened`);
      return;
    } finally {
      item.classList.remove("busy");
    }
  }
  item.classList.add("open");
  item.querySelector(":scope > ul").hidden = false;
  node.setAttribute("aria-expanded", "true");
  if (keeps) keepPlace(node);
}

function close(item) {
  const node = item.querySelector(":scope > .row > .node");
  item.classList.remove("open");
  item.querySelector(":scope > ul").hidden = true;
  node.setAttribute("aria-expanded", "false");
  keepPlace(node);
}

function keepPlace(node) {
  const address = new URL(location.href);
  address.searchParams.set("at", node.dataset.code);
  history.replaceState(history.state, "", address);
}

function visible() {
  return [...tree.querySelectorAll(".node")].filter((node) => !node.closest("ul[hidden]"));
}

function go(node) {
  if (!node) return;
  for (const other of tree.querySelectorAll('.node[tabindex="0"]')) other.tabIndex = -1;
  node.tabIndex = 0;
  node.focus();
}

tree.addEventListener("click", (event) => {
  const twist = event.target.closest(".twist");
  if (!twist || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const item = twist.closest("li");
  go(item.querySelector(".node"));
  if (item.classList.contains("open")) close(item);
  else open(item);
});

let typed = "";
let typedAt = -Infinity;

tree.addEventListener("keydown", async (event) => {
  const node = event.target.closest(".node");
  if (!node || event.ctrlKey || event.metaKey || event.altKey) return;
  const item = node.closest("li");
  const expanded = node.getAttribute("aria-expanded");
  const all = visible();
  const at = all.indexOf(node);
  const moves = {
    ArrowDown: () => go(all[at + 1]),
    ArrowUp: () => go(all[at - 1]),
    Home: () => go(all[0]),
    End: () => go(all.at(-1)),
    PageDown: () => go(all[Math.min(at + SCREEN, all.length - 1)]),
    PageUp: () => go(all[Math.max(at - SCREEN, 0)]),
    "*": () => [...item.parentElement.children].forEach((one) => open(one, false)),
    ArrowRight: () => (expanded === "false" ? open(item) : expanded === "true" && go(item.querySelector(":scope > ul .node"))),
    ArrowLeft: () => (expanded === "true" ? close(item) : go(item.parentElement.closest("li")?.querySelector(".node"))),
    " ": () => (expanded === "true" ? close(item) : open(item)),
  };
  if (moves[event.key]) {
    event.preventDefault();
    moves[event.key]();
  } else if (/^[A-Za-z0-9.]$/.test(event.key)) {
    const begins = event.timeStamp - typedAt > 700;
    if (begins && event.key === "c") return; // copies; within a word, or as C, it is a letter
    event.preventDefault();
    typed = begins ? event.key : typed + event.key;
    typedAt = event.timeStamp;
    const wanted = typed.toLowerCase();
    go([...all.slice(at + (typed.length === 1 ? 1 : 0)), ...all].find((n) => n.textContent.trim().toLowerCase().startsWith(wanted)));
  }
});

adorn(tree);
const here = tree.querySelector('[aria-current="true"]') ?? tree.querySelector(".node");
if (here) {
  here.tabIndex = 0;
  if (here.hasAttribute("aria-current")) here.scrollIntoView({ block: "center" });
}

// The impact form: drop a file, see progress, keep the report on the page; download a table as CSV.

import { say } from "./page.js";

const form = document.getElementById("impact");
const drop = document.getElementById("drop");
const file = document.getElementById("file");
const progress = document.getElementById("progress");
const report = document.getElementById("report");

for (const name of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
    if (name === "drop" && event.dataTransfer.files.length) {
      file.files = event.dataTransfer.files;
      form.requestSubmit();
    }
  });
}

form.addEventListener("submit", (event) => {
  const wanted = event.submitter?.name === "format" ? event.submitter.value : "";
  if (wanted) return; // the browser downloads it
  event.preventDefault();
  const request = new XMLHttpRequest();
  request.open("POST", form.action);
  request.setRequestHeader("HX-Request", "true");
  request.upload.onprogress = (sent) => show("Sending", sent.lengthComputable ? sent.loaded / sent.total : null);
  request.upload.onload = () => show("Measuring", null);
  request.onload = () => {
    progress.replaceChildren();
    report.innerHTML = request.responseText;
    say(request.status === 200 ? "The report is ready" : "The file could not be read");
    report.scrollIntoView();
  };
  request.onerror = () => (progress.textContent = "The server did not answer.");
  request.send(new FormData(form));
});

function show(what, part) {
  const bar = document.createElement("progress");
  bar.setAttribute("aria-label", what);
  if (part !== null) bar.value = part;
  progress.replaceChildren(`${what} …`, bar);
}

document.addEventListener("click", (event) => {
  const table = event.target.closest("[data-csv]")?.dataset.csv;
  if (table) save(`${table.replace(/-t$/, "")}.csv`, "text/csv", ["\ufeff", asCsv(document.getElementById(table))]);
  const chart = event.target.closest("[data-svg]");
  if (chart) save(`${chart.dataset.svg}.svg`, "image/svg+xml", [asSvg(chart.closest("figure").querySelector("svg"))]);
});

function save(name, type, parts) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(parts, { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

// A cell as a program reads it: 1,234 is 1234, and 12.5% is 0.125.
function plain(cell) {
  const text = cell.textContent.trim();
  if (!cell.matches("td.n")) return text;
  const bare = text.replaceAll(",", "");
  return bare.endsWith("%") ? String(Number((Number(bare.slice(0, -1)) / 100).toFixed(6))) : bare;
}

function asCsv(table) {
  const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return [...table.rows].map((row) => [...row.cells].map((cell) => quoted(plain(cell))).join(",")).join("\r\n");
}

// The drawing by itself: what the style sheet says becomes attributes, in the colours of paper.
function asSvg(drawn) {
  drawn.style.colorScheme = "light";
  const alone = drawn.cloneNode(true);
  alone.removeAttribute("style");
  alone.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const shapes = drawn.querySelectorAll("*");
  alone.querySelectorAll("*").forEach((shape, at) => {
    const style = getComputedStyle(shapes[at]);
    for (const name of ["fill", "stroke", "font-family", "font-size"]) shape.setAttribute(name, style.getPropertyValue(name));
  });
  drawn.style.colorScheme = "";
  return new XMLSerializer().serializeToString(alone);
}

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
  const button = event.target.closest("[data-csv]");
  if (!button) return;
  const quoted = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const rows = [...document.getElementById(button.dataset.csv).rows];
  const text = rows.map((row) => [...row.cells].map((cell) => quoted(cell.textContent.trim())).join(",")).join("\r\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  link.download = `${button.dataset.csv.replace(/-t$/, "")}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
});

// A report's tables: a heading sorts the rows that are shown; a button opens the whole annex.

function begin(root = document) {
  for (const table of root.querySelectorAll("table.sorts:not([data-sorts])")) {
    table.dataset.sorts = "yes";
    for (const head of table.tHead.rows[0].cells) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "sort";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, head));
      head.append(button);
    }
  }
  const place = root.querySelector(".unfold:empty");
  if (!place) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  button.textContent = "Open all";
  button.addEventListener("click", () => {
    const folded = [...document.querySelectorAll("details.annex")];
    const open = folded.some((one) => !one.open);
    for (const one of folded) one.open = open;
    button.textContent = open ? "Fold all" : "Open all";
  });
  place.append(button);
}

function sort(table, head) {
  const at = head.cellIndex;
  const numbers = head.classList.contains("n");
  const down = head.getAttribute("aria-sort") ? head.getAttribute("aria-sort") === "ascending" : numbers;
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const value = (row) => {
    const text = row.cells[at].textContent.trim();
    const number = parseFloat(text.replace(/[,%]/g, ""));
    return numbers ? (Number.isNaN(number) ? -Infinity : number) : text;
  };
  const order = (a, b) => (numbers ? a - b : a.localeCompare(b, "en", { numeric: true }));
  const rows = [...table.tBodies[0].rows].map((row) => [value(row), row]);
  rows.sort(([a], [b]) => (down ? order(b, a) : order(a, b)));
  table.tBodies[0].append(...rows.map(([, row]) => row));
}

begin();
new MutationObserver(() => begin()).observe(document.body, { childList: true, subtree: true });

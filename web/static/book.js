// Walk the index by keyboard: up and down through links, across the cells of a table.

import { typing } from "./page.js";

const place = document.getElementById("book");
const box = document.querySelector("[data-walk-from]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target !== box && typing(event.target)) return;
  const next = step(event);
  if (!next) return;
  event.preventDefault();
  next.focus();
});

function step({ key, target }) {
  const links = [...place.querySelectorAll("[data-walk]")];
  if (key === "Escape") return target === box ? null : box;
  if (target === box) return key === "ArrowDown" ? links[0] : null;
  if (!place.contains(target)) return null;
  const cell = target.closest("td, th");
  if (key === "ArrowLeft" || key === "ArrowRight") return cell && beside(cell, key === "ArrowLeft" ? -1 : 1);
  if (key !== "ArrowDown" && key !== "ArrowUp") return null;
  const way = key === "ArrowDown" ? 1 : -1;
  return cell ? inColumn(cell, way) : (links[links.indexOf(target) + way] ?? (way < 0 ? box : null));
}

function beside(cell, way) {
  const links = [...cell.parentElement.querySelectorAll("[data-walk]")];
  return links[links.indexOf(document.activeElement) + way];
}

// The same column of the next row that has a link there; else the nearest link of the next row.
function inColumn(cell, way) {
  const side = way > 0 ? "nextElementSibling" : "previousElementSibling";
  for (let row = cell.parentElement[side]; row; row = row[side]) {
    const link = row.cells[cell.cellIndex]?.querySelector("[data-walk]") ?? row.querySelector("[data-walk]");
    if (link) return link;
  }
  return way < 0 ? box : null;
}

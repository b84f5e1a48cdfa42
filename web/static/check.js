// Digit keys make the fixes of the same number; "Copy as text" copies what stands under "As text".
import { copy, typing } from "./page.js";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || typing(event.target)) return;
  const fix = /^[1-9]$/.test(event.key) && document.querySelector(`[data-fix-key="${event.key}"]`);
  if (fix) {
    event.preventDefault();
    fix.click();
  }
});

document.addEventListener("click", (event) => {
  const from = event.target.closest("[data-copy-from]");
  if (from) copy(document.getElementById(from.dataset.copyFrom).textContent);
});

// After a member is added or removed the next one can be typed at once, and what changed is said.

import { say } from "./page.js";

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id !== "built") return;
  document.querySelector("#adding input[type=search]").focus({ preventScroll: true });
  const verdict = document.querySelector("#b-h span")?.textContent.trim();
  say(verdict ? `${document.getElementById("expression").value}: ${verdict}` : "Nothing is chosen");
});

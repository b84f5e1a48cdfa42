const box = document.getElementById("dx");
const list = document.getElementById("codes");
box.addEventListener("input", async () => {
  const ask = new URL("/api/v1/suggest", box.dataset.server);
  ask.search = new URLSearchParams({ q: box.value, system: "icd-10-cm" });
  const { results } = await (await fetch(ask)).json();
  list.replaceChildren(...results.map(({ code, title }) => new Option(title, code)));
});

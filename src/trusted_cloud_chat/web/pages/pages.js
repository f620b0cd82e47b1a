// Enhances pages that work without scripts: the theme chosen in the chat, printing, and scrolling to quotes.
(() => {
  const THEME = "tcc-theme";
  const dress = () => (document.documentElement.dataset.theme = localStorage.getItem(THEME) ?? "");
  dress();
  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    button.hidden = false;
    button.addEventListener("click", () => {
      const chosen = localStorage.getItem(THEME) ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
      localStorage.setItem(THEME, chosen === "dark" ? "light" : "dark");
      dress();
    });
    document.querySelector(".views [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
    for (const print of document.querySelectorAll("button.print")) {
      print.hidden = false;
      print.addEventListener("click", () => window.print());
    }
    for (const chosen of document.querySelectorAll(".files input")) {
      const shown = chosen.parentElement.querySelector(".choose small");
      const none = shown.textContent;
      chosen.addEventListener("change", () => {
        const { length, 0: first } = chosen.files;
        shown.textContent = length > 1 ? chosen.dataset.many.replace("{n}", length) : (first?.name ?? none);
      });
    }
    follow();
    if (!location.hash) document.querySelector(".article mark")?.scrollIntoView({ block: "center" });
  });
  addEventListener("storage", dress);

  // Updates the progress of a run without reloading the page.
  async function follow() {
    const address = new URL(location.href);
    address.searchParams.delete("look"); // it would examine the installation each time
    while (document.querySelector("#run[data-running]")) {
      await new Promise((resolve) => setTimeout(resolve, 700));
      const answer = await fetch(address).catch(() => null);
      if (!answer?.ok) continue;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const run = page.getElementById("run");
      document.getElementById("run").replaceWith(run);
      // The index changes only at the end of the run; until then its form may be in use.
      if (!run.matches("[data-running]")) document.getElementById("index").replaceWith(page.getElementById("index"));
    }
  }
})();

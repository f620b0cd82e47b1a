// The tab « Marché »: cells and lines open their quotes, columns sort. No library, no request.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  let cameFrom = null;
  let lit = "";

  // The panel with the quote of a cell or a line; null where it is not on the page.
  function fill(opener) {
    const card = document.getElementById(opener.dataset.quote);
    const panel = $("#tcc-market-quote .tcc-shown");
    if (!card || !panel) return null;
    const copy = card.cloneNode(true);
    copy.removeAttribute("id");
    $(".tcc-holds", panel).replaceChildren(copy);
    panel.classList.add("tcc-open");
    for (const lit of $$(".tcc-lit", $("#tcc-market"))) lit.classList.remove("tcc-lit");
    opener.classList.add("tcc-lit");
    cameFrom = opener;
    lit = opener.dataset.quote;
    return panel;
  }

  function open(opener) {
    const panel = fill(opener);
    if (!panel) return;
    panel.focus({ preventScroll: true });
    $("#tcc-market-side").scrollTop = 0;
    // Where the quote lies over the page, what opened it is to stay in sight above.
    if (getComputedStyle($("#tcc-market-side")).position === "fixed") opener.scrollIntoView({ block: "start" });
  }

  function close() {
    const panel = $("#tcc-market-quote .tcc-open");
    if (!panel) return;
    lit = "";
    panel.classList.remove("tcc-open");
    $(".tcc-holds", panel).replaceChildren();
    for (const lit of $$(".tcc-lit", $("#tcc-market"))) lit.classList.remove("tcc-lit");
    if (cameFrom?.isConnected) cameFrom.focus();
  }

  function sort(button) {
    const head = button.closest("th");
    const place = [...head.parentNode.children].indexOf(head);
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentNode.children) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => row.children[place].dataset.sort;
    const rows = $$("tbody tr", head.closest("table"));
    const order = (a, b) => key(a).localeCompare(key(b), document.documentElement.lang);
    // What was not found stays last, whichever way the rest is turned.
    rows.sort((a, b) => (key(a) === "~") - (key(b) === "~") || (down ? order(b, a) : order(a, b)));
    rows[0].parentNode.replaceChildren(...rows);
  }

  function renewed() {
    // In another language panel and cards come anew.
    const opener = lit && $(`#tcc-market .tcc-opens[data-quote="${lit}"]`);
    if (opener && $("#tcc-market-quote .tcc-card")?.innerHTML !== document.getElementById(lit)?.innerHTML) fill(opener);
  }
  window.tccMend = [...(window.tccMend ?? []), renewed];

  document.addEventListener("click", (event) => {
    const at = event.target.closest?.("#tcc-market .tcc-opens, #tcc-market .tcc-sort, #tcc-market .tcc-close");
    if (!at) return;
    if (at.matches(".tcc-opens")) open(at);
    else if (at.matches(".tcc-sort")) sort(at);
    else close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target.closest?.("#tcc-market")) close();
  });
})();

// The reader of articles, and the panel of sources as a drawer on a narrow screen. No library, no request.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const narrow = matchMedia("(max-width: 960px)");
  const drawers = "popover" in HTMLElement.prototype; // else the panel stays below the conversation
  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  // The reader: a button says what it opens, the server answers with a dialog, which is shown once it stands on the page.
  let opener = null;
  let shown = "";

  const reader = () => $("#tcc-reading dialog");

  function askFor(button) {
    if (!reader()?.open) opener = button;
    button.setAttribute("aria-busy", "true");
    document.dispatchEvent(new CustomEvent("tcc-read", { detail: { ...button.dataset } }));
  }

  function show() {
    const dialog = reader();
    if (!dialog || dialog.dataset.nonce === shown) return;
    shown = dialog.dataset.nonce;
    for (const busy of document.querySelectorAll("[aria-busy].tcc-read-button")) busy.removeAttribute("aria-busy");
    opener ??= document.activeElement;
    if (dialog.open) dialog.close("again");
    dialog.returnValue = "";
    dialog.onclose = () => {
      if (dialog.returnValue === "again") return;
      if (opener?.isConnected) opener.focus({ preventScroll: true });
      opener = null;
    };
    dialog.showModal();
    dialog.scrollTop = 0;
    $("h2", dialog).focus({ preventScroll: true });
    // What must be known of the version comes before the first quote.
    const mark = $(".tcc-standing", dialog) ? null : $("mark", dialog);
    if (mark) mark.scrollIntoView({ block: "center" });
  }

  function jump(dialog, number) {
    for (const lit of dialog.querySelectorAll(".tcc-lit")) lit.classList.remove("tcc-lit");
    const marks = dialog.querySelectorAll(`mark[data-n~="${number}"]`);
    for (const mark of marks) mark.classList.add("tcc-lit");
    if (!marks[0]) return;
    marks[0].tabIndex = -1;
    marks[0].focus({ preventScroll: true });
    marks[0].scrollIntoView({ behavior: calm() ? "auto" : "smooth", block: "center" });
  }

  // The drawer: above everything, and what lies under it cannot be reached.
  let cameFrom = null;
  let asleep = [];

  const side = () => $("#tcc-side");
  const isOpen = () => drawers && (side()?.matches(":popover-open") ?? false);

  function openDrawer(from) {
    const panel = side();
    if (!panel || !drawers || !narrow.matches) return;
    cameFrom = from;
    if (isOpen()) return;
    panel.popover = "manual";
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-modal", "true");
    panel.setAttribute("aria-labelledby", "tcc-sources-title");
    panel.showPopover();
    for (let at = panel; at !== document.body; at = at.parentElement)
      asleep.push(...[...at.parentElement.children].filter((e) => e !== at && !e.inert && e.id !== "tcc-reading"));
    for (const element of asleep) element.inert = true;
  }

  function closeDrawer(back = true) {
    const panel = side();
    for (const element of asleep) element.inert = false;
    asleep = [];
    if (!panel) return;
    if (isOpen()) panel.hidePopover();
    for (const name of ["popover", "role", "aria-modal", "aria-labelledby"])
      if (!narrow.matches || name !== "popover") panel.removeAttribute(name);
    if (back && cameFrom?.isConnected) cameFrom.focus({ preventScroll: true });
    cameFrom = null;
  }

  // Before `page.js`, which goes to a card that must be in sight by then.
  function onClick(event) {
    const at = (selector) => event.target.closest?.(selector);
    const dialog = reader();
    if (at(".tcc-read-button")) return askFor(at(".tcc-read-button"));
    if (dialog?.open) {
      if (event.target === dialog || at(".tcc-shut")) return dialog.close();
      const number = at("[data-quote]")?.dataset.quote;
      return number ? jump(dialog, number) : undefined;
    }
    if (at("a.tcc-marker, a.tcc-to-sources")) return openDrawer(at("a"));
    if (!isOpen()) return;
    if (at(".tcc-back")) return closeDrawer(false);
    if (at(".tcc-shut") || !at("#tcc-side")) closeDrawer();
  }

  function onKey(event) {
    if (event.key !== "Escape" || (!isOpen() && !reader()?.open)) return;
    event.stopPropagation(); // it closes what is above, and does nothing else
    if (reader()?.open) return; // the browser closes it
    event.preventDefault();
    closeDrawer();
  }

  document.addEventListener("click", onClick, true);
  document.addEventListener("keydown", onKey, true);
  const start = () => {
    new MutationObserver(show).observe(document.body, { childList: true, subtree: true, attributeFilter: ["data-nonce"] });
    const ready = () => {
      const panel = side();
      if (!panel || !drawers || panel.hasAttribute("popover") === narrow.matches) return;
      if (narrow.matches) panel.popover = "manual";
      else closeDrawer(false);
    };
    narrow.addEventListener("change", ready);
    new MutationObserver(ready).observe(document.body, { childList: true, subtree: true });
    ready();
  };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();

// The panel of sources as a drawer on a narrow screen. No library, no request.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const narrow = matchMedia("(max-width: 960px)");
  const drawers = "popover" in HTMLElement.prototype; // else the panel stays below the conversation

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
      asleep.push(...[...at.parentElement.children].filter((e) => e !== at && !e.inert));
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
    if (at("a.tcc-marker, a.tcc-to-sources")) return openDrawer(at("a"));
    if (!isOpen()) return;
    if (at(".tcc-back")) return closeDrawer(false);
    if (at(".tcc-shut") || !at("#tcc-side")) closeDrawer();
  }

  function onKey(event) {
    if (event.key !== "Escape" || !isOpen()) return;
    event.stopPropagation(); // it closes what is above, and does nothing else
    event.preventDefault();
    closeDrawer();
  }

  document.addEventListener("click", onClick, true);
  document.addEventListener("keydown", onKey, true);
  const start = () => {
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

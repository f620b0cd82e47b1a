// The panel of sources: beside the answer on a wide screen, a drawer over it on a narrow one.
(() => {
  const narrow = matchMedia("(max-width: 960px)");
  const drawers = "popover" in HTMLElement.prototype; // otherwise the panel stays below the conversation

  const OPEN = "tcc-sources-open";
  let cameFrom = null;
  let asleep = [];

  const side = () => document.querySelector("#tcc-side");
  const isOpen = () => document.body.classList.contains(OPEN);
  const isDrawer = () => drawers && (side()?.matches(":popover-open") ?? false);

  // The drawer is modal; a panel beside the answer is not.
  function open(from) {
    const panel = side();
    if (!panel) return;
    cameFrom = from;
    document.body.classList.add(OPEN);
    if (!drawers || !narrow.matches || isDrawer()) return;
    Object.assign(panel, { popover: "manual", role: "dialog", ariaModal: "true" });
    panel.setAttribute("aria-labelledby", "tcc-sources-title");
    panel.showPopover();
    for (let at = panel; at !== document.body; at = at.parentElement)
      asleep.push(...[...at.parentElement.children].filter((e) => e !== at && !e.inert));
    for (const element of asleep) element.inert = true;
  }

  // When the screen becomes wide, an open drawer stays open as a panel.
  function leaveDrawer() {
    const panel = side();
    for (const element of asleep) element.inert = false;
    asleep = [];
    if (isDrawer()) panel.hidePopover();
    for (const name of ["popover", "role", "aria-modal", "aria-labelledby"])
      if (!narrow.matches || name !== "popover") panel?.removeAttribute(name);
  }

  // Focus returns to the citation, unless it has already left the panel.
  function close(back = true) {
    const within = isDrawer() || side()?.contains(document.activeElement);
    leaveDrawer();
    document.body.classList.remove(OPEN);
    if (back && within && cameFrom?.isConnected) cameFrom.focus({ preventScroll: true });
    cameFrom = null;
  }
  window.tccSources = { isOpen, open, close };

  // Runs before the handler in `page.js`, which scrolls to a card that must be visible by then.
  function onClick(event) {
    const at = (selector) => event.target.closest?.(selector);
    if (at("a.tcc-marker, a.tcc-to-sources")) return open(at("a"));
    if (at(".tcc-shut")) return close();
    if (!isDrawer()) return;
    if (at(".tcc-back")) return close(false);
    if (!at("#tcc-side")) close();
  }

  function onKey(event) {
    if (event.key !== "Escape" || !isDrawer()) return;
    event.stopPropagation(); // close the drawer only
    event.preventDefault();
    close();
  }

  document.addEventListener("click", onClick, true);
  document.addEventListener("keydown", onKey, true);
  const ready = () => {
    const panel = side();
    if (!panel || !drawers || panel.hasAttribute("popover") === narrow.matches) return;
    if (!narrow.matches) return leaveDrawer();
    panel.popover = "manual";
    close(false);
  };
  narrow.addEventListener("change", ready);
  (window.tccMend ??= []).push(ready);
})();

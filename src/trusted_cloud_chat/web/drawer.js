// The panel of sources: opened on demand beside the answer on a wide screen, over it on a narrow one. No library, no request.
(() => {
  const narrow = matchMedia("(max-width: 960px)");
  const drawers = "popover" in HTMLElement.prototype; // else the panel stays below the conversation

  const OPEN = "tcc-sources-open";
  let cameFrom = null;
  let asleep = [];

  const side = () => document.querySelector("#tcc-side");
  const isOpen = () => document.body.classList.contains(OPEN);
  const isDrawer = () => drawers && (side()?.matches(":popover-open") ?? false);

  // Beside the answer both can be used; the drawer is above everything, and what lies under it cannot be reached.
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

  // What is no drawer any more stays open as the panel that it is on a wide screen.
  function leaveDrawer() {
    const panel = side();
    for (const element of asleep) element.inert = false;
    asleep = [];
    if (isDrawer()) panel.hidePopover();
    for (const name of ["popover", "role", "aria-modal", "aria-labelledby"])
      if (!narrow.matches || name !== "popover") panel?.removeAttribute(name);
  }

  // The keyboard's place goes back to the citation; where it is elsewhere already it stays.
  function close(back = true) {
    const within = isDrawer() || side()?.contains(document.activeElement);
    leaveDrawer();
    document.body.classList.remove(OPEN);
    if (back && within && cameFrom?.isConnected) cameFrom.focus({ preventScroll: true });
    cameFrom = null;
  }
  window.tccSources = { isOpen, open, close };

  // Before `page.js`, which goes to a card that must be in sight by then.
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
    event.stopPropagation(); // it closes what is above, and does nothing else
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
  window.tccMend = [...(window.tccMend ?? []), ready];
})();

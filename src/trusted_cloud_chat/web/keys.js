// Keyboard shortcuts, the dialog that lists them, and the theme.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const OFF = "tcc-keys-off";
  const said = () => JSON.parse($("#tcc-said")?.dataset.said ?? "{}");
  const seen = (element) => Boolean(element?.checkVisibility?.());
  const types = (element) => Boolean(element?.matches?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=button])"));

  // Moves the focus to the next or the previous citation and highlights its card.
  function walk(step) {
    const markers = $$("#tcc-chat a.tcc-marker").filter(seen);
    if (!markers.length) return;
    const at = markers.indexOf(document.activeElement);
    const next = at < 0 ? (step > 0 ? 0 : markers.length - 1) : at + step;
    const marker = markers[Math.min(Math.max(next, 0), markers.length - 1)];
    marker.focus({ preventScroll: true });
    marker.scrollIntoView({ block: "nearest" });
    window.tccLight?.(marker);
  }

  // Returns whether there was something to close or stop.
  function leave() {
    if (document.body.classList.contains("tcc-shelf-open")) return window.tccShelf(false) ?? true;
    const menu = document.activeElement?.closest?.(".tcc-acts[open]");
    if (menu) {
      menu.open = false;
      $("summary", menu).focus();
      return true;
    }
    const stop = $("#tcc-stop");
    if (seen(stop)) return stop.click() ?? true;
    if (!$("#tcc-hint .tcc-active")) return window.tccSources.isOpen() && (window.tccSources.close() ?? true);
    $("#tcc-do-edit").click();
    return window.tccFocusQuestion(true) ?? true;
  }

  function dialog() {
    const words = said();
    $("#tcc-keys")?.remove();
    const open = Object.assign(document.createElement("dialog"), { id: "tcc-keys" });
    open.setAttribute("aria-labelledby", "tcc-keys-title");
    const make = (tag, text, parent, props = {}) => Object.assign(parent.appendChild(document.createElement(tag)), props, text === null ? {} : { textContent: text });
    make("h2", words.keys_title, open, { id: "tcc-keys-title" });
    const list = make("dl", null, open);
    for (const [keys, does] of Object.entries(words.keys)) {
      const term = make("dt", null, list);
      for (const key of keys.split(" ")) make("kbd", key, term);
      make("dd", does, list);
    }
    const label = make("label", null, open);
    const box = make("input", null, label, { type: "checkbox", checked: !localStorage.getItem(OFF) });
    label.append(` ${words.keys_letters}`);
    box.addEventListener("change", () => (box.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
    make("button", words.close, open, { type: "button", autofocus: true }).addEventListener("click", () => open.close());
    document.body.append(open);
    open.showModal();
  }

  // Light or dark as chosen last; by default the system's.
  const THEME = "tcc-theme";
  function dress() {
    const chosen = localStorage.getItem(THEME);
    if (chosen && document.body.classList.contains("dark") !== (chosen === "dark")) document.body.classList.toggle("dark");
  }
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#tcc-theme")) {
      localStorage.setItem(THEME, document.body.classList.contains("dark") ? "light" : "dark");
      dress();
    }
    if (event.target.closest?.(".tcc-skip")) {
      event.preventDefault();
      window.tccFocusQuestion(true);
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || $("dialog[open]")) return;
    if (event.key === "Escape") return leave() && event.preventDefault();
    if (types(event.target) || !seen($("#tcc-question"))) return;
    const letter = { "/": () => $("#tcc-question textarea").focus(), j: () => walk(1), k: () => walk(-1), "?": dialog }[event.key];
    if (!letter || (localStorage.getItem(OFF) && event.key !== "?")) return;
    event.preventDefault();
    letter();
  });
  (window.tccMend ??= []).push(dress);
})();

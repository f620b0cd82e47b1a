// Links between markers and cards, the page's language, and accessible names that Gradio leaves out.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  let cameFrom = null;

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const reveal = (element, block) => element.scrollIntoView({ behavior: calm() ? "auto" : "smooth", block });

  function showSection(section) {
    for (const other of $$(".tcc-sources")) other.hidden = other !== section;
  }

  // Highlights a card and the quote of its marker without moving the focus.
  function light(badge) {
    const card = badge.closest(".tcc-card");
    const number = badge.textContent;
    showSection(card.closest(".tcc-sources"));
    for (const lit of $$(".tcc-lit")) lit.classList.remove("tcc-lit");
    card.classList.add("tcc-lit");
    const marks = $$("mark", card).filter((mark) => mark.dataset.n.split(" ").includes(number));
    for (const mark of marks) mark.classList.add("tcc-lit");
    // What to scroll to: the whole card if it fits, otherwise the quoted words.
    return [card, card.offsetHeight > innerHeight * 0.7 && marks.length ? marks[0] : card];
  }

  function openCard(badge) {
    const [card, best] = light(badge);
    card.focus({ preventScroll: true });
    reveal(best, "center");
  }
  // Lights up a marker's card without moving the focus, if the panel is beside the conversation: a drawer would cover the marker.
  window.tccLight = (marker) => {
    const badge = document.getElementById(marker.getAttribute("href").slice(1));
    if (!badge || !matchMedia("(min-width: 961px)").matches) return;
    window.tccSources.open(marker);
    light(badge)[1].scrollIntoView({ block: "nearest" });
  };

  function onClick(event) {
    const asked = event.target.closest?.(".tcc-next button");
    if (asked) {
      window.tccFill("#tcc-question textarea", asked.textContent);
      setTimeout(() => $("#tcc-send")?.click(), 100);
      return;
    }
    const link = event.target.closest?.("a[href^='#']");
    if (!link || !link.matches(".tcc-marker, .tcc-to-sources, .tcc-back")) return;
    const target = document.getElementById(link.getAttribute("href").slice(1));
    if (!target) return;
    event.preventDefault();
    if (link.matches(".tcc-back")) {
      const again = cameFrom?.isConnected && target.contains(cameFrom) ? cameFrom : $("a", target);
      (again ?? target).focus({ preventScroll: true });
      reveal(target, "nearest");
      return;
    }
    cameFrom = link;
    if (link.matches(".tcc-marker")) return openCard(target);
    showSection(target);
    target.focus({ preventScroll: true });
    reveal(target, "start");
  }

  // Names what Gradio renders without a name, or with raw HTML as its name.
  function mend() {
    const header = $(".tcc-header");
    if (header) document.documentElement.lang = header.dataset.lang;
    const log = $("#tcc-chat [role=log]");
    const heading = $("#tcc-heading h2");
    if (log && heading && log.getAttribute("aria-label") !== heading.textContent)
      log.setAttribute("aria-label", heading.textContent);
    for (const message of $$("#tcc-chat [data-testid=user][aria-label], #tcc-chat [data-testid=bot][aria-label]"))
      message.removeAttribute("aria-label");
    const status = $("#tcc-as-of-status p");
    const field = $("#tcc-as-of input");
    if (status && field) {
      field.setAttribute("aria-describedby", status.id);
      field.setAttribute("aria-invalid", String(status.classList.contains("tcc-warning") && status.textContent !== ""));
    }
  }

  // Gradio 6.31 gives each radio button its own name: arrow keys do nothing, and screen readers cannot count the buttons. Fixed
  // immediately, because the next key may be pressed before the next frame.
  function group() {
    for (const choice of $$("fieldset input[type=radio]")) {
      const name = choice.closest("fieldset").id;
      if (choice.name !== name) choice.name = name;
    }
  }

  // Scrolls a new question to the top of the conversation, and the panel to its sources.
  let steps = 0;
  let shown = "";
  function follow() {
    const asked = $$(".tcc-question");
    for (const id of Object.keys(begun)) if (!$(`#${id} .tcc-searching`)) delete begun[id];
    const now = asked.length + $$(".tcc-meta, .tcc-answer .tcc-problem").length;
    // Again when the answer is complete: only then is there enough below the question to scroll.
    if (now > steps && asked.length) reveal(asked.at(-1), "start");
    steps = now;
    const section = $(".tcc-sources:not([hidden])")?.id ?? "";
    if (section !== shown && section === $$(".tcc-sources").at(-1)?.id) $("#tcc-side").scrollTop = 0;
    shown = section;
  }

  window.tccFocusQuestion = (always) => {
    const active = document.activeElement;
    if (always || !active || active === document.body || !active.checkVisibility?.()) $("#tcc-question textarea")?.focus();
  };

  // Shows the length of a question that comes near the limit; the server checks it again.
  function count(event) {
    const told = $("#tcc-counts");
    if (!told || !event.target.closest?.("#tcc-question")) return;
    const most = Number(told.dataset.most);
    const length = [...event.target.value.trim()].length;
    const over = length > most;
    const shown = length.toLocaleString(told.lang);
    const text = (over ? told.dataset.over : length > most * 0.9 ? told.dataset.near : "").replace("{length}", shown);
    told.classList.toggle("tcc-warning", over);
    event.target.setAttribute("aria-invalid", String(over));
    if (told.textContent !== text) told.textContent = text;
  }
  document.addEventListener("input", count);

  document.documentElement.lang = "fr";
  document.addEventListener("click", onClick);
  document.addEventListener("change", ({ target }) => {
    if (target.closest?.("#tcc-language")) localStorage.setItem("tcc-language", target.value);
  });

  // The time a question has taken so far, hidden from screen readers, which would announce every second.
  const begun = {};
  function tick() {
    const doing = $(".tcc-searching");
    if (!doing) return;
    const id = doing.closest(".tcc-answer").id;
    begun[id] ??= Date.now();
    const seconds = Math.floor((Date.now() - begun[id]) / 1000);
    if (seconds < 1) return;
    const made = { className: "tcc-elapsed", ariaHidden: "true" };
    const clock = $(".tcc-elapsed", doing) ?? doing.appendChild(Object.assign(document.createElement("span"), made));
    const text = ` ${seconds}\u00a0s`;
    if (clock.textContent !== text) clock.textContent = text;
  }

  let waiting = false;
  const later = () => {
    group();
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => {
      waiting = false;
      mend();
      follow();
      for (const more of window.tccMend ?? []) more();
    });
  };
  // Selects the text of a dropdown on focus, so that typing replaces it; Gradio would append.
  let entered = null;
  document.addEventListener("focusin", ({ target }) => {
    entered = target.matches?.("input[role=combobox], input[role=listbox]") ? target : null;
    entered?.select();
  });
  document.addEventListener("click", ({ target }) => {
    if (target === entered) target.select();
    entered = null;
  });

  const start = () => {
    setInterval(tick, 250);
    new MutationObserver(later).observe(document.body, {
      childList: true, subtree: true, characterData: true, attributeFilter: ["name"],
    });
    later();
  };
  // Gradio may add this script to a page that has already loaded.
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", start);
  else start();
})();

// The list of conversations, the menu of an answer, and drafts that survive a reload. Server side: `page.py`.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const keeper = window.tccKeeper;
  const CURRENT = "tcc-current";
  const DRAFT = "tcc-draft";
  const LONGEST_TITLE = 120;
  const UNDO_MS = 15000;
  // The filters that a link may set, in the order of the fields.
  const LINKED = ["as_of", "first", "last", "kind", "about"];
  let removed = null;
  const NEW = "new";
  let wanted = "";
  let editing = null;
  let lastAsked = "";
  const gone = new Set();

  const said = () => JSON.parse($("#tcc-said")?.dataset.said ?? "{}");
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const field = () => $("#tcc-question textarea");
  const current = () => sessionStorage.getItem(CURRENT) ?? "";
  const plain = (text) => text.normalize("NFD").replace(/\p{Mn}/gu, "").toLowerCase();

  function make(tag, props = {}, ...children) {
    const element = Object.assign(document.createElement(tag), props);
    element.append(...children);
    return element;
  }

  window.tccFill = (selector, text) => {
    const input = $(selector);
    if (!input) return;
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };
  // Puts an unanswered question back into the field, unless something has been typed or asked meanwhile.
  function putBack(question, tries = 40) {
    if (!question || field().value.trim()) return;
    const rendered = $$(".tcc-answer").at(-1)?.querySelector(".tcc-stopped, .tcc-problem");
    if (!rendered) return tries && setTimeout(putBack, 50, question, tries - 1);
    window.tccFill("#tcc-question textarea", question);
    field().select(); // typing replaces it
  }
  window.tccSay = (text, undo) => {
    const toast = $("#tcc-toast") ?? document.body.appendChild(make("div", { id: "tcc-toast", role: "status" }));
    toast.replaceChildren(text);
    if (undo) toast.append(" ", undo);
    toast.hidden = false;
    clearTimeout(window.tccSay.timer);
    window.tccSay.timer = setTimeout(() => (toast.hidden = true), undo ? UNDO_MS : 4000);
  };

  function titled([{ question }]) {
    const first = question.replace(/\s+/g, " ").trim();
    return first.length > LONGEST_TITLE ? `${first.slice(0, LONGEST_TITLE).trimEnd()}…` : first;
  }

  // Called by the events of `page.py`.

  // On a slow machine Gradio may hand over the value from before the last step: the field is read again until it has what was asked for.
  async function awaited(field, value, isNew) {
    for (let tries = 0; tries < 100 && !isNew(value); tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      value = $(`${field} textarea`).value;
    }
    return value;
  }
  let stamp = 0;
  window.tccStamp = () => String((stamp += 1));
  // The conversation, which follows the last stamp and a line break.
  const settled = async (kept) => (await awaited("#tcc-kept", kept, (one) => parseInt(one || 0) >= stamp)).replace(/^\d+\n/, "");
  window.tccKeep = (packed) => {
    if (!packed) return;
    const { name, exchanges } = JSON.parse(packed);
    if (gone.has(name)) return;
    const before = keeper.get(name);
    const title = titled(exchanges);
    // An unchanged conversation keeps its place in the list.
    if (before !== packed && !keeper.put(name, packed, title)) window.tccSay(said().full);
    // If the only question was edited, a conversation that was not renamed takes its title from the new question.
    const named = keeper.list().find((one) => one.name === name)?.title;
    if (before && named !== title && named === titled(JSON.parse(before).exchanges)) keeper.rename(name, title);
    sessionStorage.setItem(CURRENT, name);
    draw();
  };
  // The answer is complete, or has failed.
  window.tccSettled = async (kept) => {
    const packed = await settled(kept);
    window.tccKeep(packed);
    const last = packed ? JSON.parse(packed).exchanges.at(-1) : null;
    if (["failed", "stopped"].includes(last?.status)) putBack(last.question);
    window.tccFocusQuestion();
  };
  // Stores the conversation that is `left`; returns the one to show, « new », or nothing.
  window.tccOpening = async (left) => {
    await keeper.ready;
    window.tccKeep(await settled(left));
    const [opened, asks] = [wanted, new URLSearchParams(location.search).has("q")];
    wanted = "";
    if (opened === NEW || asks) sessionStorage.removeItem(CURRENT);
    else if (opened) sessionStorage.setItem(CURRENT, opened);
    draw();
    if (opened === NEW) return window.tccFocusQuestion(true) ?? NEW;
    if (asks) return "";
    await keeper.bring(current());
    return keeper.get(current()) ?? "";
  };
  window.tccWanted = () => acting;

  // The values of the fields, or Gradio's update of nothing: a field that the link does not name keeps what has been typed.
  window.tccLinked = () => {
    setTimeout(ask, 50); // once the fields have the values
    const link = new URLSearchParams(location.search);
    return LINKED.map((name) => link.get(name) ?? { __type__: "update" });
  };

  // For a link with a question: fills the field and sends it once.
  function ask() {
    const link = new URLSearchParams(location.search);
    const draft = sessionStorage.getItem(DRAFT);
    sessionStorage.removeItem(DRAFT);
    if (!link.has("q")) {
      if (draft && !field().value) window.tccFill("#tcc-question textarea", draft);
      return;
    }
    history.replaceState(null, "", location.pathname);
    window.tccFill("#tcc-question textarea", link.get("q"));
    setTimeout(() => $("#tcc-send")?.click(), 50);
  }

  // The list.

  const icon = (path) =>
    document.createRange().createContextualFragment(`<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${path}"></path></svg>`);
  const PEN = "M3 13l.6-3L10.8 2.8l2.4 2.4L6 12.4z";
  const BIN = "M3 4.5h10M6.5 4.5V3h3v1.5M4.5 4.5l.6 8.5h5.8l.6-8.5";

  function day(at) {
    const moment = new Date(at);
    if (Number.isNaN(moment.getTime())) return "";
    const today = moment.toDateString() === new Date().toDateString();
    const shape = today ? { hour: "2-digit", minute: "2-digit" } : { day: "numeric", month: "short", year: "numeric" };
    return moment.toLocaleString(document.documentElement.lang, shape);
  }

  function row(talk, words) {
    const item = make("li", { className: "tcc-talk" });
    item.dataset.name = talk.name;
    if (editing === talk.name) {
      item.append(make("input", { className: "tcc-talk-title", value: talk.title, maxLength: 120, ariaLabel: words.renaming }));
      return item;
    }
    const button = (part, props, ...children) => make("button", { type: "button", className: `tcc-talk-${part}`, ...props }, ...children);
    item.append(
      button("open", talk.name === current() && { ariaCurrent: "true" }, make("span", {}, talk.title), make("small", {}, day(talk.at))),
      button("rename", { ariaLabel: fill(words.rename, talk) }, icon(PEN)),
      button("remove", { ariaLabel: fill(words.remove, talk) }, icon(BIN)),
    );
    return item;
  }

  function matches(talk, sought) {
    if (!sought || plain(talk.title).includes(sought)) return true;
    try {
      const { exchanges } = JSON.parse(keeper.get(talk.name));
      return exchanges.some((one) => plain(`${one.question} ${one.answer?.answer ?? ""}`).includes(sought));
    } catch {
      return false;
    }
  }

  function draw() {
    const list = $(".tcc-shelf-list");
    // Do not redraw while a name is being typed.
    if (!list || (editing && document.activeElement?.matches(".tcc-talk-title"))) return;
    const words = said();
    const sought = plain($(".tcc-shelf-search").value.trim());
    const all = keeper.list();
    const shown = all.filter((talk) => matches(talk, sought));
    list.replaceChildren(...shown.map((talk) => row(talk, words)));
    const none = $(".tcc-shelf-none");
    none.textContent = all.length ? words.none_found : keeper.onServer ? words.none_yet_there : words.none_yet;
    none.hidden = shown.length > 0;
    $(".tcc-shelf-foot").textContent = keeper.onServer ? words.kept_there : words.kept_here;
    $(".tcc-shelf-foot").hidden = $(".tcc-shelf-search").hidden = all.length === 0;
    list.dataset.drawn = "1";
    const input = $(".tcc-talk-title", list);
    if (input && document.activeElement !== input) {
      input.focus();
      input.select();
    }
  }
  const focusOn = (name, part) => $$(".tcc-talk").find((item) => item.dataset.name === name)?.querySelector(part)?.focus();

  function rename(input, take) {
    const name = input.closest("li").dataset.name;
    const title = input.value.replace(/\s+/g, " ").trim();
    editing = null;
    if (take && title) keeper.rename(name, title);
    draw();
    focusOn(name, ".tcc-talk-rename");
  }

  async function remove(name) {
    await keeper.bring(name);
    // Delete only what « undo » can restore.
    if (keeper.get(name) === null) return;
    const talk = keeper.list().find((one) => one.name === name);
    removed = { ...talk, packed: keeper.get(name), wasOpen: name === current() };
    gone.add(name);
    keeper.remove(name);
    const words = said();
    const undo = make("button", { type: "button", className: "tcc-undo" }, words.undo);
    undo.addEventListener("click", restore);
    draw();
    window.tccSay(fill(words.removed, removed), undo);
    undo.focus();
    if (removed.wasOpen) $("#tcc-new").click();
  }

  function restore() {
    gone.delete(removed.name);
    keeper.put(removed.name, removed.packed, removed.title, removed.at);
    $("#tcc-toast").hidden = true;
    if (removed.wasOpen) openTalk(removed.name);
    draw();
    focusOn(removed.name, ".tcc-talk-open");
    removed = null;
  }

  function openTalk(name) {
    wanted = name;
    if (document.body.classList.contains("tcc-shelf-open")) toggle(false);
    $("#tcc-do-reopen").click();
  }

  function save(name, text, type) {
    const url = URL.createObjectURL(new Blob([text], { type }));
    make("a", { href: url, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  // The menu of an answer.

  let acting = "";
  function link(number) {
    const one = JSON.parse(keeper.get(current()) ?? "null")?.exchanges[number - 1];
    const query = new URLSearchParams({ q: one?.question ?? "" });
    for (const [name, value] of Object.entries(one?.asked ?? {})) if (value) query.set(name, value);
    return `${location.origin}${location.pathname}?${query}`;
  }
  function act(button) {
    const number = Number(button.closest(".tcc-answer").id.split("-")[1]);
    const what = button.dataset.act;
    if (what === "rate") return rate(button, number);
    button.closest("details").open = false;
    if (what === "again" || what === "edit") {
      $(`#tcc-do-${what}`).click();
      return window.tccFocusQuestion(true);
    }
    acting = `${number} ${what} ${Date.now()}`; // unique each time
    $("#tcc-do-act").click();
  }
  window.tccActed = async (given) => {
    const name = acting;
    const told = await awaited("#tcc-given", given, (one) => one.startsWith(`${name}\n`));
    if (!told.startsWith(`${name}\n`)) return;
    const [number, what] = name.split(" ");
    const text = told.slice(name.length + 1);
    if (!["export", "link", "text", "markdown"].includes(what)) return window.tccSay(text);
    if (what === "export") return text && save(`conversation-${new Date().toISOString().slice(0, 10)}.md`, text, "text/markdown");
    if (what !== "link") return text && toClipboard(text, said().copied);
    // A link to the stored answer; if it could not be stored, a link that asks the question again.
    toClipboard(text ? location.origin + text : link(Number(number)), text ? said().copied_link : said().copied_asks);
  };
  async function toClipboard(text, told) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // The clipboard API is missing over plain HTTP from another machine.
      const area = document.body.appendChild(make("textarea", { value: text, className: "tcc-sr" }));
      const back = document.activeElement;
      area.select();
      document.execCommand("copy");
      area.remove();
      back?.focus?.();
    }
    window.tccSay(told);
  }
  function actions() {
    const words = said();
    const answers = $$("#tcc-chat .tcc-answer");
    for (const answer of answers) {
      const whole = $(".tcc-meta, .tcc-stopped, .tcc-problem", answer) && !$(".tcc-searching", answer);
      const last = answer === answers.at(-1);
      const wantedActs = whole ? `${words.again}${last}` : "";
      const bar = $(".tcc-acts", answer);
      if ((bar?.dataset.for ?? "") === wantedActs) continue;
      bar?.remove();
      if (!whole) continue;
      const button = (act, text, choice) => {
        const made = make("button", { type: "button" }, text);
        Object.assign(made.dataset, { act, ...(choice && { choice }) });
        return made;
      };
      const group = (ariaLabel, ...children) => make("div", { role: "group", ariaLabel }, ...children);
      const acts = [["link", words.copy_link], ["text", words.copy_text], ["markdown", words.copy_markdown], ["export", words.export_talk]];
      if (last) acts.push(["again", words.again], ["edit", words.edit]);
      const name = fill(words.actions, { n: answer.id.split("-")[1] });
      const made = make("details", { className: "tcc-acts" }, make("summary", { ariaLabel: name }, "…"), group(name, ...acts.map((act) => button(...act))));
      made.dataset.for = wantedActs;
      if (answer.matches(".tcc-told")) made.append(group(words.rate, words.rate, button("rate", words.right, "right"), button("rate", words.to_correct, "wrong_answer")));
      made.addEventListener("toggle", () => made.open && made.scrollIntoView({ block: "nearest" }));
      answer.insertBefore(made, $(".tcc-next", answer));
    }
  }
  // Sent at once, and again with a comment.
  function rate(button, number) {
    const menu = button.closest("details");
    for (const one of $$("[data-choice]", menu)) one.ariaPressed = String(one === button);
    const send = (comment) => {
      acting = [number, button.dataset.choice, ...comment].join(" ");
      $("#tcc-do-act").click();
    };
    send([]);
    $("form", menu)?.remove();
    const words = said();
    const input = make("input", { type: "text", maxLength: 2000, placeholder: words.comment_placeholder, ariaLabel: words.comment });
    const form = make("form", {}, input, make("button", {}, words.send_comment));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!input.value.trim()) return;
      send([input.value.trim()]);
      form.remove();
      menu.open = false;
      window.tccFocusQuestion(true);
    });
    menu.append(form);
    form.scrollIntoView({ block: "nearest" });
  }

  function onClick(event) {
    // A tap beside the list closes it; clicks by scripts do not count.
    if (isShelfOpen() && event.isTrusted && !event.target.closest?.("#tcc-shelf, #tcc-toggle, #tcc-toast")) return toggle(false);
    const button = event.target.closest?.("button");
    if (!button) return;
    const name = button.closest(".tcc-talk")?.dataset.name;
    if (button.matches(".tcc-talk-open")) openTalk(name);
    else if (button.matches(".tcc-talk-rename")) (editing = name), draw();
    else if (button.matches(".tcc-talk-remove")) remove(name);
    else if (button.matches("#tcc-toggle, .tcc-shelf-close")) toggle();
    else if (button.matches("#tcc-new")) {
      wanted = NEW;
      if (isShelfOpen()) toggle(false);
    }
    else if (button.matches("[data-act]")) act(button);
    if (button.matches("#tcc-send")) lastAsked = field().value;
  }
  const isShelfOpen = () => document.body.classList.contains("tcc-shelf-open");
  function toggle(open) {
    document.body.classList.toggle("tcc-shelf-open", open);
    const isOpen = isShelfOpen();
    const beside = ["#tcc-toggle", "#tcc-person", "#tcc-language", "#tcc-theme", ".tcc-pages", "#tcc-talk", "#tcc-side"];
    for (const part of beside) $(part)?.toggleAttribute("inert", isOpen);
    if (isOpen) requestAnimationFrame(() => $("#tcc-new").focus());
    else $("#tcc-toggle")?.focus();
  }
  window.tccShelf = toggle;

  document.addEventListener("click", onClick);
  document.addEventListener("input", async (event) => {
    if (!event.target.matches?.(".tcc-shelf-search")) return;
    await keeper.bring();
    draw();
  });
  document.addEventListener("focusout", (event) => {
    if (event.target.matches?.(".tcc-talk-title") && editing) rename(event.target, true);
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.target.matches?.(".tcc-talk-title") && ["Enter", "Escape"].includes(event.key)) {
        rename(event.target, event.key === "Enter");
        // The focus moves to a button, which the same key would press.
        event.stopPropagation();
        event.preventDefault();
      } else if (event.target === field() && event.key === "Enter" && !event.shiftKey) lastAsked = field().value;
    },
    true,
  );
  addEventListener("storage", (event) => event.key === "tcc-talks" && draw());
  // A draft, or a question without an answer yet, is restored after a reload.
  addEventListener("pagehide", () => {
    const typed = field()?.value.trim() || ($(".tcc-searching, #tcc-chat .tcc-answer:not(:has(.tcc-meta, .tcc-problem, .tcc-stopped))") ? lastAsked : "");
    if (typed) sessionStorage.setItem(DRAFT, typed);
  });

  keeper.ready.then(draw);
  (window.tccMend ??= []).push(() => {
    const list = $(".tcc-shelf-list");
    if (list && !list.dataset.drawn && keeper.bring) draw();
    actions();
  });
})();

// Shows the place in the queue and that the queue is full, and leads to sign-in when a session has ended.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const WORTH_TELLING_MS = 500;
  let since = 0;
  let full = false;

  // « 3e », "3rd".
  function ordinal(place, words) {
    const ends = Object.fromEntries(words.queue_ends.split(" ").map((end) => end.split(":")));
    const rules = new Intl.PluralRules(document.documentElement.lang, { type: "ordinal" });
    return `${place}${ends[rules.select(place)] ?? ends.other}`;
  }

  // Reads the place from Gradio's own text, which is hidden.
  function tell() {
    const told = $("#tcc-queue");
    if (!told) return;
    const found = $("#tcc-queue-place [data-testid='status-tracker']")?.textContent.match(/(\d+)\/\d+/);
    const words = JSON.parse($("#tcc-said")?.dataset.said ?? "{}");
    since = found ? since || Date.now() : 0;
    const waits = found && Date.now() - since > WORTH_TELLING_MS;
    const text = full ? words.queue_full : waits ? words.queue.replace("{n}", ordinal(Number(found[1]), words)) : "";
    if (told.textContent !== text) told.textContent = text ?? "";
    told.classList.toggle("tcc-warning", full);
  }

  const fetched = window.fetch.bind(window);
  window.fetch = async (asked, given) => {
    const answer = await fetched(asked, given);
    const address = new URL(asked.url ?? asked, location.href);
    const method = given?.method ?? asked.method ?? "GET";
    if (address.origin !== location.origin || method === "GET") return answer;
    if (answer.status === 401) {
      // The draft is restored afterwards, as after a reload. The promise never settles: this page is being left.
      location.assign(`/login?${new URLSearchParams({ next: location.pathname + location.search, ended: "1" })}`);
      return new Promise(() => {});
    }
    if (!address.pathname.endsWith("/queue/join")) return answer;
    full = answer.status === 503;
    tell();
    // Gradio would report it in English and go on as if there were an answer; with this response it stops silently.
    return full ? Response.json({ detail: [] }, { status: 422 }) : answer;
  };
  (window.tccMend ??= []).push(tell);
})();

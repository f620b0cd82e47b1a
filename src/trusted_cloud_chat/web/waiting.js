// What the server says of the page's own requests: one's place in the queue, that the queue is full, that one must sign in anew.
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

  // Gradio tells the place in its own words, which are hidden; they change as long as one waits.
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
      // What is typed comes back after it, as after a reload. Nothing else happens on the page that is left.
      location.assign(`/login?${new URLSearchParams({ next: location.pathname + location.search, ended: "1" })}`);
      return new Promise(() => {});
    }
    if (!address.pathname.endsWith("/queue/join")) return answer;
    full = answer.status === 503;
    tell();
    // Gradio would say it in English, and go on as if there were an answer. This form of it says nothing and ends there.
    return full ? Response.json({ detail: [] }, { status: 422 }) : answer;
  };
  window.tccMend = [...(window.tccMend ?? []), tell];
})();

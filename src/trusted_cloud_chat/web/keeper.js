// Stores conversations in this browser, or on the server for signed-in people, with the same methods. Call `bring` before `get`.
// Stored conversations are text and never become markup here.
(() => {
  const INDEX = "tcc-talks";
  const MOST = 200;
  const SERVER = "/conversations";
  const newestFirst = (a, b) => (a.at < b.at ? 1 : -1);
  const key = (name) => `tcc-talk:${name}`;

  function index() {
    try {
      const read = JSON.parse(localStorage.getItem(INDEX)) ?? {};
      return Object.fromEntries(
        Object.entries(read).filter(([, one]) => typeof one?.title === "string" && typeof one?.at === "string"),
      );
    } catch {
      return {};
    }
  }

  function drop(talks, name) {
    localStorage.removeItem(key(name));
    delete talks[name];
  }

  // Returns whether there was room. Otherwise the oldest conversations are evicted, never the one being written.
  function write(name, packed, talks) {
    let made = true;
    for (;;) {
      try {
        localStorage.setItem(key(name), packed);
        localStorage.setItem(INDEX, JSON.stringify(talks));
        return made;
      } catch {
        const oldest = Object.keys(talks).filter((other) => other !== name).sort((a, b) => (talks[a].at < talks[b].at ? -1 : 1))[0];
        if (!oldest) return false;
        drop(talks, oldest);
        made = false;
      }
    }
  }

  const inBrowser = {
    bring: async () => {},
    list: () => Object.entries(index()).map(([name, { title, at }]) => ({ name, title, at })).sort(newestFirst),
    get: (name) => (name ? localStorage.getItem(key(name)) : null),
    put(name, packed, title, at) {
      const talks = index();
      talks[name] = { title: talks[name]?.title ?? title, at: at ?? new Date().toISOString() };
      const old = Object.keys(talks).sort((a, b) => newestFirst(talks[a], talks[b])).slice(MOST);
      for (const other of old) drop(talks, other);
      return write(name, packed, talks);
    },
    rename(name, title) {
      const talks = index();
      if (!talks[name]) return;
      talks[name].title = title;
      localStorage.setItem(INDEX, JSON.stringify(talks));
    },
    remove(name) {
      const talks = index();
      drop(talks, name);
      localStorage.setItem(INDEX, JSON.stringify(talks));
    },
  };

  // A copy of the server's list. Changes are sent one after the other; texts are fetched on demand.
  function onServer(talks) {
    const index = new Map(talks.map((one) => [one.name, one]));
    const texts = new Map();
    let last = Promise.resolve();
    const said = (what) => window.tccSay(JSON.parse(document.querySelector("#tcc-said").dataset.said)[what]);
    function send(method, name, given = {}) {
      const body = JSON.stringify(given);
      // `keepalive` sends small bodies even while the page is being closed.
      const sent = () => fetch(`${SERVER}/${name}`, { method, body, headers: { "Content-Type": "application/json" }, keepalive: body.length < 30000 });
      last = last.then(sent).then((answer) => (answer.ok ? answer.json() : Promise.reject())).catch(() => said("not_sent"));
      return last;
    }
    async function bring(name) {
      await last;
      if (name && (texts.has(name) || !index.has(name))) return;
      if (!name && [...index.keys()].every((one) => texts.has(one))) return;
      const answer = await fetch(name ? `${SERVER}/${name}` : `${SERVER}?texts=1`);
      if (!answer.ok) return said("not_brought");
      const read = await answer.json();
      for (const one of name ? [{ name, packed: read }] : read) if (one.packed) texts.set(one.name, one.packed);
    }
    return {
      bring,
      onServer: true,
      list: () => [...index.values()].sort(newestFirst),
      get: (name) => texts.get(name) ?? null,
      put(name, packed, title, at) {
        const talk = { title: index.get(name)?.title ?? title, at: at ?? new Date().toISOString() };
        index.set(name, { name, ...talk });
        texts.set(name, packed);
        send("PUT", name, { ...talk, packed }).then((gone) => {
          for (const other of gone ?? []) index.delete(other), texts.delete(other);
          if (gone?.length) said("full_there");
        });
        return true;
      },
      rename(name, title) {
        if (!index.has(name)) return;
        index.set(name, { ...index.get(name), title });
        send("PATCH", name, { title });
      },
      remove(name) {
        index.delete(name);
        texts.delete(name);
        send("DELETE", name);
      },
    };
  }

  // The list is empty until the server has reported whether a person is signed in.
  window.tccKeeper = { list: () => [], get: () => null };
  window.tccKeeper.ready = fetch(SERVER)
    .then((answer) => (answer.ok ? answer.json() : []))
    .catch(() => null)
    .then((talks) => Object.assign(window.tccKeeper, talks ? onServer(talks) : inBrowser));
})();

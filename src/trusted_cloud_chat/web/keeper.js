// Where conversations stay: this browser. `web/kept.py` names the verbs; a keeper on a server would have the same. What is kept is
// text: nothing of it ever becomes markup here.
(() => {
  const INDEX = "tcc-talks";
  const MOST = 200;
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

  // Whether there was room; the oldest gives way, never the one that is written.
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
        localStorage.removeItem(key(oldest));
        delete talks[oldest];
        made = false;
      }
    }
  }

  window.tccKeeper = {
    list: () =>
      Object.entries(index())
        .map(([name, one]) => ({ name, title: one.title, at: one.at }))
        .sort((a, b) => (a.at < b.at ? 1 : -1)),
    get: (name) => (name ? localStorage.getItem(key(name)) : null),
    put(name, packed, title, at) {
      const talks = index();
      talks[name] = { title: talks[name]?.title ?? title, at: at ?? new Date().toISOString() };
      const old = Object.keys(talks).sort((a, b) => (talks[a].at < talks[b].at ? 1 : -1)).slice(MOST);
      for (const other of old) {
        localStorage.removeItem(key(other));
        delete talks[other];
      }
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
      delete talks[name];
      localStorage.removeItem(key(name));
      localStorage.setItem(INDEX, JSON.stringify(talks));
    },
  };
})();

// The tab « Marché »: cells and points open their quotes, columns sort, tables and plots become pictures. No library, no request.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  let cameFrom = null;
  let lit = "";

  // The panel with the quote of a cell or a point; null where it is not on the page.
  function fill(opener) {
    const card = document.getElementById(opener.dataset.quote);
    const panel = $("#tcc-market-quote .tcc-shown");
    if (!card || !panel) return null;
    const copy = card.cloneNode(true);
    copy.removeAttribute("id");
    $(".tcc-holds", panel).replaceChildren(copy);
    panel.classList.add("tcc-open");
    for (const lit of $$(".tcc-lit", $("#tcc-market"))) lit.classList.remove("tcc-lit");
    opener.classList.add("tcc-lit");
    cameFrom = opener;
    lit = opener.dataset.quote;
    return panel;
  }

  function open(opener) {
    const panel = fill(opener);
    if (!panel) return;
    panel.focus({ preventScroll: true });
    $("#tcc-market-side").scrollTop = 0;
    // Where the quote lies over the page, what opened it is to stay in sight above.
    if (getComputedStyle($("#tcc-market-side")).position === "fixed") opener.scrollIntoView({ block: "start" });
  }

  function close() {
    const panel = $("#tcc-market-quote .tcc-open");
    if (!panel) return;
    lit = "";
    panel.classList.remove("tcc-open");
    $(".tcc-holds", panel).replaceChildren();
    for (const lit of $$(".tcc-lit", $("#tcc-market"))) lit.classList.remove("tcc-lit");
    if (cameFrom?.isConnected) cameFrom.focus();
  }

  function sort(button) {
    const head = button.closest("th");
    const place = [...head.parentNode.children].indexOf(head);
    const down = head.getAttribute("aria-sort") === "ascending";
    for (const other of head.parentNode.children) other.setAttribute("aria-sort", "none");
    head.setAttribute("aria-sort", down ? "descending" : "ascending");
    const key = (row) => row.children[place].dataset.sort;
    const rows = $$("tbody tr", head.closest("table"));
    const order = (a, b) => key(a).localeCompare(key(b), document.documentElement.lang);
    // What was not found stays last, whichever way the rest is turned.
    rows.sort((a, b) => (key(a) === "~") - (key(b) === "~") || (down ? order(b, a) : order(a, b)));
    rows[0].parentNode.replaceChildren(...rows);
  }

  // A copy with the looks that the page's styles give it: in a picture there are none.
  const LOOKS = [
    "fill", "stroke", "stroke-width", "stroke-dasharray", "opacity", "color", "background-color", "font-family", "font-size", "font-weight",
    "font-style", "line-height", "text-align", "vertical-align", "padding", "border", "border-radius", "border-collapse", "display",
    "flex-wrap", "gap", "list-style", "margin", "white-space", "width", "min-width", "box-sizing",
  ];
  function dressed(node) {
    const copy = node.cloneNode(true);
    const copies = [copy, ...$$("*", copy)];
    [node, ...$$("*", node)].forEach((from, place) => {
      const style = getComputedStyle(from);
      const bare = copies[place];
      if (bare.matches(".tcc-sr, title, .tcc-hit")) return bare.remove();
      for (const name of LOOKS) bare.style.setProperty(name, style.getPropertyValue(name));
    });
    return copy;
  }

  async function picture(node) {
    const isDrawing = node instanceof SVGElement;
    const { width, height } = isDrawing ? node.viewBox.baseVal : { width: node.offsetWidth, height: node.offsetHeight };
    const back = getComputedStyle($("#tcc-market-main")).backgroundColor;
    const copy = dressed(node);
    copy.setAttribute("xmlns", isDrawing ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml");
    const inner = new XMLSerializer().serializeToString(copy);
    const drawn = isDrawing
      ? inner
      : `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><foreignObject width="100%" height="100%">${inner}</foreignObject></svg>`;
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawn)}`;
    await image.decode();
    const canvas = document.createElement("canvas");
    const margin = 16;
    [canvas.width, canvas.height] = [2 * (width + 2 * margin), 2 * (height + 2 * margin)];
    const brush = canvas.getContext("2d");
    brush.scale(2, 2);
    brush.fillStyle = back;
    brush.fillRect(0, 0, canvas.width, canvas.height);
    brush.drawImage(image, margin, margin, width, height);
    return new Promise((done, fail) => canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture")))));
  }

  async function save(button) {
    const node = document.getElementById(button.dataset.of);
    if (!node) return;
    try {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await picture(node));
      link.download = `${button.dataset.of.replace("tcc-", "market-")}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    } catch {
      const says = $("#tcc-market-status p");
      if (says) says.textContent = button.dataset.failed;
    }
  }

  // A plot that is wider than its box begins at the day it is read on; once, when it comes into sight.
  const fresh = new ResizeObserver((boxes) => {
    for (const { target } of boxes) {
      if (!target.clientWidth) continue;
      const today = $(".tcc-today", target).getBoundingClientRect().left - target.getBoundingClientRect().left;
      target.scrollLeft += today - 0.7 * target.clientWidth;
      fresh.unobserve(target);
    }
  });
  function renewed() {
    for (const plot of $$("#tcc-market .tcc-plot:not([data-seen])")) {
      plot.dataset.seen = "1";
      fresh.observe(plot);
    }
    // In another language panel and cards come anew.
    const opener = lit && $(`#tcc-market .tcc-opens[data-quote="${lit}"]`);
    if (opener && $("#tcc-market-quote .tcc-card")?.innerHTML !== document.getElementById(lit)?.innerHTML) fill(opener);
  }
  window.tccMend = [...(window.tccMend ?? []), renewed];

  document.addEventListener("click", (event) => {
    const at = event.target.closest?.("#tcc-market .tcc-opens, #tcc-market .tcc-sort, #tcc-market .tcc-picture, #tcc-market .tcc-close");
    if (!at) return;
    if (at.matches(".tcc-opens")) open(at);
    else if (at.matches(".tcc-sort")) sort(at);
    else if (at.matches(".tcc-picture")) save(at);
    else close();
  });
  document.addEventListener("keydown", (event) => {
    const point = event.target.closest?.("#tcc-market .tcc-point");
    if (point && (event.key === "Enter" || event.key === " ")) {
      event.preventDefault();
      open(point);
    } else if (event.key === "Escape" && event.target.closest?.("#tcc-market")) close();
  });
})();

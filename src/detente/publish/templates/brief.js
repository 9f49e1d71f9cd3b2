(() => {
  "use strict";
  const one = (selector, within) => (within || document).querySelector(selector);
  const all = (selector, within) => [...(within || document).querySelectorAll(selector)];
  const panel = one("#panel"), body = one(".panel-text"), tip = one("#tip");
  let came = null;

  // the documents fold, since the panel shows them
  const documents = all("details.doc");
  if (documents.length > 1) documents.forEach((each) => { each.open = false; });

  // citations open their document at the words
  const show = (link) => {
    const source = one("#d" + link.dataset.d);
    if (!source) return false;
    one(".panel-number").textContent = "Source " + link.dataset.d;
    one("#panel-title").textContent = one("summary .name", source).textContent;
    one(".by", panel).textContent = one("summary .by", source).textContent;
    const copy = one(".doc-text", source).cloneNode(true);
    all(".here", copy).forEach((anchor) => anchor.remove());
    body.replaceChildren(...copy.childNodes);
    const marks = all("mark", body).filter((mark) => mark.dataset.c.split(" ").includes(link.dataset.c));
    marks.forEach((mark) => mark.classList.add("on"));
    all(".cite.on").forEach((each) => each.classList.remove("on"));
    link.classList.add("on");
    const before = link.getBoundingClientRect().top;
    panel.hidden = false;
    document.body.classList.add("reading");
    scrollBy(0, link.getBoundingClientRect().top - before);
    if (marks[0]) body.scrollTop = marks[0].offsetTop - body.offsetTop - body.clientHeight / 3;
    body.focus({ preventScroll: true });
    return true;
  };
  const hide = () => {
    if (panel.hidden) return;
    const before = came ? came.getBoundingClientRect().top : 0;
    panel.hidden = true;
    document.body.classList.remove("reading");
    if (came) scrollBy(0, came.getBoundingClientRect().top - before);
    all(".cite.on").forEach((each) => each.classList.remove("on"));
    if (came) came.focus({ preventScroll: true });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".cite");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      came = link;
      if (show(link)) event.preventDefault();
    } else if (!panel.hidden && !event.target.closest("#panel") && innerWidth < 1100) hide();
  });
  one(".close").addEventListener("click", hide);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { hide(); tip.hidden = true; } });

  // an anchor inside folded parts unfolds them
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
    if (!target) return;
    for (let each = target; each; each = each.parentElement) if (each.tagName === "DETAILS") each.open = true;
    target.scrollIntoView({ block: target.matches(".row, .here") ? "center" : "start" });
  };
  addEventListener("hashchange", reveal);
  reveal();

  // pictures tell what is under the pointer
  const say = (event) => {
    const mark = event.target.closest && event.target.closest(".svg [aria-label]:not(svg)");
    if (!mark) { tip.hidden = true; return; }
    tip.textContent = mark.getAttribute("aria-label");
    tip.hidden = false;
    const box = mark.getBoundingClientRect();
    const x = event.clientX || box.right, y = event.clientY || box.bottom;
    tip.style.left = Math.max(8, Math.min(x + 14, innerWidth - tip.offsetWidth - 8)) + "px";
    tip.style.top = (y + 18 + tip.offsetHeight > innerHeight ? y - tip.offsetHeight - 12 : y + 18) + "px";
  };
  document.addEventListener("pointermove", say, { passive: true });
  document.addEventListener("focusin", (event) => {
    const inside = event.target.closest && event.target.closest(".svg a");
    if (inside) say({ target: inside.firstElementChild });
  });
  document.addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });

  // the filter
  const filter = one("#filter");
  if (filter) {
    one(".filter").hidden = false;
    const rows = all("#timeline .row").map((row) => [row, row.textContent.toLowerCase()]);
    const folds = all("#timeline .month"), before = folds.map((fold) => fold.open);
    let waiting = 0;
    const sift = () => {
      const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      let kept = 0;
      rows.forEach(([row, text]) => {
        row.hidden = !words.every((word) => text.includes(word));
        kept += !row.hidden;
      });
      folds.forEach((fold, n) => {
        fold.hidden = words.length > 0 && !one(".row:not([hidden])", fold);
        fold.open = words.length > 0 || before[n];
      });
      one("#timeline").classList.toggle("sifted", words.length > 0);
      one(".filter output").textContent = words.length ? kept + " of " + rows.length : "";
    };
    filter.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(sift, 120); });
  }

  // light and dark
  const theme = one(".theme");
  theme.hidden = false;
  theme.addEventListener("click", () => {
    const root = document.documentElement, dark = matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = (root.dataset.theme || (dark ? "dark" : "light")) === "dark" ? "light" : "dark";
  });

  // where we are
  const places = all(".contents a").map((link) => [link, one(link.getAttribute("href"))]).filter((pair) => pair[1]);
  const mark = () => {
    const passed = places.filter(([, place]) => place.getBoundingClientRect().top < 140);
    places.forEach(([link]) => link.classList.toggle("now", passed.length > 0 && link === passed[passed.length - 1][0]));
  };
  document.addEventListener("scroll", mark, { passive: true });
  mark();
})();

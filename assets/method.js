/* Which page is shown, and the Method page's address: what is sought and what is open. */
(function () {
  "use strict";

  const METHOD = "/method";
  const MAX_TEXT = 100;
  const TITLE = "Method · Theograph";
  const none = () => window.dash_clientside.no_update;
  const byId = (id) => document.getElementById(id);
  const onMethod = () => window.location.pathname.replace(/\/+$/, "") === METHOD;

  /* ---- the bar ------------------------------------------------------------------------ */

  /* A dcc.Link takes no ARIA attributes. */
  function markPage(path) {
    for (const link of document.querySelectorAll(".tg-nav-link")) {
      const home = link.getAttribute("href");
      const within = home === "/" ? path.startsWith("/journey/") : path.startsWith(`${home}/`);
      if (path === home) link.setAttribute("aria-current", "page");
      else if (within) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    return none();
  }

  /* ---- the address of the Method page --------------------------------------------------- */

  let shown = METHOD; // the address in force
  let followed = false; // whether a link or the browser's history led to it

  const query = () => new URLSearchParams(window.location.search);
  const onCosts = () => query().get("tab") === "costs";
  /* A chosen unit cost decides which page of them is found; a rule or concept is only opened. */
  const soughtIn = (address) => (onCosts() ? address : address.split("#")[0]);

  /* What is typed replaces the address: no entry in the history for every letter. */
  function seekInMethod(text) {
    const parts = query();
    const sought = (text || "").slice(0, MAX_TEXT);
    if (!onMethod() || sought.trim() === (parts.get("q") || "").trim()) return [none(), none()];
    if (sought.trim()) parts.set("q", sought);
    else parts.delete("q");
    parts.delete("page");
    shown = parts.size ? `${METHOD}?${parts}` : METHOD;
    window.history.replaceState(null, "", shown);
    return [shown, shown];
  }

  function followAddress() {
    if (!onMethod() || !byId("method-text")) return;
    const { search, hash } = window.location;
    if (hash === "#page") return void window.history.replaceState(null, "", shown); // the skip link
    const before = soughtIn(shown);
    shown = METHOD + search + hash;
    followed = true;
    const set = window.dash_clientside.set_props;
    set("method-text", { value: query().get("q") || "" });
    set("method-view", { data: shown });
    if (soughtIn(shown) !== before) set("method-sought", { data: soughtIn(shown) });
  }

  window.addEventListener("popstate", followAddress);
  window.addEventListener("_dashprivate_pushstate", followAddress);

  /* Links from one part of the page to another need not load it again. */
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".tg-method a[href]");
    const held = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
    const address = link && link.getAttribute("href");
    if (!link || held || event.button !== 0 || !address.startsWith(METHOD)) return;
    event.preventDefault();
    window.history.pushState({}, "", address);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
    window.scrollTo(0, 0);
  });

  /* ---- once what was asked for stands there ---------------------------------------------- */

  function settleFound() {
    window.requestAnimationFrame(() => {
      if (!onMethod() || !byId("method-text")) return;
      shown = METHOD + window.location.search + window.location.hash;
      nameWhatIsOpen();
      if (onCosts() && byId("method-chosen")) byId("method-chosen").focus();
    });
    return none();
  }

  function settleOpen() {
    window.requestAnimationFrame(() => {
      if (!onMethod() || !byId("method-text")) return;
      nameWhatIsOpen();
      for (const example of document.querySelectorAll(".tg-case[open]")) example.open = false;
      const heading = byId("method-chosen");
      if (followed && heading && window.location.hash) heading.focus();
      followed = false;
    });
    return none();
  }

  /* The title of the document, and the mark in the list. */
  function nameWhatIsOpen() {
    const detail = document.querySelector(".tg-method-detail");
    document.title = detail ? `${detail.querySelector("h2").textContent} · ${TITLE}` : TITLE;
    const chosen = detail && `#${encodeURIComponent(detail.dataset.key)}`;
    for (const link of document.querySelectorAll(".tg-list-link")) {
      if (link.getAttribute("href") !== chosen) link.removeAttribute("aria-current");
      else if (!link.hasAttribute("aria-current")) {
        link.setAttribute("aria-current", "true");
        showInList(link);
      }
    }
  }

  /* Scrolls the list alone: scrollIntoView would move the page as well. */
  function showInList(link) {
    const list = link.closest(".tg-method-list");
    const [outer, inner] = [list.getBoundingClientRect(), link.getBoundingClientRect()];
    if (inner.top < outer.top || inner.bottom > outer.bottom) {
      list.scrollTop += inner.top - outer.top - outer.height / 3;
    }
  }

  Object.assign(window.dash_clientside.theograph, {
    mark_page: markPage,
    seek_in_method: seekInMethod,
    settle_found: settleFound,
    settle_open: settleOpen,
  });
})();

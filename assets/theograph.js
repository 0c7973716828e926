/* What the browser does by itself: the view's address, selection, keys, saving the picture. */
(function () {
  "use strict";

  /* Dash would load a plotly.js four times the size; scatter and bars are all we draw. */
  const plotly = document.currentScript.dataset.plotly;
  Object.defineProperty(window, "_dashPlotlyJSURL", { get: () => plotly, set: () => {} });

  const none = () => window.dash_clientside.no_update;
  const byId = (id) => document.getElementById(id);
  const triggered = () =>
    window.dash_clientside.callback_context.triggered.map((item) => item.prop_id.split(".")[0]);

  /* ---- the address of the view ------------------------------------------------------- */

  const SECTOR_COUNT = 11;

  function readZoom(relayout, before) {
    const keys = Object.keys(relayout || {});
    const range = keys.find((key) => /^xaxis\d*\.range$/.test(key));
    const start = keys.find((key) => /^xaxis\d*\.range\[0\]$/.test(key));
    const end = keys.find((key) => /^xaxis\d*\.range\[1\]$/.test(key));
    if (range) return relayout[range].map(shortenInstant);
    if (start && end) return [relayout[start], relayout[end]].map(shortenInstant);
    return before;
  }

  function shortenInstant(value) {
    if (typeof value === "number") return String(Math.round(value * 1000) / 1000);
    return value.slice(0, 16).replace(" ", "T");
  }

  function zoomOf(address) {
    const query = new URLSearchParams(address.split("?")[1] || "");
    return query.has("from") && query.has("to") ? [query.get("from"), query.get("to")] : null;
  }

  /* Stores say "no row" with NO_ROW: a dcc.Store without data counts as changed when it mounts. */
  const NO_ROW = -1;
  const rowOrNull = (row) => (row >= 0 ? row : null);

  function writeAddress(path, parts) {
    const query = new URLSearchParams();
    for (const [name, value] of parts) {
      if (value !== null && value !== undefined && value !== "") query.set(name, value);
    }
    const text = query.toString();
    return path + (text ? "?" + text : "");
  }

  /* What the last call saw. Dash names every control as the cause when a page is put in place,
     so changes are found by comparing; each page brings a mark of its own. */
  let seen = { page: null };

  function collectView(
    range, by, axis, sectors, text, layers, dayZero, selected, opportunity, status, theme, severity,
    panel, relayout, resets, view, picture
  ) {
    const path = view.split("?")[0];
    const page = picture.includes("#") ? seen.page : picture;
    const before = page === seen.page ? seen : null;
    const now = { page, range, axis, dayZero, resets: resets || 0, relayout };
    const changed = (name) => before !== null && now[name] !== before[name];
    const anew = ["range", "axis", "dayZero", "resets"].some(changed);
    const moved = changed("relayout");
    const zoom = anew ? null : moved ? readZoom(relayout, zoomOf(view)) : zoomOf(view);
    const all = sectors.length === SECTOR_COUNT;
    const shown = [
      ["range", range === "all" ? null : range],
      ["by", by === "sector" ? null : by],
      ["axis", axis === "calendar" ? null : axis],
      ["day0", rowOrNull(dayZero)],
    ];
    const drawn = [
      ...shown,
      ["q", (text || "").trim().slice(0, 100)],
      ["costs", layers.includes("costs") ? null : "0"],
      ["conditions", layers.includes("conditions") ? null : "0"],
      ["opportunities", layers.includes("opportunities") ? null : "0"],
      ["status", status === "due" ? null : status],
      ["theme", theme === "all" ? null : theme],
      ["severity", severity === "any" ? null : severity],
    ];
    const usualPanel = selected >= 0 && opportunity < 0 ? "event" : "opportunities";
    const chosen = all ? [] : [["sectors", sectors.join(",") || "none"]];
    const address = writeAddress(path, [
      ...drawn,
      ...chosen,
      ["from", zoom && zoom[0]],
      ["to", zoom && zoom[1]],
      ["e", rowOrNull(selected)],
      ["o", rowOrNull(opportunity)],
      ["panel", panel === usualPanel ? null : panel],
    ]);
    const epoch = writeAddress("", shown) + "&reset=" + (resets || 0);
    const drawing = writeAddress(path, [...drawn, ...chosen]) + "#" + epoch;
    if (window.location.pathname === path) window.history.replaceState(null, "", address);
    const closer = moved && zoom !== null && picturesGroups();
    const redraw = before !== null && (closer || drawing !== before.drawing);
    const draws = (before ? before.draws : 0) + (redraw ? 1 : 0);
    seen = { ...now, drawing, draws };
    return [
      address === view ? none() : address,
      redraw ? `${drawing}#${draws}` : none(),
      zoom === null,
      all ? "all" : `${sectors.length} of ${SECTOR_COUNT}`,
    ];
  }

  /* Of very many events the picture shows groups; a closer look has to be drawn anew. */
  function picturesGroups() {
    const meta = graph() && graph().layout.meta;
    return Boolean(meta && meta.grouped);
  }

  /* ---- selecting --------------------------------------------------------------------- */

  let selectedRow = NO_ROW;

  function chooseEvent(clicked, rows, clears, selected) {
    const cause = triggered();
    let row = selected;
    if (cause.includes("clear-selection") && clears) row = NO_ROW;
    else if (cause.includes("clicked-event") && clicked >= 0) row = clicked;
    else if (cause.includes("event-table") && rows && rows.length) row = Number(rows[0].e);
    return row === selected ? none() : row;
  }

  function markRow(row) {
    selectedRow = row;
    const api = tableApi();
    if (!api) return;
    if (row === NO_ROW) api.deselectAll();
    else selectShownRow(api);
  }

  function tableApi() {
    try {
      return byId("event-table") ? window.dash_ag_grid.getApi("event-table") : null;
    } catch {
      return null;
    }
  }

  function selectShownRow(api) {
    if (selectedRow === NO_ROW) return;
    const node = api.getRowNode(String(selectedRow));
    if (node && !node.isSelected()) node.setSelected(true, true);
  }

  window.dashAgGridFunctions = Object.assign(window.dashAgGridFunctions || {}, {
    theographSelectRow: (params) => selectShownRow(params.api),
  });

  let tableShows = "";

  function refreshTable(view) {
    const shows = withoutSelection(view);
    const api = tableApi();
    if (api && shows !== tableShows) api.purgeInfiniteCache();
    tableShows = shows;
    return none();
  }

  /* What decides the rows of the table: nothing that is selected, and no filter of opportunities. */
  const OTHERS = ["e", "o", "panel", "status", "theme", "severity", "opportunities"];

  function withoutSelection(address) {
    const [path, query] = address.split("?");
    const parts = new URLSearchParams(query || "");
    for (const name of OTHERS) parts.delete(name);
    return writeAddress(path, parts);
  }

  /* ---- opportunities ----------------------------------------------------------------- */

  const PIN = /^opportunity-(\d+)$/;
  let selectedOpportunity = NO_ROW;

  const setStore = (id, data) => window.dash_clientside.set_props(id, { data });

  function chooseOpportunity(click, clears, selected) {
    const cause = triggered();
    const pin = PIN.exec((click && click.points && click.points[0].id) || "");
    let row = selected;
    if (cause.includes("clear-opportunity") && clears) row = NO_ROW;
    else if (cause.includes("theograph") && pin) row = Number(pin[1]);
    return row === selected ? none() : row;
  }

  /* An event that is selected shows itself, an opportunity its card; the tabs go either way. */
  function choosePanel(selected, opportunity, toOpportunities, toEvent, panel) {
    const cause = triggered();
    let shown = panel;
    if (cause.includes("tab-opportunities") && toOpportunities) shown = "opportunities";
    else if (cause.includes("tab-event") && toEvent) shown = "event";
    else if (cause.includes("selected-opportunity") && opportunity >= 0) shown = "opportunities";
    else if (cause.includes("selected-event") && selected >= 0) shown = "event";
    selectedOpportunity = opportunity;
    const event = shown === "event";
    return [
      shown === panel ? none() : shown,
      event, !event,
      String(!event), String(event),
      event ? -1 : 0, event ? 0 : -1,
      event || opportunity < 0,
    ];
  }

  /* The rows of the table that belong to the selected opportunity carry their part in it. The
     grid makes and drops rows as it scrolls, so a stylesheet names them, not a class. */
  const evidenceSheet = new CSSStyleSheet();
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, evidenceSheet];
  const PARTS = { signal: "signal", evidence: "evidence", response: "response", followed: "then" };

  function markEvidence(evidence) {
    const rules = Object.entries(evidence || {}).flatMap(([part, rows]) =>
      rows.map((row) => {
        const shown = `#event-table .ag-row[row-id="${Number(row)}"]`;
        const cell = `${shown} .ag-cell[col-id="date"]`;
        return (
          `${shown}{background-color:var(--tg-red-pale)}` +
          `${cell}{box-shadow:inset 4px 0 var(--tg-red)}` +
          `${cell}::after{content:"${PARTS[part]}"}`
        );
      })
    );
    evidenceSheet.replaceSync(rules.join("\n"));
  }

  /* The cards are made anew when one is opened: the focus goes back to where it was, and the
     opened card comes into sight within its panel, while the page itself stays where it is. */
  let focusedCard = NO_ROW;

  function revealCard(tries = 30) {
    const opened = document.querySelector(".tg-opened [data-opportunity]");
    const row = opened ? Number(opened.dataset.opportunity) : NO_ROW;
    if (row !== selectedOpportunity && tries > 0) {
      window.requestAnimationFrame(() => revealCard(tries - 1));
      return;
    }
    const head = document.querySelector(`[data-opportunity="${focusedCard}"]`);
    if (head && document.activeElement === document.body) head.focus({ preventScroll: true });
    focusedCard = NO_ROW;
    const card = opened && opened.closest(".tg-opened");
    const body = card && card.closest(".tg-panel-body");
    if (!body || !body.clientHeight) return;
    const [box, room] = [card.getBoundingClientRect(), body.getBoundingClientRect()];
    if (box.top < room.top || box.bottom > room.bottom) body.scrollTop += box.top - room.top - 8;
  }

  function onCardClick(target) {
    const card = target.closest("[data-opportunity]");
    const event = target.closest("[data-event]");
    if (card) {
      const row = Number(card.dataset.opportunity);
      focusedCard = row;
      setStore("selected-opportunity", row === selectedOpportunity ? NO_ROW : row);
    } else if (event) setStore("selected-event", Number(event.dataset.event));
  }

  function onTabKey(event) {
    const tabs = [...event.target.closest("[role=tablist]").querySelectorAll("[role=tab]")];
    const at = tabs.indexOf(event.target);
    const steps = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: tabs.length - 1 };
    if (!(event.key in steps)) return;
    event.preventDefault();
    const next = tabs[(steps[event.key] + tabs.length) % tabs.length];
    next.focus();
    next.click();
  }

  /* Esc lets go of the opportunity, then of the event, unless it has something nearer to close. */
  function letGo(event) {
    const busy = event.target.closest("input, select, textarea, details[open]");
    if (busy || document.querySelector("details.tg-sectors[open], .tg-search.tg-open")) return;
    if (selectedOpportunity !== NO_ROW) setStore("selected-opportunity", NO_ROW);
    else if (selectedRow !== NO_ROW) setStore("selected-event", NO_ROW);
  }

  document.addEventListener("click", (event) => onCardClick(event.target));
  document.addEventListener("keydown", (event) => {
    if (!event.target.closest) return;
    if (event.key === "Escape") letGo(event);
    else if (event.target.closest("[role=tab]")) onTabKey(event);
  });

  function startAtEvent(clicks, axis, selected, dayZero) {
    if (clicks && triggered().includes("make-day-zero")) return [selected, "relative"];
    const start = axis === "calendar" ? NO_ROW : dayZero === NO_ROW ? selected : dayZero;
    return [start === dayZero ? none() : start, none()];
  }

  function restoreFilters(clears, alls, everything) {
    const sectors = everything.map((option) => option.value);
    if (!clears && !alls) return [none(), none(), none()];
    if (triggered().includes("all-sectors")) return [sectors, none(), none()];
    return [sectors, "", "all"];
  }

  /* ---- the picture ------------------------------------------------------------------- */

  const graph = () => document.querySelector("#theograph .js-plotly-plot");

  function watchPicture() {
    const drawn = graph();
    if (!byId("theograph")) return;
    if (!drawn || !drawn.on) return void window.requestAnimationFrame(watchPicture);
    if (drawn.dataset.watched) return;
    drawn.dataset.watched = "yes";
    drawn.on("plotly_doubleclick", () => byId("reset-zoom").click());
  }

  /* A picture on its own finds no font of the page's, so it carries one: without it the labels
     fall back to another width and run over their bars. */
  const FONT = "/assets/vendor/source-sans-3/source-sans-3-latin-wght-normal.woff2";
  let fontStyle = null;

  async function carryFont() {
    if (fontStyle) return fontStyle;
    const file = await (await fetch(FONT)).blob();
    const data = await new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result);
      reader.readAsDataURL(file);
    });
    const face = `font-family:"Source Sans 3 Variable";font-weight:200 900;src:url(${data})`;
    fontStyle = `<style>@font-face{${face}}</style>`;
    return fontStyle;
  }

  async function drawPng(svg, width, height) {
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    await image.decode();
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [2 * width, 2 * height];
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  }

  function download(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  async function savePicture(pngs, svgs) {
    const cause = triggered()[0];
    const drawn = graph();
    if (!drawn || !(pngs || svgs)) return none();
    const format = cause === "save-svg" ? "svg" : "png";
    const [width, height] = [drawn.clientWidth, drawn.clientHeight];
    const options = { format: "svg", width, height, imageDataOnly: true };
    const [plain, font] = await Promise.all([
      window.Plotly.toImage(drawn, options),
      carryFont(),
    ]);
    const svg = plain.replace(/^<svg[^>]*>/, (opening) => opening + font);
    const blob =
      format === "svg"
        ? new Blob([svg], { type: "image/svg+xml" })
        : await drawPng(svg, width, height);
    download(blob, `theograph-${window.location.pathname.split("/").pop()}.${format}`);
    return `Saved the picture as ${format.toUpperCase()}`;
  }

  /* A4 landscape within its margins, at 96 pixels to the inch; the head takes the rest. The
     picture is redrawn as wide as the paper before it is scaled to its height. */
  const PAPER = { width: 1060, height: 525 };

  window.addEventListener("beforeprint", () => {
    const drawn = graph();
    if (!drawn) return;
    const height = drawn.clientHeight;
    const scale = Math.min(PAPER.height / height, 1);
    const width = Math.round(PAPER.width / scale);
    const style = document.documentElement.style;
    style.setProperty("--tg-print-scale", String(scale));
    style.setProperty("--tg-print-width", `${width}px`);
    style.setProperty("--tg-print-height", `${height}px`);
    window.Plotly.relayout(drawn, { width });
  });

  window.addEventListener("afterprint", () => {
    const drawn = graph();
    if (drawn) window.Plotly.relayout(drawn, { width: null, autosize: true });
  });

  /* ---- finding a person -------------------------------------------------------------- */

  const search = () => byId("person-search");
  const options = () => [...document.querySelectorAll("#person-search-options [role=option]")];

  function describeSearch() {
    const field = search();
    if (!field || field.getAttribute("role") === "combobox") return;
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", "person-search-options");
    field.setAttribute("aria-expanded", "false");
  }

  function openSearch(open) {
    const box = document.querySelector(".tg-search");
    if (!box) return;
    box.classList.toggle("tg-open", open);
    search().setAttribute("aria-expanded", String(open));
    if (!open) pointAt(null);
  }

  function pointAt(option) {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    const field = search();
    if (option) {
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else field.removeAttribute("aria-activedescendant");
  }

  function visit(path) {
    openSearch(false);
    window.dash_clientside.set_props("person-search", { value: "" });
    window.history.pushState({}, "", path);
    window.dispatchEvent(new CustomEvent("_dashprivate_pushstate"));
  }

  function onSearchKey(event) {
    const list = options();
    const at = list.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      openSearch(true);
      const step = event.key === "ArrowDown" ? 1 : -1;
      const next = at < 0 && step < 0 ? list.length - 1 : (at + step + list.length) % list.length;
      if (list.length) pointAt(list[next]);
    } else if (event.key === "Enter") {
      const chosen = list[at < 0 && list.length === 1 ? 0 : at];
      if (chosen) visit(chosen.dataset.href);
    } else if (event.key === "Escape") openSearch(false);
    else if (event.key.length === 1) openSearch(true);
  }

  document.addEventListener("focusin", (event) => {
    if (event.target.id === "person-search") openSearch(true);
    else if (!event.target.closest(".tg-search")) openSearch(false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id === "person-search") onSearchKey(event);
    if (event.key === "Escape") closePopovers(null);
  });
  document.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option][data-href]");
    if (option) {
      event.preventDefault();
      visit(option.dataset.href);
    } else if (!event.target.closest(".tg-search")) openSearch(false);
    closePopovers(event.target);
  });

  function closePopovers(clicked) {
    for (const open of document.querySelectorAll("details.tg-sectors[open]")) {
      if (clicked && open.contains(clicked)) continue;
      if (open.contains(document.activeElement)) open.querySelector("summary").focus();
      open.removeAttribute("open");
    }
  }

  /* ---- pages, and what goes wrong ---------------------------------------------------- */

  let pagesSeen = 0;

  function announcePage() {
    describeSearch();
    const title = byId("page-title");
    if (!title) return none();
    const onJourney = window.location.pathname.startsWith("/journey/");
    const heading = onJourney ? "Journey" : title.textContent;
    document.title = `${heading} · Theograph`;
    tableShows = withoutSelection(window.location.pathname + window.location.search);
    selectedRow = byId("theograph") ? rowInAddress("e") : NO_ROW;
    selectedOpportunity = byId("theograph") ? rowInAddress("o") : NO_ROW;
    if (byId("theograph")) watchPicture();
    if (selectedOpportunity !== NO_ROW) revealCard();
    pagesSeen += 1;
    if (pagesSeen > 1) title.focus();
    return document.title;
  }

  function rowInAddress(name) {
    const row = new URLSearchParams(window.location.search).get(name);
    return row === null ? NO_ROW : Number(row);
  }

  function say(text, stale = false) {
    let box = byId("trouble");
    if (!box) {
      box = document.createElement("div");
      box.id = "trouble";
      box.className = "tg-trouble";
      box.setAttribute("role", "alert");
      document.body.append(box);
    }
    box.textContent = text;
    if (stale) box.append(" ", reloadButton());
    box.hidden = !text;
    document.body.classList.toggle("tg-in-trouble", Boolean(text));
  }

  function reloadButton() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "tg-button";
    button.textContent = "Load it again";
    button.addEventListener("click", () => window.location.reload());
    return button;
  }

  const plainFetch = window.fetch;
  window.fetch = async function (...given) {
    const address = String(given[0] && given[0].url ? given[0].url : given[0]);
    if (!address.includes("_dash-update-component")) return plainFetch.apply(this, given);
    try {
      const answer = await plainFetch.apply(this, given);
      if (answer.ok) say("");
      else if (answer.status === 410) {
        say("Newer imports have taken the place of the records that this page shows.", true);
      } else {
        const reference = answer.headers.get("X-Theograph-Reference");
        const naming = reference ? ` Quote reference ${reference}.` : "";
        say(`Something failed, and what you see may be out of date. Load the page again.${naming}`);
      }
      return answer;
    } catch (error) {
      say("Theograph does not answer. Is it still running? Start it again, then load this page.");
      throw error;
    }
  };

  window.dash_clientside = Object.assign(window.dash_clientside || {}, {
    theograph: {
      announce_page: announcePage,
      choose_event: chooseEvent,
      choose_opportunity: chooseOpportunity,
      choose_panel: choosePanel,
      collect_view: collectView,
      mark_evidence: (evidence) => { markEvidence(evidence); return none(); },
      mark_row: (row) => { markRow(row); return none(); },
      refresh_table: refreshTable,
      restore_filters: restoreFilters,
      reveal_card: () => { window.requestAnimationFrame(() => revealCard()); return none(); },
      save_picture: savePicture,
      start_at_event: startAtEvent,
    },
  });
})();

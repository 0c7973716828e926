/* The Data page: sending files, and marking which tab is shown. */
(function () {
  "use strict";

  const UPLOAD = "/data/files";
  const NAME_HEADER = "X-Theograph-File-Name";
  const none = () => window.dash_clientside.no_update;
  const byId = (id) => document.getElementById(id);
  const zone = () => byId("data-drop");

  let stamp = 0;
  /* `what` has come: files, or columns that were chosen. */
  const refresh = (what) => {
    if (!byId("data-tray")) return;
    window.dash_clientside.set_props("data-stamp", { data: `${what} ${(stamp += 1)}` });
  };

  /* ---- sending: one file after another, each a line that says how far it is ------------- */

  const waiting = [];
  let sending = false;

  function take(files) {
    const most = Number(zone().dataset.mostBytes);
    let sum = 0;
    for (const file of files) {
      sum += file.size;
      const line = addLine(file.name);
      if (file.size > most || sum > most) fail(line, `More than ${zone().dataset.most} in all: see the command line above.`);
      else waiting.push({ file, line });
    }
    if (!sending) sendNext();
  }

  function sendNext() {
    const next = waiting.shift();
    sending = Boolean(next);
    if (next) send(next.file, next.line);
  }

  /* XMLHttpRequest, because fetch does not say how much has gone. */
  function send(file, line) {
    const request = new XMLHttpRequest();
    request.open("POST", UPLOAD);
    request.setRequestHeader(NAME_HEADER, encodeURIComponent(file.name.slice(0, 300)));
    request.setRequestHeader("Content-Type", "application/octet-stream");
    const bar = line.querySelector("progress");
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) bar.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => {
      if (request.status === 200) land(line, JSON.parse(request.responseText).key);
      else fail(line, request.responseText.trim() || "It could not be sent.");
    });
    request.addEventListener("error", () => fail(line, "It could not be sent. Is Theograph still running?"));
    request.addEventListener("abort", () => line.remove());
    request.addEventListener("loadend", () => { refresh("files"); sendNext(); });
    line.querySelector("button").addEventListener("click", () => request.abort());
    request.send(file);
  }

  /* It stays in sight until the server has looked at the file and shows it in the tray. */
  function land(line, key) {
    line.className = "tg-upload-landed";
    line.dataset.key = key;
    line.querySelector("progress").removeAttribute("value");
    const said = Object.assign(document.createElement("span"), { textContent: "Looking at it…", className: "tg-note" });
    line.querySelector("button").replaceWith(said);
  }

  let removed = false; // whether the button that had the focus goes with its file

  function clearLanded() {
    window.requestAnimationFrame(() => {
      const shown = [...document.querySelectorAll(".tg-tray-open")].map((button) => button.id).join();
      for (const line of document.querySelectorAll(".tg-upload-landed")) {
        if (shown.includes(line.dataset.key)) line.remove();
      }
      if (removed) (document.querySelector(".tg-tray-open") || byId("data-choose")).focus();
      removed = false;
    });
    return none();
  }

  function addLine(name) {
    const line = document.createElement("li");
    const label = Object.assign(document.createElement("span"), { textContent: name, className: "tg-upload-name" });
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    bar.setAttribute("aria-label", `Sending ${name}`);
    const stop = Object.assign(document.createElement("button"), { type: "button", textContent: "Stop", className: "tg-button" });
    stop.setAttribute("aria-label", `Stop sending ${name}`);
    line.append(label, bar, stop);
    byId("data-uploads").append(line);
    return line;
  }

  function fail(line, why) {
    line.querySelector("progress").remove();
    line.className = "tg-upload-failed";
    const said = Object.assign(document.createElement("span"), { textContent: why, className: "tg-upload-why" });
    const dismiss = Object.assign(document.createElement("button"), { type: "button", textContent: "Dismiss", className: "tg-button" });
    dismiss.addEventListener("click", () => line.remove());
    line.querySelector("button").replaceWith(said, dismiss);
  }

  /* ---- choosing and dropping ------------------------------------------------------------- */

  document.addEventListener("click", (event) => {
    if (event.target.closest(".tg-tray-file > .tg-button")) removed = true;
    if (!event.target.closest("#data-choose")) return;
    const input = Object.assign(document.createElement("input"), { type: "file", multiple: true });
    input.addEventListener("change", () => take(input.files));
    input.click();
  });

  const holdsFiles = (event) => [...((event.dataTransfer || {}).types || [])].includes("Files");

  /* Anywhere on the page: a file dropped beside the zone would otherwise take its place. */
  document.addEventListener("dragover", (event) => {
    if (!zone() || !holdsFiles(event)) return;
    event.preventDefault();
    zone().classList.add("tg-drop-over");
  });
  document.addEventListener("dragleave", (event) => {
    if (zone() && !event.relatedTarget) zone().classList.remove("tg-drop-over");
  });
  document.addEventListener("drop", (event) => {
    if (!zone() || !holdsFiles(event)) return;
    event.preventDefault();
    zone().classList.remove("tg-drop-over");
    take(event.dataTransfer.files);
  });

  /* ---- what dash does not do --------------------------------------------------------------- */

  /* A dcc.Link takes no ARIA attributes. */
  function settleData() {
    for (const link of document.querySelectorAll(".tg-tab-chosen, .tg-button-chosen")) {
      link.setAttribute("aria-current", "page");
    }
    return none();
  }

  /* What is being done stands at the top; the button that began it is disabled, so focus goes there. */
  function showJob(state) {
    if (state === "running" && byId("data-job")) {
      window.scrollTo({ top: 0 });
      byId("data-job").focus({ preventScroll: true });
    }
    return none();
  }

  function refreshFiles() {
    if (window.dash_clientside.callback_context.triggered.some((part) => part.value)) refresh("columns");
    return none();
  }

  Object.assign(window.dash_clientside.theograph, {
    clear_landed: clearLanded,
    refresh_files: refreshFiles,
    settle_data: settleData,
    show_job: showJob,
  });
})();

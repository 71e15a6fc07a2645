/* What htmx does not do by itself: times that go on, drafts that survive, the keyboard, news read aloud. */
"use strict";
(() => {
  const find = (selector) => document.querySelector(selector);

  // Times: the same words as relative() in saying.py.
  const relative = (then) => {
    const seconds = (then - Date.now()) / 1000, away = Math.abs(seconds);
    if (away < 45) return seconds <= 0 ? say("just now") : say("now");
    if (away < 3600) {
      const n = Math.round(away / 60) || 1;
      return seconds < 0 ? say("%(n)s min ago", { n }) : say("in %(n)s min", { n });
    }
    if (away < 172800) {
      const n = Math.round(away / 3600);
      return seconds < 0 ? say("%(n)s h ago", { n }) : say("in %(n)s h", { n });
    }
    const n = Math.round(away / 86400);
    return seconds < 0 ? say("%(n)s d ago", { n }) : say("in %(n)s d", { n });
  };
  const tick = () => document.querySelectorAll("time[data-relative]").forEach((t) => {
    const text = relative(Date.parse(t.dateTime));
    if (t.textContent !== text) t.textContent = text;
  });
  setInterval(tick, 15000);

  // The transcript stays at its end, unless the agent reads further up.
  let atEnd = true;
  const toEnd = () => { const t = find("#transcript"); if (t) t.scrollTop = t.scrollHeight; };
  toEnd();
  document.addEventListener("load", (event) => { if (atEnd && event.target.closest && event.target.closest("#transcript")) toEnd(); }, true);

  // Drafts, of answers and of notes, live in this tab until they are sent.
  const DRAFTS = "#composer, #note-form";
  const keyOf = (form) => `${form.id === "composer" ? "draft" : "note"}:${form.dataset.draft}`;
  const restore = () => document.querySelectorAll(DRAFTS).forEach((form) => {
    const field = form.querySelector("textarea"), kept = sessionStorage.getItem(keyOf(form)) || "";
    if (!field.value) field.value = kept;
    if (kept && form.id === "note-form") form.closest("details").open = true;
  });
  restore();

  let typedAt = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.closest(DRAFTS);
    if (!form || !event.target.matches("textarea")) return;
    sessionStorage.setItem(keyOf(form), event.target.value);
    if (event.target.value && Date.now() - typedAt > 3000) {
      typedAt = Date.now();
      fetch(`/desk/conversations/${form.dataset.draft}/typing`, {
        method: "POST", headers: { "X-CSRF-Token": form.elements.csrf.value },
      }).catch(() => {});
    }
  });

  let sent = null, from = null;
  document.body.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.id !== "composer") return;
    sent = event.detail.elt.querySelector("textarea").value;
    from = document.activeElement;
  });
  document.body.addEventListener("said", () => {
    const form = find("#composer"), field = form && form.querySelector("textarea");
    atEnd = true;
    if (!field) return;
    if (field.value === sent) field.value = "";  // what was typed since stays
    sessionStorage.setItem(keyOf(form), field.value);
    const now = document.activeElement, pressed = from && from.id === "send" && now === document.body;
    if (now === from || pressed) field.focus();  // who has gone on meanwhile is not called back
  });

  document.body.addEventListener("noted", () => {
    const form = find("#note-form");
    form.querySelector("textarea").value = "";
    sessionStorage.removeItem(keyOf(form));
    form.closest("details").open = false;
    find("#note-open").focus();
    atEnd = true;
  });

  // Errors are said where the agent looks; what is not a page of ours is not shown as one.
  const problem = (text) => {
    const place = find("#problem");
    if (place) place.replaceChildren(Object.assign(document.createElement("p"), { textContent: text }));
  };
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr, target } = event.detail, type = xhr.getResponseHeader("Content-Type") || "";
    if (xhr.status >= 400 && !type.startsWith("text/html")) {
      event.detail.shouldSwap = false;
      problem(xhr.status === 413 ? say("That is too long.") : say("That did not work. Try again."));
    }
    if (target && target.id === "transcript") atEnd = target.scrollHeight - target.scrollTop - target.clientHeight < 80;
  });
  document.body.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) problem(say("Something went wrong on our side. What you wrote is still here: try again."));
  });
  const line = (lost) => { find("#line").hidden = !lost; };
  document.body.addEventListener("htmx:sendError", (event) => {
    line(true);
    if (event.detail.elt.id === "composer") problem(say("The desk cannot be reached. What you wrote is still here: try again."));
  });
  document.body.addEventListener("htmx:sseError", () => line(true));
  document.body.addEventListener("htmx:sseOpen", () => line(false));
  document.body.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) line(false); });

  // Who has come to wait since the last look is read aloud, once.
  const waiting = () => new Map([...document.querySelectorAll("[data-waiting]")].map((e) => [e.dataset.waiting, e.dataset.say]));
  let known = waiting();
  document.body.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.target.id === "transcript" && atEnd) toEnd();
    if (event.detail.target.id === "stand") restore();
    if (event.detail.target.id === "queue") {
      const now = waiting(), fresh = [...now].filter(([id]) => !known.has(id)).map(([, words]) => words);
      if (fresh.length) find("#news").textContent = fresh.join(". ");
      known = now;
      const place = document.title.replace(/^\(\d+\) /, "");
      document.title = now.size ? `(${now.size}) ${place}` : place;
    }
  });

  // New words come as they are, each once, whatever was fetched meanwhile.
  document.body.addEventListener("htmx:sseBeforeMessage", (event) => {
    const place = find("#transcript");
    if (event.target.id !== "said" || !place) return;
    event.preventDefault();
    atEnd = place.scrollHeight - place.scrollTop - place.clientHeight < 80;
    const came = document.createElement("template");
    came.innerHTML = event.detail.data;
    [...came.content.children].filter((one) => !document.getElementById(one.id)).forEach((one) => place.append(one));
    find("#typing").hidden = true;
    if (atEnd) toEnd();
  });

  // The customer writes.
  let typing = 0;
  document.body.addEventListener("htmx:sseBeforeMessage", (event) => {
    if (event.target.id !== "typing") return;
    event.preventDefault();
    event.target.hidden = false;
    clearTimeout(typing);
    typing = setTimeout(() => { event.target.hidden = true; }, 4000);
  });
})();

/* The keyboard: what every element's data-key does, going places, moving in lists, dialogs, sending.
   Loaded before the page is drawn, so that no key is lost while the other scripts are on their way. */
"use strict";
(() => {
  const PLACES = { q: "/desk/", c: "/desk/cases", f: "/desk/followups", k: "/desk/calendar", t: "/desk/lead" };
  const find = (selector) => document.querySelector(selector);
  const writes = (element) => element.matches("input, textarea, select, [contenteditable]");
  const shown = (element) => element.getClientRects().length > 0;
  const whenReady = (act) => (document.readyState === "complete" ? act() : window.addEventListener("load", act, { once: true }));
  let going = 0;

  const open = (dialog) => { if (dialog && !dialog.open) dialog.showModal(); };
  const move = (by) => {
    const links = [...document.querySelectorAll(".card h3 a, .row h3 a, .list tbody th a")].filter(shown);
    if (!links.length) return;
    const at = links.indexOf(document.activeElement);
    links[Math.min(links.length - 1, Math.max(0, at < 0 ? 0 : at + by))].focus();
  };
  const press = (key) => {
    const element = [...document.querySelectorAll(`[data-key="${CSS.escape(key)}"]`)].find(shown);
    if (!element) return false;
    if (writes(element)) element.focus();
    else element.click();
    return true;
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape" && writes(event.target) && !event.target.closest("dialog")) return event.target.blur();
    if (writes(event.target) || find("dialog[open]")) return;
    const key = event.key;
    let done = true;
    if (going && Date.now() - going < 1500 && PLACES[key]) location.assign(PLACES[key]);
    else if (key === "g") { going = Date.now(); return; }
    else if (key === "?") open(find("#keys"));
    else if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "r" && find("#text")) find("#text").focus();
    else done = key.length === 1 && press(key);
    going = 0;
    if (done) event.preventDefault();
  });

  document.addEventListener("click", (event) => {
    const target = event.target.closest("button, summary");
    if (!target) return;
    if (target.id === "keys-open") open(find("#keys"));
    if (target.matches("[data-closes]")) target.closest("dialog").close();
    if (target.id === "note-open") setTimeout(() => { if (find("#note-box").open) find("#note").focus(); });
    if (target.id === "open-replies") {
      open(find("#replies"));
      find("#replies-q").value = "";
      whenReady(() => htmx.trigger("#replies-q", "look"));
      find("#replies-q").focus();
    }
    if (target.matches(".reply")) { // put in where the cursor is, ready to be changed before it is sent
      const field = find("#text"), text = target.querySelector(".reply-text").textContent;
      find("#replies").close();
      field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    }
  });
  document.addEventListener("keydown", (event) => { // Ctrl Enter sends
    const form = event.target.closest && event.target.closest("#composer, #note-form");
    if (!form || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (form.id !== "composer" || !find("#send").disabled) form.requestSubmit();
  });

  document.addEventListener("keydown", (event) => { // arrows in the list of replies
    const list = event.target.closest && event.target.closest("#replies");
    if (!list || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const items = [find("#replies-q"), ...list.querySelectorAll(".reply")];
    const next = items[items.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  });
})();

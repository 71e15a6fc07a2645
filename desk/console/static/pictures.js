/* Pictures of the answer to come: chosen, pasted or dropped; brought to the desk at once, named by the answer. */
"use strict";
(() => {
  const MOST = 5, LARGEST = 8 * 1024 * 1024;
  const find = (selector) => document.querySelector(selector);
  const composer = () => find("#composer");
  const problem = (text) => {
    const place = find("#problem");
    if (place) place.replaceChildren(...(text ? [Object.assign(document.createElement("p"), { textContent: text })] : []));
  };

  const settle = () => {
    const tray = find("#tray");
    if (!tray) return;
    tray.hidden = !tray.children.length;
    find("#send").disabled = Boolean(tray.querySelector(".is-busy"));
  };

  const add = async (file) => {
    const form = composer(), tray = find("#tray");
    if (!form || !file.type.startsWith("image/")) return;
    if (tray.children.length >= MOST) return problem(say("A message has at most %(most)s pictures. Send the others in the next one.", { most: MOST }));
    if (file.size > LARGEST) return problem(say("A picture may have at most %(most)s MB.", { most: 8 }));
    problem("");
    const item = document.createElement("li"), shown = document.createElement("img"), away = document.createElement("button");
    item.className = "is-busy";
    shown.alt = file.name;
    Object.assign(away, { type: "button", textContent: "×", ariaLabel: say("Remove %(name)s", { name: file.name }) });
    away.addEventListener("click", () => { item.remove(); settle(); form.querySelector("textarea").focus(); });
    item.append(shown, away);
    tray.append(item);
    settle();
    const root = `/api/desk/conversations/${form.dataset.draft}/attachments`;
    try {
      const answer = await fetch(root, { method: "POST", body: file, headers: {
        "Content-Type": file.type, "X-CSRF-Token": form.elements.csrf.value, "Accept-Language": document.documentElement.lang,
      } });
      const body = await answer.json();
      if (!answer.ok) throw new Error(body.title);
      if ([...tray.querySelectorAll("input")].some((known) => known.value === body.id)) return void (item.remove(), settle());
      shown.src = body.url;
      item.append(Object.assign(document.createElement("input"), { type: "hidden", name: "attachments", value: body.id }));
      item.classList.remove("is-busy");
    } catch (error) {
      item.remove();
      problem(error instanceof TypeError ? say("The desk cannot be reached. Add the picture again.") : error.message);
    }
    settle();
  };

  document.addEventListener("click", (event) => {
    if (event.target.closest("#add-picture")) find("#picture-file").click();
  });
  document.addEventListener("change", (event) => {
    if (event.target.id !== "picture-file") return;
    [...event.target.files].forEach(add);
    event.target.value = "";
  });
  document.addEventListener("paste", (event) => {
    const files = event.target.closest("#composer") ? [...event.clipboardData.files].filter((f) => f.type.startsWith("image/")) : [];
    if (files.length) { event.preventDefault(); files.forEach(add); }
  });
  document.addEventListener("dragover", (event) => { if (composer()) event.preventDefault(); });
  document.addEventListener("drop", (event) => {
    if (!composer() || !event.dataTransfer.files.length) return;
    event.preventDefault();
    [...event.dataTransfer.files].forEach(add);
  });
  document.body.addEventListener("said", () => {
    const tray = find("#tray");
    if (tray) tray.replaceChildren();
    settle();
  });
})();

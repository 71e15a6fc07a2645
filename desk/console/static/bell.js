/* A hand-off is given to this agent: a sound and a notification, if he wants them; and who else is at work here. */
"use strict";
(() => {
  const find = (selector) => document.querySelector(selector);
  const bell = find("#bell");
  let wanted = localStorage.getItem("bell") === "on";
  let audio = null;
  const show = () => {
    bell.setAttribute("aria-pressed", wanted);
    bell.textContent = wanted ? say("Sound on") : say("Sound off");
  };

  const ring = () => {
    audio = audio || new AudioContext();
    [[0, 660], [0.18, 880]].forEach(([after, tone]) => {
      const sound = audio.createOscillator(), volume = audio.createGain(), at = audio.currentTime + after;
      sound.frequency.value = tone;
      volume.gain.setValueAtTime(0.0001, at);
      volume.gain.exponentialRampToValueAtTime(0.12, at + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, at + 0.16);
      sound.connect(volume).connect(audio.destination);
      sound.start(at);
      sound.stop(at + 0.2);
    });
  };

  bell.addEventListener("click", () => {
    wanted = !wanted;
    localStorage.setItem("bell", wanted ? "on" : "off");
    show();
    if (!wanted) return;
    ring();
    if ("Notification" in window && Notification.permission === "default") Notification.requestPermission();
  });

  show();
  bell.hidden = false;  // not before it does something

  let writing = 0;
  document.body.addEventListener("htmx:sseBeforeMessage", (event) => {
    if (event.target.id === "ring") {
      event.preventDefault();
      find("#given").textContent = say("A hand-off is given to you.");  // apart from the news of the queue, which comes at the same moment
      if (!wanted) return;
      ring();
      if ("Notification" in window && Notification.permission === "granted" && document.hidden) {
        new Notification("Fubb", { body: say("A hand-off is given to you."), tag: "fubb-assigned" });
      }
    }
    if (event.target.id === "writing") {
      event.preventDefault();
      event.target.textContent = event.detail.data;
      event.target.hidden = false;
      clearTimeout(writing);
      writing = setTimeout(() => { event.target.hidden = true; }, 6000);
    }
  });
})();

'use strict';
// The page of the Telegram simulator: shows what the simulated Telegram holds, and does what a person would.
const $ = (id) => document.getElementById(id);
let state = { chats: [], commands: {}, bot: {}, reads_all: false };
let chosen = Number(sessionStorage.getItem('chat')) || null;
let writers = {};  // who writes in which group
let about = null;  // the message that is answered or corrected: { chat, message, edits }
let payload = new URLSearchParams(location.search).get('start');  // of a link that was opened: sent when Start is pressed
let shown = '';
const alerted = {};
let toEnd = false;  // who writes wants to see what comes of it

const chat = () => state.chats.find((c) => c.id === chosen);
const isGroup = (c) => c.kind !== 'private';
const writer = (c) => (c.people.find((p) => p.id === writers[c.id]) || c.people[0]);
const make = (tag, className, text) => Object.assign(document.createElement(tag), { className: className || '', textContent: text || '' });
const wordsOf = (message) => message.text || message.caption || thing(message);

async function post(what, body) {
  const answer = await fetch(`/sim/${what}`, { method: 'POST', body: JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) notice(told.title);
  await look();
  return told;
}

const act = (what, body) => {
  if (what !== 'press') toEnd = true;
  return post(what, { chat: chosen, person: writer(chat()).id, ...body });
};

function notice(text) {
  $('notice').textContent = text;
  $('notice').hidden = false;
  clearTimeout(notice.timer);
  notice.timer = setTimeout(() => { $('notice').hidden = true; }, 4000);
}

function choose(id) {
  chosen = id;
  sessionStorage.setItem('chat', id);
  about = null;
  shown = '';
  return look();
}

async function look() {
  try {
    state = await (await fetch('/sim/state')).json();
  } catch {
    notice('The simulator does not answer. Is it still running?');
    return;
  }
  if (!chat() || (payload !== null && isGroup(chat()))) chosen = (state.chats.find((c) => !isGroup(c)) || state.chats[0] || { id: null }).id;
  const now = JSON.stringify([state, chosen, about, payload, writers]);
  if (now !== shown) { shown = now; show(); }
}

function show() {
  const here = chat();
  $('chats').replaceChildren(...state.chats.map((c) => {
    const item = make('li');
    const pick = make('button', '', c.name);
    pick.append(make('small', '', isGroup(c) ? ` group of ${c.people.length + 1}` : ` ${c.people[0].language}`));
    if (c.id === chosen) pick.setAttribute('aria-current', 'true');
    pick.onclick = () => choose(c.id);
    item.append(pick);
    return item;
  }));
  showHead(here);
  showMessages(here);
  showForm(here);
}

function showHead(here) {
  const group = here && isGroup(here);
  $('title').textContent = group ? here.name : 'Fubb';
  $('face').textContent = $('title').textContent[0];
  $('status').textContent = here && here.typing ? 'Fubb is typing …' : group ? [...here.people.map((p) => p.name), 'Fubb'].join(', ') : 'bot';
  $('block').textContent = here && here.blocked ? 'Unblock' : 'Block';
  $('block').disabled = !here;
  $('block').hidden = group;
  $('privacy').hidden = !group;
  $('reads').checked = state.reads_all;
  if (here && alerted[here.id] !== undefined && here.alerts > alerted[here.id]) notice(here.alert);
  if (here) alerted[here.id] = here.alerts;
}

function showMessages(here) {
  const list = $('messages');
  const atEnd = toEnd || list.dataset.chat !== String(chosen) || list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  list.dataset.chat = chosen;
  list.replaceChildren(...(here ? here.messages.map((m) => bubble(here, m)) : [make('li', 'empty', payload === null
    ? 'Open a chat to begin: give a name at the left.' : 'A link to Fubb was opened. Say who opens it: give a name at the left.')]));
  if (here && isGroup(here) && !here.messages.some((m) => m.text)) {
    list.append(make('li', 'empty', `Fubb answers here only when it is addressed: with @${state.bot.username}, with an answer to one of its messages, or with a command from the menu.`));
  } else if (here && payload !== null) {
    list.append(make('li', 'empty', `A link to Fubb was opened: Start opens it as ${here.name}. Or choose somebody else at the left.`));
  } else if (here && !here.messages.length) {
    const item = make('li', 'empty', 'Just write, choose a command from the menu, or press ');
    const begin = make('button', '', 'Start');
    begin.onclick = () => act('say', { text: '/start' });
    item.append(begin);
    list.append(item);
  }
  toEnd = false;
  const scroll = () => { list.scrollTop = list.scrollHeight; };
  if (atEnd) scroll();
  if (atEnd) for (const picture of list.querySelectorAll('img')) picture.onload = scroll;
}

function showForm(here) {
  const group = here && isGroup(here);
  $('start').hidden = !(here && payload !== null);
  $('write').hidden = !$('start').hidden;
  for (const part of $('write').elements) part.disabled = !here || here.blocked;
  $('text').placeholder = here && here.blocked ? 'You have blocked Fubb: unblock it to write.' : 'Message';
  $('writer').hidden = !group;
  if (group) {
    $('writer').replaceChildren(...here.people.map((p) => new Option(`as ${p.name}`, p.id, false, p.id === writer(here).id)));
  }
  $('about').hidden = !about;
  if (about) $('what').textContent = (about.edits ? 'Correct: ' : 'Answer: ') + wordsOf(about.message);
  const words = here ? (state.commands[writer(here).language] || state.commands[''] || []) : [];
  $('commands').replaceChildren(...words.map((c) => {
    const item = make('li');
    const pick = make('button');
    pick.type = 'button';
    pick.append(make('b', '', `/${c.command}`), ` ${c.description}`);
    pick.onclick = () => { fold(); act('say', { text: `/${c.command}${group ? `@${state.bot.username}` : ''}` }); };
    item.append(pick);
    return item;
  }));
  if (!words.length) $('commands').append(make('li', 'hint', 'No commands yet: the desk shows them here when it starts.'));
}

function thing(message) {
  if (message.new_chat_members) return `${message.from.first_name} has put Fubb into the group`;
  if (message.sticker) return message.sticker.emoji;
  if (message.document) return `📎 ${message.document.file_name}`;
  const signs = { voice: '🎤 Voice message', video: '🎬 Video', location: '📍 Location', contact: '👤 Contact' };
  return signs[Object.keys(signs).find((kind) => message[kind])] || '';
}

function written(message) {
  // The text with what Telegram marks in it; addresses can be opened.
  const text = wordsOf(message);
  const parts = [];
  let done = 0;
  const links = [...text.matchAll(/https?:\/\/[^\s]*[^\s.,;:!?)]/g)].map((m) => ({ type: 'url', offset: m.index, length: m[0].length }));
  for (const mark of [...(message.entities || message.caption_entities || []), ...links].sort((a, b) => a.offset - b.offset)) {
    if (mark.offset < done) continue;
    parts.push(text.slice(done, mark.offset));
    done = mark.offset + mark.length;
    const words = text.slice(mark.offset, done);
    if (mark.type !== 'url') { parts.push(make(mark.type === 'bold' ? 'b' : 'i', '', words)); continue; }
    const link = Object.assign(make('a', '', words), { href: words, target: '_blank', rel: 'noopener' });
    if (link.origin === location.origin && link.pathname === `/${state.bot.username}`) link.onclick = opens(link);
    parts.push(link);
  }
  return [...parts, text.slice(done)];
}

const opens = (link) => (event) => {
  // A link to the bot leads into the chat of two of whoever opens it.
  event.preventDefault();
  payload = new URLSearchParams(link.search).get('start') || '';
  choose(writer(chat()).id);
};

function bubble(here, message) {
  if (message.new_chat_members) return make('li', 'empty', thing(message));
  const group = isGroup(here);
  const own = !message.from.is_bot && (!group || message.from.id === writer(here).id);
  const item = make('li', own ? 'own' : '');
  const body = make('div', message.sticker ? 'bubble big' : 'bubble');
  if (group && !own) body.append(make('div', message.from.is_bot ? 'name bot' : 'name', message.from.first_name));
  if (message.reply_to_message) body.append(make('div', 'quote', wordsOf(message.reply_to_message)));
  if (message.photo) {
    const picture = make('img');
    picture.src = `/sim/pictures/${message.photo[message.photo.length - 1].file_id}`;
    picture.alt = 'A picture';
    body.append(picture);
  }
  body.append(...written(message));
  const at = make('div', 'at', new Date(message.date * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) + (message.edit_date ? ' edited' : ''));
  if (here.unseen.includes(message.message_id)) at.prepend(make('span', 'unseen', 'Fubb does not get this · '));
  body.append(at);
  item.append(body, tools(message, own));
  const keys = (message.reply_markup || {}).inline_keyboard || [];
  if (keys.length) {
    const rows = make('div', 'keys');
    for (const key of keys.flat()) {
      const press = make('button', '', key.text);
      press.onclick = () => act('press', { message: message.message_id, data: key.callback_data });
      rows.append(press);
    }
    item.append(rows);
  }
  return item;
}

function tools(message, own) {
  const box = make('div', 'tools');
  const add = (title, edits) => {
    const pick = make('button', '', title);
    pick.onclick = () => {
      about = { chat: chosen, message, edits };
      $('text').value = edits ? message.text : '';
      look().then(() => $('text').focus());
    };
    box.append(pick);
  };
  add('Answer', false);
  if (own && message.text) add('Correct', true);
  return box;
}

function leave() {
  if (about && about.edits) $('text').value = '';
  about = null;
  look();
}

function fold(but) {
  for (const [button, list] of [['menu', 'commands'], ['attach', 'things']]) {
    $(list).hidden = button !== but || !$(list).hidden;
    $(button).setAttribute('aria-expanded', !$(list).hidden);
  }
}

$('join').onsubmit = async (event) => {
  event.preventDefault();
  const told = await post('person', Object.fromEntries(new FormData(event.target)));
  if (told.chat) { event.target.reset(); choose(told.chat); }
};
$('gather').onsubmit = async (event) => {
  event.preventDefault();
  const language = $('join').elements.language.value;
  const told = await post('group', { ...Object.fromEntries(new FormData(event.target)), language });
  if (told.chat) { event.target.reset(); choose(told.chat); }
};
$('write').onsubmit = (event) => {
  event.preventDefault();
  const text = $('text').value.trim();
  if (!text) return;
  $('text').value = '';
  const to = about;
  about = null;
  if (to && to.edits) act('edit', { message: to.message.message_id, text });
  else act('say', { text, reply_to: to && to.message.message_id });
};
for (const input of document.querySelectorAll('#things input')) input.onchange = async (event) => {
  const file = event.target.files[0];
  const asked = new URLSearchParams({ chat: chosen, person: writer(chat()).id, caption: $('text').value.trim(), as: input.dataset.as });
  if (file) asked.set('name', file.name);
  if (file) await fetch(`/sim/file?${asked}`, { method: 'POST', body: file });
  event.target.value = '';
  $('text').value = '';
  fold();
  look();
};
for (const button of document.querySelectorAll('#things button')) button.onclick = () => { fold(); act('send', { thing: button.dataset.thing }); };
$('menu').onclick = () => fold('menu');
$('attach').onclick = () => fold('attach');
document.onkeydown = (event) => { if (event.key === 'Escape') { fold(); leave(); } };
$('leave').onclick = leave;
$('writer').onchange = () => { writers = { ...writers, [chosen]: Number($('writer').value) }; about = null; look(); };
$('reads').onchange = () => post('privacy', { reads_all: $('reads').checked });
$('block').onclick = () => act('block', {});
$('start').onclick = () => {
  const text = `/start ${payload}`.trim();
  payload = null;
  history.replaceState(null, '', '/');
  act('say', { text });
};
for (const fault of document.querySelectorAll('#faults button')) fault.onclick = () => post('fault', { kind: fault.dataset.kind }).then(() => notice(`Fubb’s next message ${fault.textContent}.`));
setInterval(look, 500);
look();

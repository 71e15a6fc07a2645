'use strict';
// The page of the Telegram simulator: shows what the simulated Telegram holds, and does what a person would.
const $ = (id) => document.getElementById(id);
let state = { chats: [], commands: {} };
let chosen = Number(sessionStorage.getItem('chat')) || null;
let shown = '';
let noticed = '';
const start = new URLSearchParams(location.search).get('start');

async function post(what, body) {
  const answer = await fetch(`/sim/${what}`, { method: 'POST', body: JSON.stringify(body) });
  const told = await answer.json();
  if (!answer.ok) notice(told.title);
  await look();
  return told;
}

const chat = () => state.chats.find((c) => c.id === chosen);
const make = (tag, className, text) => Object.assign(document.createElement(tag), { className: className || '', textContent: text || '' });

function notice(text) {
  $('notice').textContent = text;
  $('notice').hidden = false;
  clearTimeout(notice.timer);
  notice.timer = setTimeout(() => { $('notice').hidden = true; }, 4000);
}

async function look() {
  state = await (await fetch('/sim/state')).json();
  if (!chat()) chosen = state.chats.length ? state.chats[0].id : null;
  const now = JSON.stringify([state, chosen]);
  if (now !== shown) { shown = now; show(); }
}

function show() {
  const here = chat();
  $('people').replaceChildren(...state.chats.map((c) => {
    const item = make('li');
    const pick = make('button', '', `${c.name} (${c.language || c.kind})`);
    if (c.id === chosen) pick.setAttribute('aria-current', 'true');
    pick.onclick = () => { chosen = c.id; sessionStorage.setItem('chat', c.id); shown = ''; look(); };
    item.append(pick);
    return item;
  }));
  $('status').textContent = here && here.typing ? 'typing …' : 'bot';
  $('block').textContent = here && here.blocked ? 'Unblock' : 'Block';
  $('block').disabled = !here;
  for (const part of $('write').elements) part.disabled = !here;
  const list = $('messages');
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  list.replaceChildren(...(here ? here.messages.map(bubble) : [make('li', 'empty', 'Open a chat to begin: give a name at the left.')]));
  if (here && !here.messages.length) list.append(make('li', 'empty', 'Say hello, or choose a command from the menu.'));
  if (atEnd) list.scrollTop = list.scrollHeight;
  const words = here ? (state.commands[here.language] || state.commands[''] || []) : [];
  $('commands').replaceChildren(...words.map((c) => {
    const item = make('li');
    const pick = make('button');
    pick.type = 'button';
    pick.append(make('b', '', `/${c.command}`), ` ${c.description}`);
    pick.onclick = () => { $('commands').hidden = true; post('say', { chat: chosen, text: `/${c.command}` }); };
    item.append(pick);
    return item;
  }));
  const told = here && here.notices.length ? here.notices[0] : '';
  if (told && told !== noticed) notice(told);
  noticed = told;
}

function bubble(message) {
  const item = make('li', message.from.is_bot ? '' : 'own');
  const body = make('div', 'bubble');
  if (message.photo) {
    const picture = make('img');
    picture.src = `/sim/pictures/${message.photo[message.photo.length - 1].file_id}`;
    picture.alt = 'A picture';
    body.append(picture);
  }
  const text = message.text || message.caption || (message.voice ? '🎤 Voice message' : '');
  const bold = (message.entities || []).find((e) => e.type === 'bold');
  if (bold) body.append(make('b', '', text.slice(0, bold.length)), text.slice(bold.length));
  else body.append(text);
  body.append(make('div', 'at', new Date(message.date * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' }) + (message.edit_date ? ' edited' : '')));
  item.append(body);
  const keys = (message.reply_markup || {}).inline_keyboard || [];
  if (keys.length) {
    const rows = make('div', 'keys');
    for (const key of keys.flat()) {
      const press = make('button', '', key.text);
      press.onclick = () => post('press', { chat: chosen, message: message.message_id, data: key.callback_data });
      rows.append(press);
    }
    item.append(rows);
  }
  return item;
}

$('join').onsubmit = async (event) => {
  event.preventDefault();
  const given = Object.fromEntries(new FormData(event.target));
  const told = await post('person', given);
  if (!told.chat) return;
  chosen = told.chat;
  sessionStorage.setItem('chat', chosen);
  event.target.reset();
  if (start) await post('say', { chat: chosen, text: `/start ${start}` });
  shown = '';
  look();
};
$('write').onsubmit = (event) => {
  event.preventDefault();
  const text = $('text').value.trim();
  $('text').value = '';
  if (text) post('say', { chat: chosen, text });
};
$('write').querySelector('input[type=file]').onchange = async (event) => {
  const file = event.target.files[0];
  if (file) await fetch(`/sim/picture?chat=${chosen}&caption=${encodeURIComponent($('text').value.trim())}`, { method: 'POST', body: file });
  event.target.value = '';
  $('text').value = '';
  look();
};
$('menu').onclick = () => { $('commands').hidden = !$('commands').hidden; $('menu').setAttribute('aria-expanded', !$('commands').hidden); };
$('block').onclick = () => post('block', { chat: chosen });
for (const fault of document.querySelectorAll('#faults button')) fault.onclick = () => post('fault', { kind: fault.dataset.kind });
if (start && chosen) post('say', { chat: chosen, text: `/start ${start}` }).then(() => history.replaceState(null, '', location.pathname));
setInterval(look, 500);
look();

/* <fubb-chat>: the customer's chat of Fubb. One file, no framework, no build step.

     <script src="https://desk.example/widget.js" defer></script>

   Parts, in this order: the words (four languages), the look, small helpers, Talk (the conversation: session, receiving,
   sending, what is kept in the browser), FubbChat (what people see). docs/widget.md is for the shop's web developer. */
(() => {
'use strict';
const script = document.currentScript || document.querySelector('script[src*="widget.js"]');
const LONGEST = 2000; // characters of one message, as the desk counts them (code points)
const NEAR = 1800; // from here on the counter shows
const PAGE = 200; // messages in one answer of the desk
const PHONE = matchMedia('(max-width: 480px)');

// ---- the words -----------------------------------------------------------------------------------------------------

const LANGUAGES = { en: 'English', sv: 'Svenska', nb: 'Norsk', fi: 'Suomi' };
const WORDS = {
  en: {
    launch: 'Chat with us', title: 'Customer service', close: 'Close the chat', menu: 'Settings', language: 'Language',
    hello: 'Hello! Write to us about anything. We stay with it until you are satisfied.',
    helping: '{name} is helping you', assistant: 'digital assistant', person: 'customer service', you: 'You',
    log: 'Messages', choices: 'Choose an answer', write: 'Write a message', send: 'Send', typing: '{name} is typing…',
    sending: 'sending…', waiting: 'not sent yet', opening: 'One moment…', newer: 'New messages',
    unread: ['{n} new message', '{n} new messages'], left: '{n} left', over: '{n} too many',
    tooLong: 'A message can have at most 2,000 characters. Please shorten it a little, or send it in two parts.',
    offline: 'No connection right now. We keep trying, and whatever you write is sent as soon as it is back.',
    busy: 'Our desk is not answering right now. We keep trying, and your message is safe here.',
    fast: 'That was a lot at once. The rest goes out in {n} s.',
    ended: 'Your earlier chat has ended here, so we have started a new one.',
    failed409: 'Something got mixed up on the way. Please send it again.',
    failed413: 'This message is too long for us to receive. Please shorten it.',
    failed422: 'We could not read this message. Please change it and send it again.',
    failedChoice: 'That choice is no longer open. Please tell us in your own words.',
    again: 'Send again', edit: 'Change', remove: 'Remove',
    picture: 'Add a picture', pictureIs: 'Picture {n}', larger: 'Show larger', smaller: 'Show smaller',
    preparing: 'getting the picture ready…', tooMany: 'A message can have at most 5 pictures. Send the others in the next one.',
    badPicture: 'We could not read that picture. Send it as JPEG or PNG, at most 8 MB.',
    over1: 'Start over', over2: 'Start over with an empty chat?',
    over3: 'This conversation disappears from this page. Your cases stay with us.',
    over4: 'A message that is not sent yet is thrown away.', yes: 'Start over', no: 'Keep this chat',
  },
  sv: {
    launch: 'Chatta med oss', title: 'Kundservice', close: 'Stäng chatten', menu: 'Inställningar', language: 'Språk',
    hello: 'Hej! Skriv till oss om vad som helst. Vi släpper det inte förrän du är nöjd.',
    helping: '{name} hjälper dig', assistant: 'digital assistent', person: 'kundservice', you: 'Du',
    log: 'Meddelanden', choices: 'Välj ett svar', write: 'Skriv ett meddelande', send: 'Skicka', typing: '{name} skriver …',
    sending: 'skickas …', waiting: 'inte skickat än', opening: 'Ett ögonblick …', newer: 'Nya meddelanden',
    unread: ['{n} nytt meddelande', '{n} nya meddelanden'], left: '{n} kvar', over: '{n} för många',
    tooLong: 'Ett meddelande kan ha högst 2 000 tecken. Korta det lite, eller skicka det i två delar.',
    offline: 'Ingen anslutning just nu. Vi fortsätter att försöka, och det du skriver skickas så snart den är tillbaka.',
    busy: 'Vi kan inte ta emot just nu. Vi fortsätter att försöka, och ditt meddelande är sparat här.',
    fast: 'Det var mycket på en gång. Resten skickas om {n} s.',
    ended: 'Din tidigare chatt är avslutad här, så vi har börjat en ny.',
    failed409: 'Något blev fel på vägen. Skicka det gärna igen.',
    failed413: 'Meddelandet är för långt för oss. Korta det gärna lite.',
    failed422: 'Vi kunde inte läsa meddelandet. Ändra det och skicka igen.',
    failedChoice: 'Det valet finns inte längre. Berätta gärna med egna ord.',
    again: 'Skicka igen', edit: 'Ändra', remove: 'Ta bort',
    picture: 'Lägg till en bild', pictureIs: 'Bild {n}', larger: 'Visa större', smaller: 'Visa mindre',
    preparing: 'bilden förbereds …', tooMany: 'Ett meddelande kan ha högst 5 bilder. Skicka de andra i nästa.',
    badPicture: 'Vi kunde inte läsa bilden. Skicka den som JPEG eller PNG, högst 8 MB.',
    over1: 'Börja om', over2: 'Börja om med en tom chatt?',
    over3: 'Samtalet försvinner från den här sidan. Dina ärenden finns kvar hos oss.',
    over4: 'Ett meddelande som inte är skickat än tas bort.', yes: 'Börja om', no: 'Behåll chatten',
  },
  nb: {
    launch: 'Chat med oss', title: 'Kundeservice', close: 'Lukk chatten', menu: 'Innstillinger', language: 'Språk',
    hello: 'Hei! Skriv til oss om hva som helst. Vi slipper det ikke før du er fornøyd.',
    helping: '{name} hjelper deg', assistant: 'digital assistent', person: 'kundeservice', you: 'Du',
    log: 'Meldinger', choices: 'Velg et svar', write: 'Skriv en melding', send: 'Send', typing: '{name} skriver …',
    sending: 'sendes …', waiting: 'ikke sendt ennå', opening: 'Et øyeblikk …', newer: 'Nye meldinger',
    unread: ['{n} ny melding', '{n} nye meldinger'], left: '{n} igjen', over: '{n} for mange',
    tooLong: 'En melding kan ha høyst 2 000 tegn. Kort den litt ned, eller send den i to deler.',
    offline: 'Ingen forbindelse akkurat nå. Vi prøver videre, og det du skriver, sendes så snart den er tilbake.',
    busy: 'Vi kan ikke ta imot akkurat nå. Vi prøver videre, og meldingen din er trygg her.',
    fast: 'Det var mye på én gang. Resten sendes om {n} s.',
    ended: 'Den tidligere chatten din er avsluttet her, så vi har begynt en ny.',
    failed409: 'Noe gikk galt underveis. Send den gjerne på nytt.',
    failed413: 'Meldingen er for lang for oss. Kort den gjerne litt ned.',
    failed422: 'Vi klarte ikke å lese meldingen. Endre den og send på nytt.',
    failedChoice: 'Det valget finnes ikke lenger. Fortell oss det gjerne med egne ord.',
    again: 'Send på nytt', edit: 'Endre', remove: 'Fjern',
    picture: 'Legg til et bilde', pictureIs: 'Bilde {n}', larger: 'Vis større', smaller: 'Vis mindre',
    preparing: 'bildet gjøres klart …', tooMany: 'En melding kan ha høyst 5 bilder. Send de andre i den neste.',
    badPicture: 'Vi klarte ikke å lese bildet. Send det som JPEG eller PNG, høyst 8 MB.',
    over1: 'Begynn på nytt', over2: 'Begynne på nytt med en tom chat?',
    over3: 'Samtalen forsvinner fra denne siden. Sakene dine har vi fortsatt.',
    over4: 'En melding som ikke er sendt ennå, blir slettet.', yes: 'Begynn på nytt', no: 'Behold chatten',
  },
  fi: {
    launch: 'Kysy meiltä', title: 'Asiakaspalvelu', close: 'Sulje keskustelu', menu: 'Asetukset', language: 'Kieli',
    hello: 'Hei! Voit kirjoittaa meille mistä tahansa. Emme jätä asiaa kesken, ennen kuin olet tyytyväinen.',
    helping: '{name} auttaa sinua', assistant: 'digitaalinen avustaja', person: 'asiakaspalvelija', you: 'Sinä',
    log: 'Viestit', choices: 'Valitse vastaus', write: 'Kirjoita viesti', send: 'Lähetä', typing: '{name} kirjoittaa…',
    sending: 'lähetetään…', waiting: 'ei vielä lähetetty', opening: 'Pieni hetki…', newer: 'Uusia viestejä',
    unread: ['{n} uusi viesti', '{n} uutta viestiä'], left: '{n} jäljellä', over: '{n} liikaa',
    tooLong: 'Viestissä voi olla enintään 2 000 merkkiä. Lyhennä sitä hieman tai lähetä se kahdessa osassa.',
    offline: 'Yhteyttä ei juuri nyt ole. Yritämme koko ajan uudelleen, ja viestisi lähtee heti, kun yhteys palaa.',
    busy: 'Emme pysty juuri nyt vastaanottamaan viestejä. Yritämme uudelleen, ja viestisi on tässä tallessa.',
    fast: 'Viestejä tuli paljon kerralla. Loput lähtevät {n} sekunnin kuluttua.',
    ended: 'Aiempi keskustelusi on päättynyt, joten aloitimme uuden.',
    failed409: 'Jotain meni matkalla vikaan. Lähetä viesti uudelleen.',
    failed413: 'Viesti on liian pitkä. Lyhennä sitä hieman.',
    failed422: 'Emme pystyneet lukemaan viestiä. Muuta sitä ja lähetä uudelleen.',
    failedChoice: 'Tuo vaihtoehto ei ole enää käytössä. Kerro asiasi omin sanoin.',
    again: 'Lähetä uudelleen', edit: 'Muuta', remove: 'Poista',
    picture: 'Lisää kuva', pictureIs: 'Kuva {n}', larger: 'Näytä suurempana', smaller: 'Näytä pienempänä',
    preparing: 'kuvaa valmistellaan…', tooMany: 'Viestissä voi olla enintään 5 kuvaa. Lähetä loput seuraavassa.',
    badPicture: 'Emme pystyneet lukemaan kuvaa. Lähetä se JPEG- tai PNG-muodossa, enintään 8 Mt.',
    over1: 'Aloita alusta', over2: 'Aloitetaanko uusi keskustelu?',
    over3: 'Tämä keskustelu katoaa sivulta. Asiasi pysyvät meillä tallessa.',
    over4: 'Viesti, jota ei ole vielä lähetetty, poistetaan.', yes: 'Aloita alusta', no: 'Jatka tätä keskustelua',
  },
};

/** One of our four languages for a code such as "sv-SE", "no" or "nn"; undefined for any other. */
function languageOf(code) {
  const short = String(code || '').toLowerCase().split(/[-_]/)[0];
  return short === 'no' || short === 'nn' ? 'nb' : Object.hasOwn(WORDS, short) ? short : undefined;
}

/** The locale that numbers and times are written in: the browser's own kind of the language where it has one. */
const localeOf = (language) => (navigator.languages || []).find((l) => languageOf(l) === language && l.includes('-'))
  || { en: 'en-GB', sv: 'sv-SE', nb: 'nb-NO', fi: 'fi-FI' }[language];

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

// ---- the look ------------------------------------------------------------------------------------------------------
// A constructed style sheet: it needs no 'unsafe-inline' in the host page's content security policy.

const DARK = `
  --accent: var(--fubb-accent-dark, var(--fubb-accent, #226b5b));
  --on-accent: var(--fubb-on-accent-dark, var(--fubb-on-accent, #fff));
  --link: var(--fubb-link-dark, color-mix(in oklab, var(--accent) 45%, #e9fff8));
  --surface: var(--fubb-surface-dark, #1a2220); --ground: var(--fubb-ground-dark, #121817);
  --text: var(--fubb-text-dark, #e7ede9); --muted: var(--fubb-muted-dark, #a5b2ac); --line: #32403b; --edge: #7d8d86;
  --person: #3a2f1f; --on-person: #f6d9a8; --person-line: #5d4a2c; --warn: #3a2f1f; --on-warn: #f8deb0; --bad: #ffb4a8;
  --shade: 0 1.5rem 4rem rgb(0 0 0 / .55), 0 .25rem 1rem rgb(0 0 0 / .4); color-scheme: dark;`;
const LOOK = `
:host {
  all: initial; position: fixed; z-index: var(--fubb-z, 2147483000);
  inset: auto var(--fubb-right, 1.5rem) var(--fubb-bottom, 1.5rem) auto;
  --accent: var(--fubb-accent, #14574a); --on-accent: var(--fubb-on-accent, #fff);
  --link: var(--fubb-link, var(--fubb-accent, #14574a));
  --surface: var(--fubb-surface, #fff); --ground: var(--fubb-ground, #f6f4ee);
  --text: var(--fubb-text, #1d2522); --muted: var(--fubb-muted, #58645f);
  --line: #e3dfd4; --edge: #838d87; --bad: #a3261b;
  --person: #fdf1dc; --on-person: #6d4206; --person-line: #efd9b0; --warn: #fdf1dc; --on-warn: #5f3a05;
  --shade: 0 1.5rem 4rem rgb(20 40 34 / .22), 0 .25rem 1rem rgb(20 40 34 / .12); --radius: var(--fubb-radius, 1.25rem);
  color-scheme: light;
  font: 400 16px/1.45 var(--fubb-font, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif);
}
@media (prefers-color-scheme: dark) { :host(:not([theme=light])) {${DARK}} }
:host([theme=dark]) {${DARK}}
:host([hidden]) { display: none }
*, ::before, ::after { box-sizing: border-box }
[hidden] { display: none !important }
h2, h3, p { margin: 0; font: inherit }
button, select, textarea { font: inherit; color: inherit; letter-spacing: inherit }
button { background: none; border: 1px solid transparent; cursor: pointer; touch-action: manipulation }
svg { display: block; width: 1.5rem; height: 1.5rem; fill: none; stroke: currentColor; stroke-width: 1.9;
  stroke-linecap: round; stroke-linejoin: round }
:focus { outline: none }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
.sr, .more .head { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
  white-space: nowrap }

.launcher { position: relative; display: flex; align-items: center; gap: .6rem; margin-left: auto; min-height: 3.5rem;
  padding: 0 1.35rem 0 1.1rem; border-radius: 1.75rem; background: var(--accent); color: var(--on-accent); font-weight: 600;
  box-shadow: 0 .5rem 1.5rem rgb(20 40 34 / .28); transition: transform .18s, box-shadow .18s }
.launcher:hover { transform: translateY(-2px); box-shadow: 0 .75rem 2rem rgb(20 40 34 / .34) }
.launcher svg { width: 1.75rem; height: 1.75rem }
.launcher .is-down, .isopen .launcher .is-mark { display: none }
.isopen .launcher .is-down { display: block }
.isopen .launcher { width: 3.5rem; padding: 0; justify-content: center }
.isopen .label { display: none }
.badge { position: absolute; top: -.4rem; right: -.2rem; display: grid; place-items: center; min-width: 1.5rem; height: 1.5rem;
  padding: 0 .3rem;  border: 2px solid var(--surface); border-radius: 1rem; background: #b3261e; color: #fff; font-size: .8125rem; line-height: 1 }

.panel { position: absolute; right: 0; bottom: 4.5rem; display: flex; flex-direction: column; width: 25rem;
  max-width: calc(100vw - 2rem); height: min(42rem, calc(100vh - 7.5rem)); overflow: hidden; border: 1px solid var(--line);
  border-radius: var(--radius); background: var(--ground); color: var(--text); box-shadow: var(--shade);
  transform-origin: 100% 100%; animation: rise .22s cubic-bezier(.2, .8, .3, 1) }
@keyframes rise { from { opacity: 0; transform: translateY(.75rem) scale(.98) } }
header { display: flex; align-items: center; gap: .75rem; padding: .9rem .7rem .9rem 1.1rem; background: var(--accent);
  background-image: radial-gradient(18rem 9rem at 100% -25%, rgb(255 255 255 / .2), transparent 75%);
  color: var(--on-accent) }
header > .is-mark { flex: none; width: 2.1rem; height: 2.1rem }
header > div { flex: 1; min-width: 0 }
h2 { font-weight: 650; font-size: 1.0625rem; line-height: 1.3 }
.sub { font-size: .875rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.icon { display: grid; place-items: center; flex: none; width: 2.75rem; height: 2.75rem; border-radius: 50% }
header .icon:hover, header .icon[aria-expanded=true] { background: rgb(255 255 255 / .16) }
header .icon:focus-visible { outline-color: currentColor; outline-offset: -3px }
.menu { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: .6rem 1rem;
  padding: .75rem 1.1rem; border-bottom: 1px solid var(--line); background: var(--surface) }
.menu label { display: flex; align-items: center; gap: .6rem }
select { min-height: 2.75rem; padding: 0 .6rem; border: 1px solid var(--edge); border-radius: .7rem;
  background: var(--surface) }

.scroll { flex: 1; min-height: 0; padding: 1rem 1.1rem .5rem; overflow: hidden auto; overscroll-behavior: contain;
  scrollbar-width: thin; scrollbar-color: var(--edge) transparent }
.scroll:focus-visible { outline-offset: -3px }
.hello { max-width: 19rem; margin: 1.75rem auto; color: var(--muted); text-align: center; text-wrap: balance }
.hello svg { width: 3rem; height: 3rem; margin: 0 auto .75rem; color: var(--link); stroke-width: 1.5 }
.day { margin: 1rem 0 .25rem; color: var(--muted); font-size: .8125rem; font-weight: 600; text-align: center }
.day:first-child { margin-top: 0 }
.msg { margin-top: 1rem; padding-left: 2.75rem; position: relative }
.msg.more { margin-top: .3rem }
.head { margin-bottom: .2rem; color: var(--muted); font-size: .8125rem }
.head b { color: var(--text); font-weight: 650 }
.avatar { position: absolute; left: 0; top: .1rem; display: grid; place-items: center; width: 2.1rem; height: 2.1rem;
  border-radius: .75rem; background: var(--surface); border: 1px solid var(--line); color: var(--link); font-size: .9375rem;
  font-weight: 650 }
.avatar svg { width: 1.35rem; height: 1.35rem }
.more .avatar { display: none }
.text { width: fit-content; max-width: 100%; padding: .6rem .9rem; border: 1px solid var(--line);
  border-radius: .35rem 1.1rem 1.1rem; background: var(--surface); white-space: pre-wrap; overflow-wrap: anywhere }
.text a { color: var(--link); text-underline-offset: .15em }
.agent .avatar { border-radius: 50%; background: var(--person); border-color: var(--person-line); color: var(--on-person) }
.agent .text { background: var(--person); border-color: var(--person-line) }
.customer { padding-left: 2.75rem }
.customer .head { text-align: end }
.customer .text { margin-left: auto; border-color: transparent; border-radius: 1.1rem .35rem 1.1rem 1.1rem;
  background: var(--accent); color: var(--on-accent) }
.unsent .text { background: var(--surface); border: 1px dashed var(--edge); color: var(--text) }
.status { margin-top: .2rem; color: var(--muted); font-size: .8125rem; text-align: right }
.failed .status { color: var(--bad) }
.system { padding: 0 1rem; color: var(--muted); font-size: .875rem; text-align: center }
.system .text { margin: 0 auto; padding: 0; border: 0; background: none }
.choices { display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .6rem }
.customer .choices { justify-content: flex-end; margin-top: .3rem }
.choice { min-height: 2.75rem; padding: .4rem 1.05rem; border: 1.5px solid var(--link); border-radius: 1.4rem;
  background: var(--surface); color: var(--link); font-weight: 600; text-align: start; overflow-wrap: anywhere;
  transition: background .15s, color .15s }
.solid { background: var(--accent); border-color: var(--accent); color: var(--on-accent) }
@media (hover: hover) { .choice:hover { background: var(--accent); border-color: var(--accent); color: var(--on-accent) } }
.typing { display: flex; align-items: center; gap: .5rem; margin: .9rem 0 .3rem 2.75rem; color: var(--muted);
  font-size: .8125rem }
.dots { display: flex; gap: .25rem; padding: .6rem .75rem; border: 1px solid var(--line); border-radius: .35rem 1rem 1rem;
  background: var(--surface) }
.dots i { width: .4rem; height: .4rem; border-radius: 50%; background: var(--muted); animation: breathe 1.2s infinite }
.dots i + i { animation-delay: .15s }
.dots i + i + i { animation-delay: .3s }
@keyframes breathe { 0%, 70%, 100% { opacity: .35 } 35% { opacity: 1; transform: translateY(-.15rem) } }

.foot { position: relative; padding: .5rem .8rem max(.8rem, env(safe-area-inset-bottom)) }
.newer { position: absolute; left: 50%; bottom: 100%; transform: translate(-50%, -.25rem); min-height: 2.75rem;
  padding: 0 1.1rem; border-radius: 1.4rem; background: var(--text); color: var(--ground); font-size: .9375rem;
  font-weight: 600; white-space: nowrap }
.notice:not(:empty) { margin: 0 0 .5rem; padding: .55rem .85rem; border-radius: .8rem; background: var(--warn);
  border: 1px solid var(--person-line); color: var(--on-warn); font-size: .875rem }
form { display: flex; align-items: flex-end; gap: .35rem; padding: .3rem; border: 1.5px solid var(--edge);
  border-radius: 1.5rem; background: var(--surface) }
form:focus-within { border-color: var(--link); box-shadow: 0 0 0 1.5px var(--link) }
textarea { flex: 1; min-width: 0; height: 2.75rem; max-height: 9.5rem; padding: .6rem .2rem .6rem .85rem; border: 0;
  background: none; font-size: 16px; resize: none; overflow-wrap: anywhere; scrollbar-width: thin }
textarea:focus-visible { outline: none }
textarea::placeholder { color: var(--muted); opacity: 1 }
.send { background: var(--accent); color: var(--on-accent) }
.send svg { width: 1.35rem; height: 1.35rem }
.empty .send { background: none; color: var(--muted) }
.tray { display: flex; flex-wrap: wrap; gap: .5rem; margin-bottom: .5rem }
.tray > div { position: relative }
.tray .small { display: block; width: 4.5rem; height: 4.5rem; border-radius: .7rem; border: 1px solid var(--line); object-fit: cover;
  background: var(--surface) }
.tray .busy .small { opacity: .45 }
.tray button { position: absolute; top: -.5rem; right: -.5rem; display: grid; place-items: center; width: 1.75rem; height: 1.75rem;
  border-radius: 50%; background: var(--text); color: var(--ground) }
.tray button svg { width: 1rem; height: 1rem }
.pictures { display: flex; flex-wrap: wrap; gap: .4rem; margin-top: .3rem }
.customer .pictures { justify-content: flex-end }
.pictures button { padding: 0; border-radius: .9rem; overflow: hidden; max-width: 100%; border: 1px solid var(--line);
  background: var(--surface); cursor: zoom-in }
.pictures canvas { display: block; max-width: 100%; height: auto; max-height: 11rem; width: auto }
.pictures .large { cursor: zoom-out }
.pictures .large canvas { max-height: none; width: 100% }
.text:empty { display: none }
.count { padding: .25rem .5rem 0; color: var(--muted); font-size: .8125rem; text-align: right;
  font-variant-numeric: tabular-nums }
.count.over { color: var(--bad); font-weight: 650 }
.confirm { position: absolute; inset: 0; z-index: 1; display: grid; align-content: end; background: rgb(10 20 17 / .55) }
.confirm > div { padding: 1.4rem 1.25rem max(1.25rem, env(safe-area-inset-bottom));
  border-radius: var(--radius) var(--radius) 0 0; background: var(--surface) }
.confirm h2 { margin-bottom: .4rem }

@media (max-width: 480px) {
  :host { inset: auto max(1rem, env(safe-area-inset-right)) max(1rem, env(safe-area-inset-bottom)) auto }
  .panel { position: fixed; inset: var(--top, 0) 0 auto; width: 100%; max-width: none; height: var(--height, 100dvh);
    border: 0; border-radius: 0 }
  .isopen .launcher { visibility: hidden }
  header { padding-top: max(.7rem, env(safe-area-inset-top)) }
}
@media (prefers-reduced-motion: reduce) { *, ::before, ::after { animation: none !important;
  transition: none !important } .dots i { opacity: .7 } }
@media print { :host { display: none } }
@media (forced-colors: active) { .text, .launcher, .panel, .send { border: 1px solid CanvasText } svg {
  stroke: CanvasText } }
`;

// ---- small helpers -------------------------------------------------------------------------------------------------

/** A new element: its class, what it holds (text or elements), its attributes. Text never becomes markup. */
function make(tag, name, inside = [], attributes = {}) {
  const element = document.createElement(tag);
  if (name) element.className = name;
  element.append(...[inside].flat());
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

const SHAPES = {
  mark: [ // a word given, and kept
    'M12 3.4c5.1 0 8.9 3.3 8.9 7.8S17.1 19 12 19c-1.1 0-2.2-.2-3.2-.5L4.2 20.6l1.1-3.9C3.9 15.3 3.1 13.3 3.1 11.2c0-4.5 3.8-7.8 8.9-7.8z',
    'M8.3 11.3l2.6 2.6 4.9-5',
  ],
  down: ['M5 9l7 7 7-7'],
  close: ['M6 6l12 12', 'M18 6L6 18'],
  menu: [
    'M4 8h9', 'M19 8h1', 'M4 16h1', 'M11 16h9',
    'M16 5.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z', 'M8 13.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z',
  ],
  picture: ['M5 5h14a1.5 1.5 0 0 1 1.5 1.5v11A1.5 1.5 0 0 1 19 19H5a1.5 1.5 0 0 1-1.5-1.5v-11A1.5 1.5 0 0 1 5 5z', 'M3.8 16l4.7-4.5 4 3.8 2.9-2.6 4.8 4.2', 'M15.2 8.2a.9.9 0 1 1 0 1.8.9.9 0 0 1 0-1.8z'],
  send: ['M4.5 12h14', 'M12.5 5.5l6.5 6.5-6.5 6.5'],
};

function icon(shape) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.classList.add(`is-${shape}`);
  for (const d of SHAPES[shape]) {
    const path = document.createElementNS(svg.namespaceURI, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}

/**
 * The text as nodes, with its https addresses (and the desk's own) as links. An address with a user name in it hides where it
 * leads: no link. A long one, as a signed link is, is shown by its beginning, never less than its whole host.
 */
function linked(text) {
  return text.split(/(https?:\/\/[^\s<>"'\u2028\u2029]+)/).flatMap((piece, place) => {
    if (place % 2 === 0) return piece;
    let address = piece.replace(/[.,;:!?…]+$/, '');
    while (/[)\]}]$/.test(address) && !/[([{]/.test(address)) address = address.slice(0, -1);
    let url;
    try { url = new URL(address); } catch { return piece; }
    if (url.username || url.password) return piece;
    if (url.protocol === 'http:' && url.origin !== new URL(script ? script.src : location.href, location.href).origin) return piece;
    const shown = Math.max(48, url.origin.length + 1);
    const short = address.length > shown ? `${address.slice(0, shown)}…` : address;
    const link = make('a', '', short, { href: url.href, target: '_blank', rel: 'noopener noreferrer' });
    return [link, piece.slice(address.length)];
  });
}

/** A file as a picture of at most 2048 pixels: a phone's photo of ten megabytes goes out as one of half a megabyte. */
async function shrunk(file) {
  if (file.size < 700000) return file;
  let bitmap;
  try { bitmap = await createImageBitmap(file); } catch { return file; } // the desk says what is wrong with it
  const scale = Math.min(1, 2048 / Math.max(bitmap.width, bitmap.height));
  const canvas = drawn(bitmap, Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  return await new Promise((done) => canvas.toBlob(done, 'image/jpeg', .87)) || file;
}

/** A canvas with this picture on it; unlike an <img> it asks nothing of the page's content security policy. */
function drawn(bitmap, width = bitmap.width, height = bitmap.height) {
  const canvas = make('canvas', '', [], { width, height });
  const pen = canvas.getContext('2d');
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, width, height);
  pen.drawImage(bitmap, 0, 0, width, height);
  return canvas;
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
/** How long to wait after so many failures: 0.5 s, doubling, at most 30 s; half by chance, so that not all come at once. */
const backoff = (failures) => Math.min(8, 0.5 * 2 ** failures) * (500 + Math.random() * 500);
const lengthOf = (text) => [...text].length;

/** What a page keeps between visits; where the browser forbids that, it lasts as long as the page. */
class Kept {
  static fallback = new Map();

  constructor(prefix, storage = 'localStorage') {
    Object.assign(this, { prefix, storage });
  }

  get(name) {
    let text;
    try { text = window[this.storage].getItem(this.prefix + name); } catch { /* forbidden */ }
    try { return JSON.parse(text ?? Kept.fallback.get(this.prefix + name) ?? 'null'); } catch { return null; }
  }

  set(name, value) {
    const key = this.prefix + name;
    Kept.fallback.delete(key);
    try {
      if (value == null) window[this.storage].removeItem(key);
      else window[this.storage].setItem(key, JSON.stringify(value));
    } catch {
      if (value != null) Kept.fallback.set(key, JSON.stringify(value));
    }
  }
}

// ---- Talk: the conversation ----------------------------------------------------------------------------------------

class Problem extends Error {
  constructor(status, retryAfter) {
    super(`The desk answered ${status}`);
    Object.assign(this, { status, retryAfter, unknown: status === 401 || status === 404 });
  }
}

/** Whom the site's signed identity names. It only chooses which conversation is shown; the desk checks the signature. */
function nameIn(identity) {
  if (!identity) return '';
  try {
    return JSON.parse(atob(identity.split('.')[1].replace(/-/g, '+').replace(/_/g, '/'))).sub ?? identity;
  } catch {
    return identity;
  }
}

/**
 * One conversation: opens it, receives its messages in order without gaps, sends what the customer wrote.
 * `on` hears: change() - messages or unsent ones changed; link(state) - 'online', 'offline' or 'busy'; typing(frame);
 * pace(seconds) - sending pauses; begun(ended) - another conversation begins, `ended` when the desk closed the earlier.
 */
class Talk {
  messages = [];
  seq = 0; // of the last message received
  sent = []; // acknowledged, not yet received back as messages
  stuck = false; // the last attempt to send failed
  wakers = new Set();

  constructor(desk, identity, language, on) {
    Object.assign(this, { desk, identity, language, on });
    const anyone = new Kept(`fubb:${desk}:`);
    const name = nameIn(identity);
    this.kept = name ? new Kept(`fubb:${desk}:${name}:`) : anyone;
    if (name && !this.kept.get('session') && anyone.get('wrote')) { // he logged in on the way: the conversation goes on
      for (const key of ['session', 'seq', 'outbox', 'wrote']) {
        this.kept.set(key, anyone.get(key));
        anyone.set(key, null);
      }
    }
    this.session = this.kept.get('session');
    this.noticed = (event) => this.onStorage(event);
    this.woken = (event) => event.type === 'pageshow' && !event.persisted || this.wake();
    this.lost = () => { this.drop(); this.on.link('offline'); };
  }

  start() {
    if (this.running) return;
    this.running = {}; // tells this run from a later one
    addEventListener('storage', this.noticed);
    addEventListener('online', this.woken);
    addEventListener('pageshow', this.woken);
    addEventListener('offline', this.lost);
    document.addEventListener('visibilitychange', this.woken);
    this.watch = setInterval(() => Date.now() - this.heard > 45000 && this.check(), 15000);
    this.listen();
  }

  stop() {
    this.running = null;
    removeEventListener('storage', this.noticed);
    removeEventListener('online', this.woken);
    removeEventListener('pageshow', this.woken);
    removeEventListener('offline', this.lost);
    document.removeEventListener('visibilitychange', this.woken);
    clearInterval(this.watch);
    this.drop();
    this.rouse();
  }

  // -- talking with the desk

  async call(method, path, body, token, patience = 15000) {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), patience);
    const headers = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    const file = body instanceof Blob;
    if (body) headers['Content-Type'] = file ? body.type || 'image/jpeg' : 'application/json';
    try {
      const answer = await fetch(new URL(path, this.desk), {
        method, headers, body: file ? body : body && JSON.stringify(body), credentials: 'omit', cache: 'no-store', signal: abort.signal,
      });
      if (answer.ok) return await ((answer.headers.get('Content-Type') || '').startsWith('image/') ? answer.blob() : answer.json());
      const after = answer.headers.get('Retry-After'); // seconds or a date
      throw new Problem(answer.status, after && (+after || (Date.parse(after) - Date.now()) / 1000));
    } catch (error) {
      throw error instanceof Problem ? error : new Problem(0);
    } finally {
      clearTimeout(timer);
    }
  }

  /** The open session; opens one when there is none. */
  async ensure() {
    this.session ??= this.kept.get('session');
    return this.session || (this.opening ??= this.open().finally(() => { this.opening = null; }));
  }

  async open() {
    const body = { language: this.language, identity: this.identity || null };
    let opened;
    try {
      opened = await this.call('POST', 'api/chat/sessions', body);
    } catch (problem) {
      if (!body.identity || ![400, 401, 403, 422].includes(problem.status)) throw problem;
      console.warn('fubb-chat: the desk did not accept the identity; the customer chats without it.');
      opened = await this.call('POST', 'api/chat/sessions', { ...body, identity: null });
    }
    this.session = this.kept.get('session'); // another tab may have been faster
    if (!this.session) {
      this.session = { conversation: opened.conversation, token: opened.token };
      this.kept.set('session', this.session);
      this.kept.set('seq', 0);
    }
    return this.session;
  }

  /** Leave this conversation. What is unsent goes to the next one, where an old button means nothing: its words do. */
  leave(session, { ended = false, keepUnsent = false } = {}) {
    if (this.session !== session) return; // already left
    this.session = null;
    this.kept.set('session', null);
    this.kept.set('wrote', null);
    this.kept.set('outbox', keepUnsent ? this.outbox().map(({ payload, attachments, ...item }) => item).filter((i) => i.text) : null);
    this.begin(ended);
  }

  begin(ended) {
    Object.assign(this, { messages: [], seq: 0, sent: [] });
    this.drop();
    this.on.begun(ended);
    this.rouse();
  }

  /** Another tab changed what is kept. */
  onStorage(event) {
    if (!event.key?.startsWith(this.kept.prefix)) return;
    const session = this.kept.get('session');
    if (session && session.token !== this.session?.token) {
      this.session = session;
      this.begin(false);
    }
    this.on.change();
    this.pump();
  }

  // -- receiving

  /** Keeps the connection as long as the talk runs: reads what is new, then a WebSocket, or long-polling where none opens. */
  async listen() {
    const running = this.running;
    let failures = 0, closed = 0, session;
    while (this.running === running) {
      try {
        session = null;
        session = await this.ensure();
        await this.catchUp(session);
        this.on.link('online');
        this.pump();
        const since = Date.now();
        if (closed < 2) closed = (await this.stream(session)) ? 0 : closed + 1;
        else {
          await this.poll(session);
          closed = 1;
        }
        failures = Date.now() - since > 5000 ? 0 : failures + 1;
        if (this.session !== session) failures = 0;
      } catch (problem) {
        failures += 1;
        if (this.running !== running) return;
        if (session && problem.unknown) this.leave(session, { ended: true, keepUnsent: true });
        else this.on.link(problem.status ? 'busy' : 'offline');
        if (problem.status === 429) await sleep(1000 * (problem.retryAfter || 5));
      }
      if (this.running === running) await this.pause(backoff(Math.max(0, failures - 1)));
    }
  }

  /** Read until nothing is new; says how many messages came. */
  async catchUp(session, wait = 0) {
    for (let count = 0; ;) {
      const path = `api/chat/messages?after=${this.seq}${wait ? `&wait=${wait}` : ''}`;
      const { messages } = await this.call('GET', path, null, session.token, 15000 + wait * 1000);
      if (this.session !== session) return count;
      for (const message of messages) this.take(message, true);
      count += messages.length;
      if (messages.length < PAGE) return count;
    }
  }

  /** Receive one message. Twice the same: ignored. One too far ahead on the stream: read from the desk what is between. */
  take(message, sure) {
    this.heard = Date.now();
    if (!(message?.seq > this.seq)) return;
    if (!sure && message.seq !== this.seq + 1) return void this.check();
    this.seq = message.seq;
    const own = message.client_id;
    if (own) {
      if (this.messages.some((m) => m.client_id === own)) return;
      this.sent = this.sent.filter((item) => item.client_id !== own);
      this.forget(own);
    }
    this.messages.push(message);
    this.on.change(message);
  }

  /** Ends when the socket does; says whether it ever opened. A browser cannot send headers here: the token is a subprotocol. */
  stream(session) {
    return new Promise((ended) => {
      const url = new URL(`api/chat/stream?after=${this.seq}`, this.desk);
      url.protocol = url.protocol.replace('http', 'ws');
      let opened = false, socket;
      const end = () => {
        clearTimeout(late);
        if (this.drop === drop) delete this.drop;
        ended(opened);
      };
      const drop = () => { // at once: the closing handshake of a dead connection takes long
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close();
        end();
      };
      const late = setTimeout(drop, 10000);
      try {
        socket = this.socket = new WebSocket(url, ['fubb', `bearer.${session.token}`]);
      } catch {
        return end();
      }
      this.drop = drop;
      socket.onopen = () => { opened = true; clearTimeout(late); };
      socket.onclose = end;
      socket.onmessage = ({ data }) => {
        let frame;
        try { frame = JSON.parse(data); } catch { return; }
        this.heard = Date.now();
        if (frame.type === 'message') this.take(frame.message || frame);
        else if (frame.type === 'typing') this.on.typing(frame);
      };
    });
  }

  drop() {} // replaced while a socket is there

  /** Long-polls for two minutes; then a socket is tried again. */
  async poll(session) {
    for (const until = Date.now() + 120000; this.running && this.session === session && Date.now() < until;) {
      const asked = Date.now();
      if (!(await this.catchUp(session, 25)) && Date.now() - asked < 1000) await this.pause(2000);
    }
  }

  /** Ask the desk whether we missed something; if so, or if it cannot be reached, the socket is dead and is opened anew. */
  async check() {
    const session = this.session;
    if (!session || this.checking) return;
    this.checking = true;
    this.heard = Date.now();
    const missed = await this.catchUp(session).catch(() => 1);
    this.checking = false;
    if (missed) this.drop();
  }

  pause(ms) {
    return new Promise((done) => {
      const end = () => { clearTimeout(timer); this.wakers.delete(end); done(); };
      const timer = setTimeout(end, ms);
      this.wakers.add(end);
    });
  }

  rouse() {
    for (const end of [...this.wakers]) end();
  }

  /** The network or the customer is back: try at once what waits, and see whether the socket still lives. */
  wake() {
    if (document.hidden) return;
    this.rouse();
    this.check();
  }

  // -- sending

  outbox() {
    return this.kept.get('outbox') || [];
  }

  /** All that is not received back yet, oldest first. */
  pending() {
    return [...this.sent, ...this.outbox()];
  }

  /** Bring a picture to the desk, for a message to come. */
  async upload(file) {
    const session = await this.ensure();
    return this.call('POST', 'api/chat/attachments', await shrunk(file), session.token, 120000);
  }

  /** The picture as pixels. */
  async picture(id) {
    const session = await this.ensure();
    return createImageBitmap(await this.call('GET', `api/chat/attachments/${id}`, null, session.token, 60000));
  }

  send(text, payload, attachments) {
    const client_id = crypto.getRandomValues(new Uint32Array(4)).join('-'); // randomUUID is not there without https
    this.kept.set('outbox', [...this.outbox(), { client_id, text, payload, attachments, at: new Date().toISOString() }]);
    this.kept.set('wrote', true);
    this.on.change();
    this.pump();
  }

  forget(client_id) {
    const items = this.outbox();
    const others = items.filter((item) => item.client_id !== client_id);
    if (others.length < items.length) this.kept.set('outbox', others);
  }

  /** Send what is unsent, in order, one at a time. The same client_id each time: the desk stores it once. */
  async pump() {
    if (this.pumping) return;
    this.pumping = true;
    let failures = 0, session;
    for (let item; this.running && (item = this.outbox().find((i) => !i.problem));) {
      try {
        session = null;
        session = await this.ensure();
        const ids = item.attachments?.map((a) => a.id);
        const body = item.payload == null ? { text: item.text, attachments: ids } : { payload: item.payload };
        const { seq } = await this.call('POST', 'api/chat/messages', { client_id: item.client_id, ...body }, session.token);
        failures = 0;
        this.stuck = false;
        if (this.session === session) this.acknowledge(item, seq);
      } catch (problem) {
        await this.settle(item, session, problem, failures++);
      }
    }
    this.pumping = this.stuck = false;
    this.on.change();
  }

  acknowledge(item, seq) {
    this.forget(item.client_id);
    if (seq <= this.seq) return;
    this.sent.push(item);
    setTimeout(() => this.seq < seq && this.check(), 4000); // a dead socket would not bring it
  }

  async settle(item, session, { status, retryAfter, unknown }, failures) {
    this.stuck = true;
    if (session && unknown) {
      this.leave(session, { ended: true, keepUnsent: true });
      await this.pause(backoff(failures));
    } else if (status === 429) {
      const seconds = Math.min(300, Math.max(1, Math.ceil(retryAfter || 5)));
      this.on.change();
      this.on.pace(seconds);
      await sleep(seconds * 1000);
    } else if (session && status >= 400 && status < 500 && status !== 408 && status !== 425) {
      this.kept.set('outbox', this.outbox().map((i) => (i.client_id === item.client_id ? { ...i, problem: status } : i)));
      this.on.change();
    } else {
      this.on.change();
      if (failures) this.on.link(status ? 'busy' : 'offline');
      await this.pause(backoff(failures));
    }
  }

  /** The customer is typing: told at most every 3 s. */
  typing() {
    if (this.socket?.readyState !== 1 || Date.now() - (this.told || 0) < 3000) return;
    this.told = Date.now();
    this.socket.send('{"type":"typing"}');
  }
}

// ---- FubbChat: what people see -------------------------------------------------------------------------------------

class FubbChat extends HTMLElement {
  static observedAttributes = ['language', 'identity', 'open', 'desk'];

  constructor() {
    super();
    const shadow = this.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(LOOK);
    shadow.adoptedStyleSheets = [sheet];
    this.parts = new Map(); // of the log: a message's or a day's key -> its elements
    this.build();
    shadow.append(this.root);
    this.seen = () => { if (!document.hidden) this.refresh(); };
    this.resized = () => this.fit();
  }

  /** The frame; its words come with `relabel`. */
  build() {
    const button = (name, shape, attributes) => make('button', name, icon(shape), { type: 'button', ...attributes });
    this.label = make('span', 'label');
    this.badge = make('span', 'badge', [], { 'aria-hidden': 'true' });
    const inside = [icon('mark'), icon('down'), this.label, this.badge];
    this.launcher = make('button', 'launcher', inside, { type: 'button', 'aria-controls': 'panel' });
    this.news = make('p', 'sr', [], { role: 'status' });

    this.heading = make('h2', '', [], { id: 'title' });
    this.sub = make('p', 'sub');
    this.menuButton = button('icon', 'menu', { 'aria-expanded': 'false', 'aria-controls': 'menu' });
    this.closeButton = button('icon', 'close');
    const titles = make('div', '', [this.heading, this.sub]);
    this.header = make('header', '', [icon('mark'), titles, this.menuButton, this.closeButton]);
    this.languageLabel = make('span');
    const options = Object.entries(LANGUAGES).map(([value, name]) => make('option', '', name, { value, lang: value }));
    this.languages = make('select', '', options);
    this.overButton = make('button', 'choice', [], { type: 'button' });
    this.menu = make('div', 'menu', [make('label', '', [this.languageLabel, this.languages]), this.overButton], { id: 'menu' });

    this.helloText = make('p');
    this.hello = make('div', 'hello', [icon('mark'), this.helloText]);
    this.log = make('div', 'log', [], { role: 'log', 'aria-live': 'off' });
    this.typingText = make('span');
    const dots = make('span', 'dots', [make('i'), make('i'), make('i')], { 'aria-hidden': 'true' });
    this.typing = make('p', 'typing', [dots, this.typingText]);
    this.scroller = make('div', 'scroll', [this.hello, this.log, this.typing], { tabindex: '0', role: 'group' });

    this.newer = make('button', 'newer', [], { type: 'button' });
    this.notice = make('p', 'notice', [], { role: 'status' });
    const inputs = { rows: '1', 'aria-describedby': 'count', enterkeyhint: 'send', autocomplete: 'off' };
    this.input = make('textarea', '', [], inputs);
    this.sendButton = button('icon send', 'send', { type: 'submit' });
    this.pictureButton = button('icon', 'picture');
    this.file = make('input', '', [], { type: 'file', accept: 'image/jpeg,image/png,image/webp,image/gif', multiple: '' });
    this.file.hidden = true;
    this.tray = make('div', 'tray');
    this.form = make('form', '', [this.pictureButton, this.file, this.input, this.sendButton]);
    this.count = make('p', 'count', [], { id: 'count' });
    this.foot = make('div', 'foot', [this.newer, this.notice, this.tray, this.form, this.count]);

    this.confirmTitle = make('h2', '', [], { id: 'sure' });
    this.confirmText = make('p', '', [], { id: 'what' });
    this.yes = make('button', 'choice', [], { type: 'button' });
    this.no = make('button', 'choice solid', [], { type: 'button' });
    const question = make('div', '', [this.confirmTitle, this.confirmText, make('div', 'choices', [this.no, this.yes])]);
    this.confirm = make('div', 'confirm', question, {
      role: 'alertdialog', 'aria-modal': 'true', 'aria-labelledby': 'sure', 'aria-describedby': 'what',
    });

    const rooms = [this.header, this.menu, this.scroller, this.foot, this.confirm];
    this.panel = make('div', 'panel', rooms, { id: 'panel', role: 'dialog', 'aria-labelledby': 'title' });
    this.root = make('section', '', [this.launcher, this.news, this.panel]);
    this.adding = []; // pictures of the message to come
    const hidden = [this.panel, this.menu, this.typing, this.newer, this.confirm, this.count, this.badge];
    for (const part of hidden) part.hidden = true;

    this.launcher.onclick = () => { this.open = !this.open; };
    this.closeButton.onclick = () => { this.open = false; };
    this.menuButton.onclick = () => this.showMenu(this.menu.hidden);
    this.languages.onchange = () => this.choose(this.languages.value);
    this.overButton.onclick = () => this.ask(true);
    this.yes.onclick = () => this.startOver();
    this.no.onclick = () => this.ask(false);
    this.newer.onclick = () => { this.toEnd(); this.input.focus(); };
    this.scroller.onscroll = () => {
      const { scrollHeight, scrollTop, clientHeight } = this.scroller;
      this.ended = scrollHeight - scrollTop - clientHeight < 80; // he reads the newest: it stays in view
      if (this.ended) this.newer.hidden = true;
    };
    new ResizeObserver(() => this.ended && this.toEnd()).observe(this.scroller);
    this.form.onsubmit = (event) => { event.preventDefault(); this.submit(); };
    this.pictureButton.onclick = () => this.file.click();
    this.file.onchange = () => { this.addPictures([...this.file.files]); this.file.value = ''; };
    this.input.onpaste = (event) => {
      const files = [...event.clipboardData.files].filter((f) => f.type.startsWith('image/'));
      if (files.length) { event.preventDefault(); this.addPictures(files); }
    };
    this.panel.ondragover = (event) => event.preventDefault();
    this.panel.ondrop = (event) => { event.preventDefault(); this.addPictures([...event.dataTransfer.files]); };
    this.input.oninput = () => { this.typed(); if (this.input.value) this.talk.typing(); };
    this.input.onkeydown = (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.submit();
    };
    this.panel.onkeydown = (event) => this.key(event);
  }

  connectedCallback() {
    document.addEventListener('visibilitychange', this.seen);
    visualViewport?.addEventListener('resize', this.resized);
    visualViewport?.addEventListener('scroll', this.resized);
    PHONE.addEventListener('change', this.resized);
    this.meet();
    // The panel stays open from page to page, but never covers a phone's page unasked. Nobody's focus is taken.
    if (this.here.get('open') && !PHONE.matches) this.open = true;
    this.show(this.open, false);
    this.ready = true;
  }

  disconnectedCallback() {
    document.removeEventListener('visibilitychange', this.seen);
    visualViewport?.removeEventListener('resize', this.resized);
    visualViewport?.removeEventListener('scroll', this.resized);
    PHONE.removeEventListener('change', this.resized);
    this.talk.stop();
    this.talk = this.ready = null;
  }

  attributeChangedCallback(name, before, value) {
    if (!this.talk || before === value) return;
    if (name === 'open') this.show(value !== null, this.ready);
    else if (name === 'language') this.choose(null);
    else {
      this.talk.stop();
      this.meet();
      this.show(this.open, false);
    }
  }

  get open() { return this.hasAttribute('open'); }
  set open(open) { this.toggleAttribute('open', Boolean(open)); }

  /** For the shop's page when its customer logs out: this browser forgets the chat. */
  forget() {
    for (const key of ['session', 'seq', 'outbox', 'wrote']) this.talk.kept.set(key, null);
    this.here.set('draft', null);
    this.talk.stop();
    this.open = false;
    this.meet();
  }

  /** Take up the conversation of this desk and this customer. */
  meet() {
    const address = this.getAttribute('desk') || (script?.src ? new URL('.', script.src) : '/');
    const desk = new URL(address, location.href).href.replace(/\/?$/, '/');
    this.kept = new Kept(`fubb:${desk}:`);
    this.here = new Kept(`fubb:${desk}:`, 'sessionStorage');
    const language = this.wanted();
    this.talk = new Talk(desk, this.getAttribute('identity') || '', language, {
      change: (message) => this.changed(message),
      link: (state) => this.linked(state),
      typing: (frame) => this.showTyping(frame),
      pace: (seconds) => this.say('fast', { n: seconds }, seconds * 1000),
      begun: (ended) => this.begun(ended),
    });
    this.adding = [];
    this.begun(false);
    this.relabel(language);
    const code = /^#fubb-code=([0-9A-Z]{4}-[0-9A-Z]{4})$/.exec(location.hash); // he comes from another app, to go on here
    this.input.value = code ? code[1] : this.here.get('draft') || '';
    if (code) queueMicrotask(() => { this.open = true; });
    this.renderTray();
    if (this.talk.session) this.talk.start(); // otherwise the desk hears nothing before the panel is opened
  }

  // -- the words

  wanted() {
    const { lang } = document.documentElement;
    const candidates = [this.kept.get('language'), this.getAttribute('language'), lang, navigator.language];
    return candidates.map(languageOf).find(Boolean) || 'en';
  }

  word(key, values) {
    return fill(WORDS[this.language][key], values);
  }

  /** "1 new message", "2 new messages". */
  countOf(n) {
    return fill(WORDS[this.language].unread[n === 1 ? 0 : 1], { n });
  }

  choose(language) {
    if (language) this.kept.set('language', language);
    const wanted = this.wanted();
    const { talk } = this;
    talk.language = wanted;
    this.relabel(wanted);
    if (talk.session && !talk.kept.get('wrote')) talk.leave(talk.session); // nothing said yet: greeted in the new language
  }

  relabel(language) {
    if (language === this.language) return;
    this.language = language;
    this.locale = localeOf(language);
    this.root.lang = this.languages.value = language;
    const texts = {
      label: 'launch', heading: 'title', languageLabel: 'language', overButton: 'over1', newer: 'newer',
      confirmTitle: 'over2', yes: 'yes', no: 'no',
    };
    for (const [part, key] of Object.entries(texts)) this[part].textContent = this.word(key);
    const labels = {
      root: 'title', menuButton: 'menu', closeButton: 'close', scroller: 'title', log: 'log', input: 'write', sendButton: 'send',
      pictureButton: 'picture',
    };
    for (const [part, key] of Object.entries(labels)) this[part].setAttribute('aria-label', this.word(key));
    for (const part of ['menuButton', 'closeButton', 'sendButton', 'pictureButton']) this[part].title = this[part].getAttribute('aria-label');
    this.input.placeholder = this.word('write');
    this.quietly();
    this.refresh();
  }

  // -- opening, closing, keys

  show(open, focus) {
    const inside = this.shadowRoot.activeElement;
    this.panel.hidden = !open;
    this.root.classList.toggle('isopen', open);
    this.launcher.setAttribute('aria-expanded', open);
    this.here.set('open', open || null);
    if (open) {
      this.talk.start();
      this.fit();
      this.grow();
      this.render();
      this.toEnd();
      if (focus) this.input.focus();
    } else {
      this.ask(false);
      this.showMenu(false);
      if (inside) this.launcher.focus();
      this.refresh();
    }
  }

  showMenu(shown) {
    this.menu.hidden = !shown;
    this.menuButton.setAttribute('aria-expanded', shown);
    if (shown) this.languages.focus();
  }

  /** Ask whether to start over; everything behind the question rests. */
  ask(shown) {
    const asked = !this.confirm.hidden;
    this.confirmText.textContent = this.word('over3') + (this.talk?.outbox().length ? ` ${this.word('over4')}` : '');
    this.confirm.hidden = !shown;
    for (const part of [this.header, this.menu, this.scroller, this.foot]) part.inert = shown;
    if (shown) this.no.focus();
    else if (asked) this.menuButton.focus();
  }

  startOver() {
    const { talk } = this;
    this.ask(false);
    this.showMenu(false);
    talk.kept.set('outbox', null);
    if (talk.session) talk.leave(talk.session);
    this.input.focus();
  }

  key(event) {
    if (event.key === 'Escape' && !event.isComposing) {
      event.stopPropagation();
      if (!this.confirm.hidden) this.ask(false);
      else if (!this.menu.hidden) {
        this.showMenu(false);
        this.menuButton.focus();
      } else this.open = false;
    }
    if (event.key === 'Tab' && (PHONE.matches || !this.confirm.hidden)) { // it covers everything: focus stays in it
      const stops = [...this.panel.querySelectorAll('button, select, textarea, a, [tabindex]')]
        .filter((element) => element.getClientRects().length && !element.closest('[inert]'));
      const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
      if (this.shadowRoot.activeElement !== from) return;
      event.preventDefault();
      to.focus();
    }
  }

  /** On a phone the panel fills what the on-screen keyboard leaves free. */
  fit() {
    this.panel.setAttribute('aria-modal', PHONE.matches);
    if (!visualViewport || visualViewport.scale > 1.01) return; // zoomed in by hand: leave it
    this.panel.style.setProperty('--height', `${visualViewport.height}px`);
    this.panel.style.setProperty('--top', `${visualViewport.offsetTop}px`);
  }

  // -- writing

  typed() {
    const length = lengthOf(this.input.value.trim());
    const over = length > LONGEST;
    this.here.set('draft', this.input.value || null);
    this.form.classList.toggle('empty', !length && !this.adding.length);
    this.count.hidden = length < NEAR;
    this.count.classList.toggle('over', over);
    const n = Math.abs(LONGEST - length).toLocaleString(this.locale);
    this.count.textContent = length < NEAR ? '' : this.word(over ? 'over' : 'left', { n });
    this.input.setAttribute('aria-invalid', over);
    if (!over && this.said === 'tooLong') this.say();
    this.grow();
  }

  grow() {
    this.input.style.height = '';
    if (!this.panel.hidden && this.input.value) this.input.style.height = `${this.input.scrollHeight}px`;
  }

  submit() {
    const text = this.input.value.trim();
    this.input.focus();
    if (!text && !this.adding.length) return;
    if (lengthOf(text) > LONGEST) return this.say('tooLong');
    if (this.adding.some((a) => !a.ready)) { // sent as soon as the pictures are there
      this.waits = true;
      return this.say('preparing');
    }
    this.waits = false;
    const pictures = this.adding.map((a) => a.ready);
    this.adding = [];
    this.renderTray();
    this.input.value = '';
    this.typed();
    if (this.said === 'ended') this.say();
    this.talk.send(text, undefined, pictures.length ? pictures : undefined);
    this.toEnd();
  }

  pick({ title, payload }) {
    this.talk.send(title, payload);
    this.toEnd();
    (matchMedia('(pointer: coarse)').matches ? this.scroller : this.input).focus(); // no keyboard over the answer on a phone
  }

  // -- pictures

  async addPictures(files) {
    const pictures = files.filter((f) => f.type.startsWith('image/') || /\.(jpe?g|png|webp|gif|heic)$/i.test(f.name));
    if (this.adding.length + pictures.length > 5) this.say('tooMany', {}, 6000);
    for (const file of pictures.slice(0, Math.max(0, 5 - this.adding.length))) this.addPicture(file);
    this.input.focus();
  }

  async addPicture(file) {
    const item = { ready: null, small: make('span', 'small') };
    this.adding.push(item);
    this.renderTray();
    createImageBitmap(file, { resizeWidth: 144 }).then((bitmap) => {
      item.small = drawn(bitmap);
      item.small.className = 'small';
      this.renderTray();
    }, () => {});
    const { talk } = this;
    try {
      item.ready = await talk.upload(file);
      if (this.adding.some((other) => other !== item && other.ready?.id === item.ready.id)) // the same picture twice
        this.adding = this.adding.filter((other) => other !== item);
    } catch (problem) {
      if (this.adding.includes(item)) this.say(problem.status === 429 ? 'fast' : problem.status ? 'badPicture' : 'offline', { n: Math.ceil(problem.retryAfter || 60) }, 8000);
      this.adding = this.adding.filter((other) => other !== item);
      this.waits = false;
    }
    this.renderTray();
    if (this.said === 'preparing' && this.adding.every((other) => other.ready)) this.say();
    if (this.waits && this.adding.every((other) => other.ready)) this.submit();
  }

  renderTray() {
    this.tray.replaceChildren(...this.adding.map((item, n) => {
      const away = make('button', '', icon('close'), { type: 'button', 'aria-label': `${this.word('remove')}: ${this.word('pictureIs', { n: n + 1 })}` });
      away.onclick = () => {
        this.adding = this.adding.filter((other) => other !== item);
        this.renderTray();
        this.input.focus();
      };
      return make('div', item.ready ? '' : 'busy', [item.small, away]);
    }));
    this.tray.hidden = !this.adding.length;
    this.typed();
  }

  /** The pictures of a message, each a button that shows it larger. */
  picturesPart(pictures) {
    return make('div', 'pictures', pictures.map((picture, n) => {
      const name = this.word('pictureIs', { n: n + 1 });
      const holder = make('canvas', '', [], { width: picture.width, height: picture.height });
      const button = make('button', '', holder, { type: 'button', 'aria-label': `${name}. ${this.word('larger')}`, 'aria-expanded': 'false' });
      button.onclick = () => {
        const large = button.classList.toggle('large');
        button.setAttribute('aria-label', `${name}. ${this.word(large ? 'smaller' : 'larger')}`);
        button.setAttribute('aria-expanded', large);
      };
      this.talk.picture(picture.id).then((bitmap) => holder.replaceWith(drawn(bitmap)), () => {});
      return button;
    }));
  }

  // -- what the talk tells

  changed(message) {
    if (message && message.author !== 'customer') this.showTyping({ on: false });
    this.refresh();
  }

  linked(state) {
    this.link = state;
    clearTimeout(this.slow);
    if (state === 'online') {
      this.lost = null;
      if (!this.loaded) {
        this.loaded = true;
        this.render();
        this.toEnd();
        this.aloud();
      }
      this.refresh();
    } else { // a short gap needs no words
      this.slow = setTimeout(() => { this.lost = state; this.refresh(); }, navigator.onLine ? 1500 : 0);
    }
  }

  begun(ended) {
    this.loaded = false;
    this.quietly();
    this.showTyping({ on: false });
    this.say(ended ? 'ended' : null);
    this.refresh();
  }

  showTyping({ on, name }) {
    clearTimeout(this.typingEnds);
    this.typing.hidden = !on;
    if (!on) return;
    this.typingText.textContent = this.word('typing', { name: name || 'Fubb' });
    this.typingEnds = setTimeout(() => this.showTyping({ on: false }), 12000);
    if (this.ended) this.toEnd();
  }

  /** Say something above the input; without a key, take it back. */
  say(key, values, forMs) {
    clearTimeout(this.saidEnds);
    this.said = key;
    this.saidText = key && this.word(key, values);
    if (forMs) this.saidEnds = setTimeout(() => this.say(), forMs);
    this.refresh();
  }

  // -- the log

  /** Draw the log anew without reading it aloud. */
  quietly() {
    this.log.setAttribute('aria-live', 'off');
    this.log.replaceChildren();
    this.parts.clear();
    if (this.loaded) this.aloud();
  }

  aloud() {
    clearTimeout(this.aloudSoon);
    this.aloudSoon = setTimeout(() => this.log.setAttribute('aria-live', 'polite'), 300);
  }

  refresh() {
    if (this.drawing) return;
    this.drawing = true;
    queueMicrotask(() => { this.drawing = false; if (this.talk) this.render(); });
  }

  render() {
    const { talk } = this;
    const acknowledged = new Set(talk.sent);
    const own = talk.pending().map((item) => ({ ...item, author: 'customer', pending: !acknowledged.has(item) }));
    const entries = [...talk.messages, ...own];
    const known = this.parts.size;
    const nodes = [];
    let before, day;
    const answered = entries.findLastIndex((e) => e.author === 'customer');
    for (const [index, entry] of entries.entries()) {
      const at = new Date(entry.at);
      if (at.toDateString() !== day) {
        day = at.toDateString();
        before = null;
        nodes.push(this.dayNode(day, at));
      }
      const more = before && before.author === entry.author && before.name === entry.name && at - new Date(before.at) < 300000;
      nodes.push(this.messageNode(entry, at, Boolean(more), index > answered));
      before = entry;
    }
    this.place(nodes);
    this.hello.hidden = entries.length > 0;
    this.helloText.textContent = this.word(this.loaded || this.lost || !this.open ? 'hello' : 'opening');
    this.renderFrame();
    if (this.ended) this.toEnd();
    else if (this.loaded && this.parts.size > known && entries.at(-1)?.author !== 'customer') this.newer.hidden = false;
  }

  renderFrame() {
    const { talk } = this;
    const speaker = talk.messages.findLast((m) => m.author === 'bot' || m.author === 'agent');
    const name = speaker?.name || 'Fubb';
    this.sub.textContent = speaker?.author === 'agent' ? this.word('helping', { name }) : `${name} · ${this.word('assistant')}`;
    const notice = this.saidText || (this.lost ? this.word(this.lost) : '');
    if (this.notice.textContent !== notice) this.notice.textContent = notice;

    if (this.open && !document.hidden && this.loaded && (talk.kept.get('seq') || 0) < talk.seq) talk.kept.set('seq', talk.seq);
    const seen = talk.kept.get('seq') || 0;
    const unread = this.open ? 0 : talk.messages.filter((m) => m.seq > seen && m.author !== 'customer').length;
    this.badge.hidden = !unread;
    this.badge.textContent = unread > 99 ? '99+' : unread;
    this.launcher.setAttribute('aria-label', this.word('launch') + (unread ? `, ${this.countOf(unread)}` : ''));
    const news = unread ? this.countOf(unread) : '';
    if (this.news.textContent !== news) this.news.textContent = news;
  }

  /** Put these nodes into the log, in this order, moving none that is already right: a moved node would be read again. */
  place(nodes) {
    const wanted = new Set(nodes);
    for (const node of [...this.log.children]) if (!wanted.has(node)) node.remove();
    let cursor = this.log.firstChild;
    for (const node of nodes) {
      if (node === cursor) cursor = cursor.nextSibling;
      else this.log.insertBefore(node, cursor);
    }
  }

  dayNode(day, at) {
    let part = this.parts.get(day);
    if (!part) this.parts.set(day, part = { element: make('h3', 'day') });
    const ago = Math.round((new Date(new Date().toDateString()) - new Date(day)) / 86400000);
    const year = at.getFullYear() === new Date().getFullYear() ? undefined : 'numeric';
    const text = ago === 0 || ago === 1
      ? new Intl.RelativeTimeFormat(this.locale, { numeric: 'auto' }).format(-ago, 'day')
      : at.toLocaleDateString(this.locale, { weekday: 'long', day: 'numeric', month: 'long', year });
    const label = text[0].toLocaleUpperCase(this.locale) + text.slice(1);
    if (part.element.textContent !== label) part.element.textContent = label;
    return part.element;
  }

  messageNode(entry, at, more, open) {
    const key = entry.client_id || entry.seq;
    let part = this.parts.get(key);
    if (!part) this.parts.set(key, part = this.messagePart(entry));
    const { element, time } = part;
    element.classList.toggle('more', more);
    if (time.dateTime !== entry.at) {
      time.dateTime = entry.at;
      time.textContent = at.toLocaleTimeString(this.locale, { hour: 'numeric', minute: '2-digit' });
      time.title = at.toLocaleString(this.locale, { dateStyle: 'long', timeStyle: 'short' });
    }
    if (entry.author === 'customer') this.showState(part, entry);
    else this.showButtons(part, open ? entry.buttons || [] : []);
    return element;
  }

  messagePart({ author, name, text, attachments }) {
    const who = author === 'customer' ? this.word('you') : name || 'Fubb';
    const role = { bot: 'assistant', agent: 'person' }[author];
    const time = make('time');
    const head = author === 'system' ? [time] : [make('b', '', who), ...(role ? [` · ${this.word(role)}`] : []), ' · ', time];
    const body = author === 'customer' ? text : linked(text || '');
    const face = role === 'person' ? [...who][0].toUpperCase() : icon('mark');
    const element = make('div', `msg ${author}`, [
      ...(role ? [make('span', 'avatar', face, { 'aria-hidden': 'true' })] : []),
      make('p', 'head', head),
      make('p', 'text', body, { dir: 'auto' }),
      ...(attachments?.length ? [this.picturesPart(attachments)] : []),
    ]);
    return { element, time };
  }

  /** The buttons of what was said since the customer's last words; of any other message they are gone. */
  showButtons(part, buttons) {
    if (!buttons.length) {
      part.choices?.remove();
      part.choices = null;
    } else if (!part.choices) {
      part.choices = make('div', 'choices', buttons.map((button) => {
        const choice = make('button', 'choice', button.title, { type: 'button' });
        choice.onclick = () => this.pick(button);
        return choice;
      }), { role: 'group', 'aria-label': this.word('choices') });
      part.element.append(part.choices);
    }
  }

  /** How far an own message is: on its way, kept, refused (with what can be done about it), or simply there. */
  showState(part, entry) {
    const stuck = this.talk.stuck || this.lost || !navigator.onLine;
    const failed = entry.pending && entry.problem;
    const state = failed || (entry.pending ? (stuck ? 'waiting' : 'sending') : '');
    if (state === (part.state || '')) return;
    part.state = state;
    part.element.classList.toggle('unsent', Boolean(failed) || state === 'waiting');
    part.element.classList.toggle('failed', Boolean(failed));
    part.status?.remove();
    part.choices?.remove();
    if (!state) return;
    let why = state;
    if (failed) why = failed === 409 || failed === 413 ? `failed${failed}` : entry.payload == null ? 'failed422' : 'failedChoice';
    part.element.append(part.status = make('p', `status ${state}`, this.word(why)));
    if (!failed) return;
    const act = (word, deed) => {
      const button = make('button', 'choice', this.word(word), { type: 'button' });
      button.onclick = () => {
        this.talk.forget(entry.client_id);
        deed?.();
        this.refresh();
        this.input.focus();
      };
      return button;
    };
    const again = () => this.talk.send(entry.text, entry.payload, entry.attachments);
    const edit = () => { this.input.value = [entry.text, this.input.value].filter(Boolean).join('\n'); this.typed(); };
    part.choices = make('div', 'choices', [failed === 409 ? act('again', again) : act('edit', edit), act('remove')]);
    part.element.append(part.choices);
  }

  toEnd() {
    this.ended = true;
    this.scroller.scrollTop = this.scroller.scrollHeight;
    this.newer.hidden = true;
  }
}

// ---- the start -----------------------------------------------------------------------------------------------------

if (!customElements.get('fubb-chat')) {
  customElements.define('fubb-chat', FubbChat);
  const ready = () => {
    if (document.querySelector('fubb-chat')) return;
    const chat = document.createElement('fubb-chat');
    for (const name of ['language', 'identity', 'open', 'theme']) { // <script … data-language="sv">
      if (script?.dataset[name] !== undefined) chat.setAttribute(name, script.dataset[name]);
    }
    document.body.append(chat);
  };
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', ready);
  else ready();
}
})();

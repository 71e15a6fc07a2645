"""Phrases of day and time, as they stand in the text; what moment they mean is for the desk to say."""

from __future__ import annotations

import re

from bot.nlu.numbers import Found
from bot.nlu.text import fold

_DAY = (
    r"(?:mon|tues?|wed(?:nes)?|thurs?|thur|fri|sat(?:ur)?|sun)days?|mon|tues|weds?|thurs|fri|sat|sun"
    r"|(?:man|tis|ons|tors|fre|lor|son|tirs|lordag|sondag)dag(?:en|ar|s|arna|er|ene|ens|skveld\w*|smorgon|skvall\w*|sformiddag\w*|seftermiddag\w*|smorgen)?"
    r"|(?:maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai)(?:na|n|sin|ta|hin|ksi|in|iin|aamuna|iltana|aamupaivalla)?"
    r"|keskiviikk(?:ona|on|oisin|oon)|(?:maanantai|tiistai|torstai|perjantai|lauantai|sunnuntai)(?:aamu|ilta|iltapaiva|aamupaiva)\w*"
    r"|ma|ti|ke|to|pe|la|su"
)
_STRICT_DAY = _DAY.replace("|ma|ti|ke|to|pe|la|su", "").replace("|mon|tues|weds?|thurs|fri|sat|sun", "|tues|thurs|fri")
_MONTH = (
    r"(?:jan(?:uary|uari|uar)?|feb(?:ruary|ruari|ruar)?|mar(?:ch|s)|apr(?:il)?|may|maj|mai|june?|juni|july?|juli|aug(?:ust|usti)?"
    r"|sept?(?:ember)?|oct(?:ober)?|okt(?:ober)?|nov(?:ember)?|dec(?:ember)?|des(?:ember)?"
    r"|(?:tammi|helmi|maalis|huhti|touko|kesa|heina|elo|syys|loka|marras|joulu)kuu(?:ta|n|ssa|hun)?)"
)
_COUNT = r"(?:\d{1,2}(?:-\d{1,2})?|a|an|one|two|three|four|five|six|ten|couple of|a couple of|few|a few|half an?|en|ett|et|tva|to|tre|fyra|fire|fem|sex|seks|nagra|noen|par|et par|ett par|kahden|kolmen|neljan|viiden|parin|tunnin|muutaman|yhden|kaksi|kolme)"
_UNIT = (
    r"(?:minutes?|mins?|hours?|hrs?|h|days?|weeks?|months?|years?|minut(?:er|t|ter)?|tim(?:me|mar|e|er)|dag(?:ar|er)?|veck(?:a|or)|uk(?:e|er)|manad(?:er)?|maned(?:er)?|ar"
    r"|minuut(?:in|tia)|tun(?:nin|tia)|paiva(?:n|a)|viik(?:on|koa)|kuukau(?:den|tta)|vuo(?:den|tta)|pv|vko)"
)
_PART = (
    r"(?:morning|mornin|afternoon|evening|night|noon|midday|lunch ?time|lunch|weekend|formiddag(?:en)?|eftermiddag(?:en)?|ettermiddag(?:en)?|morgon(?:en)?|morgen(?:en)?|kvall(?:en)?|kveld(?:en)?|natt(?:en)?|helg(?:en|a)?"
    r"|aamulla|aamupaivalla|iltapaivalla|illalla|yolla|paivalla|aamuna|iltana|viikonloppuna|lounasaikaan|lounaan)"
)
_CLOCK = (
    r"(?:(?:around|about|after|before|by|from|until|till|at|past|kl\.?|klockan|klokka|klokken|klo\.?|kello|efter|etter|innan|for|runt|rundt|ca|noin|ennen|jalkeen|vid|ved) ?)"
    r"(?:kl\.? ?|klo\.? ?|klockan |klokka |kello )?"
    r"(?:(?:half|halv|puoli|quarter past|quarter to|kvart over|kvart i|kvart pa|varttia vaille|varttia yli) )?"
    r"(?:\d{1,2}(?:[:.]\d{2})?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|noon|midday|ett|tva|tre|fyra|fem|sex|sju|atta|nio|tio|elva|tolv|to|fire|seks|syv|atte|ni|ti|elleve|yksi|kaksi|kolme|nelja|viisi|kuusi|seitseman|kahdeksan|yhdeksan|kymmenen)"
    r"(?: ?(?:am|pm|a\.m\.|p\.m\.|o'?clock|sharp|ish|h))?(?: in the (?:morning|afternoon|evening))?"
)
_PATTERNS = (
    # relative days
    rf"(?:(?:first thing |late |early )?(?:the )?day (?:after tomorrow|before yesterday)|(?:first thing |late |early )?(?:today|tomorrow|tmrw|tmr|tomorow|tommorow|tomorrw|2moro|tonight|tonite|yesterday)(?: {_PART})?)",
    rf"(?:i ?dag|imorgon|i morgon|imorgen|i morgen|imorron|i morrn|imorra|i morra|i ?overmorgon|i ?overmorgen|i ?gar|i ?kvall|i ?kveld|i ?eftermiddag|i ?ettermiddag|i ?formiddag|i ?natt|i ?helgen?|i helga|i ?forrgar)(?: {_PART}| bitti)?",
    rf"(?:tanaan|huomenna|huomen|huomisaamuna|ylihuomenna|eilen|toissapaivana|tana (?:aamuna|iltana)|tanaa|huomis(?:iltana|aamuna|aamulla|iltapaivalla))(?: {_PART}| aamusta)?",
    # days and parts of days
    rf"(?:(?:on|this|next|by|last|every|until|till|before|after|coming|first thing|since|from|pa|nasta|forra|neste|forrige|til|till|senast|innan|for|ennen|viime|ensi|tana|joka|sista|sist|kommande|kommende|denne|den har) )*(?:{_STRICT_DAY})\b(?: (?:{_PART}|week))?(?:(?: (?:or|and|och|og|eller|tai|ja|to|-) | ?- ?)(?:{_STRICT_DAY})\b(?: {_PART})?)?",
    rf"(?:in|during|over|at|this|on|pa|om|i|every|next) (?:the |en )?(?:early |late )?{_PART}s?\b",
    r"(?:aamulla|aamupaivalla|iltapaivalla|illalla|viikonloppuna|aamusta|alkuillasta|arki-?iltana|arkisin|arkena|iltaisin|aamuisin|viikonloppuisin)",
    r"(?:this|next|last|every|the|nasta|forra|denna|den har|neste|forrige|denne|ensi|viime|tana|tulevana|all) (?:coming )?(?:week|weekend|month|year|vecka|helg|manad|uke|maned|viikolla|viikonloppuna|kuussa|kuun|viikko)\b",
    r"(?:before |after |until |till |by |on |over |at |around |efter |innan |fore |till |etter |for |til |ennen |jalkeen )?(?:christmas(?: eve)?|xmas|midsummer(?:'s)?(?: eve)?|easter|new year(?:'?s)?(?: eve)?|black friday|jul(?:en|afton|aften)?|midsommar(?:afton)?|pask(?:en)?|nyar(?:safton)?|juhannus(?:ta|aattona|aatto|viikolla)?|joulu(?:na|aattona|ksi|a)|joulun|paasiaisena|uuttavuotta|weekdays|weekends|the holidays)\b",
    # clock
    _CLOCK,
    r"\d{1,2}[:.]\d{2}(?: ?(?:am|pm))?(?![.\d])|\d{1,2} ?(?:am|pm|a\.m\.|o'?clock)\b|\d{1,2}-\d{1,2} ?(?:am|pm)\b",
    r"(?:between|mellan|mellom) \d{1,2}(?:[:.]\d{2})?(?: ?(?:am|pm))? ?(?:and|och|og|-) ?\d{1,2}(?:[:.]\d{2})?(?: ?(?:am|pm))?",
    r"(?:halv|puoli|half) (?:past )?(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|ett|tva|tre|fyra|fem|sex|sju|atta|nio|tio|elva|tolv|to|fire|seks|syv|atte|ni|ti|elleve|yksi|kaksi|kolme|nelja|viisi|kuusi|seitseman|kahdeksan|yhdeksan|kymmenen|\d{1,2})",
    # dates
    rf"(?:on |by |before |the |den |pa |since )*\d{{1,2}}(?:st|nd|rd|th|:e|:a|\.)?(?: of)? {_MONTH}\b(?: \d{{4}})?|(?:on |by |in |since |before |i |under )?{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b",
    r"(?:on |by |the |den )*\d{1,2}[./]\d{1,2}(?:[./](?:\d{4}|\d{2}))?\.?(?![\d%])|\d{4}-\d{2}-\d{2}|(?:on |by )?the \d{1,2}(?:st|nd|rd|th)",
    # durations from now or past
    rf"(?:in|within|om|inom|innen|about|for|since|over|after) (?:like |about |the next |the past |the last |over |only )?{_COUNT} {_UNIT}\b(?: ago| time)?|{_COUNT} {_UNIT} (?:ago|sedan|siden|sitten|kuluttua|paasta|sisalla|later|from now|back)",
    r"(?:right now|asap|later today|vahan paasta|just nu)",
    r"(?:after|efter|etter) (?:work|lunch|school|jobbet|jobb)|toiden jalkeen|ennen toita|before work|during lunch",
)
_ONE = re.compile("|".join(rf"(?<![\w@.#]){pattern}(?!\w)" for pattern in _PATTERNS))
_JOIN = re.compile(r"^(?:,? ?(?:at|kl\.?|klo|around|about|noin|om|klockan|pa|i|on)? ?)$")
# A number after "for" or "about" is a time only where nothing says what is counted.
_COUNTED = re.compile(r"^ ?(?:%|kr|€|eur|sek|nok|kg|cm|mm|m\b|inch|tum|tommer|tuuma|pcs|st\b|stk|kpl|of\b|times|people|things|percent|items|orders|emails|calls|dagar|days|weeks|months|years|minut|stars|other|more|different|seconds|gb|hours)")


def read_times(text: str) -> list[Found]:
    """Phrases of time, neighbours joined ("tomorrow" + "at 10")."""
    folded = fold(text)
    found: list[Found] = []
    for match in _ONE.finditer(folded):
        start, end = match.span()
        if match.group()[-1:].isdigit() and _COUNTED.match(folded[end:]):
            continue
        if found and _JOIN.match(folded[found[-1].end : start]):
            start = found.pop().start
        found.append(Found("time", text[start:end], start, end))
    return found

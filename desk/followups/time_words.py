"""The words of time in the four languages, as customers type them: lower case, without accents, with common slips.

All patterns are matched against folded text (å and ä are a, ö and ø are o) in which number words are already digits.
"""

# ruff: noqa: E501  (word lists are read across)

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TimeWords:
    """One language. `days`: pattern and days from today; `parts`: pattern and name of a part of the day (PARTS)."""

    numbers: Mapping[str, int]
    one: str  # the words for one that are also an article, as a pattern
    days: tuple[tuple[str, int], ...]
    weekdays: tuple[str, ...]  # Monday first
    next_weekday: str  # before a weekday: not the first to come but that of next week
    months: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    today_part: str  # before a part: today's
    at: str  # before an hour
    half: tuple[tuple[str, int], ...]  # pattern with (?P<h>), minutes from that hour
    past: str  # pattern with (?P<m>) and (?P<h>)
    to: str
    after: str
    before: str
    between: str  # pattern with (?P<a>) and (?P<b>)
    duration: str  # pattern with (?P<n>) and (?P<u>)
    half_hour: str
    hour_and_half: str
    units: tuple[tuple[str, str], ...]
    weeks: tuple[tuple[str, str], ...]  # pattern and name of a stretch of days (WEEKS)
    any_time: str
    soon: str
    not_: str  # what follows is not meant
    ordinal: str  # pattern with (?P<d>): "the 24th"
    fillers: str = ""
    exact: tuple[tuple[str, int], ...] = field(default=())  # noon, as a word


PARTS: Mapping[str, tuple[float, float]] = {
    "early": (6, 9),
    "morning": (6, 12),
    "forenoon": (8, 12),
    "lunch": (11, 13),
    "afternoon": (12, 18),
    "after_lunch": (13, 18),
    "late_afternoon": (15, 18),
    "after_work": (16.5, 21),
    "evening": (17, 22),
    "night": (20, 24),
}
"""Hours from and to."""

_T = r"(?P<{}>\d{{1,2}}(?:[:.]\d\d)?)"
_H, _A, _B = _T.format("h"), _T.format("a"), _T.format("b")
_M = r"(?P<m>\d{1,2})"

ENGLISH = TimeWords(
    numbers={
        word: n
        for n, words in {
            1: "one", 2: "two couple", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten",
            11: "eleven", 12: "twelve", 15: "fifteen", 20: "twenty", 25: "twentyfive", 30: "thirty", 45: "fortyfive forty-five",
        }.items()
        for word in words.split()
    },
    one=r"an?",
    days=(
        (r"(?:the )?day after (?:tomorrow|tomorow|tommorow|tommorrow|tmrw|tmr)", 2),
        (r"overmorrow", 2),
        (r"(?:tomorrow|tomorow|tommorow|tommorrow|tomorrw|tomoz|tmrw|tmr|2moro|2morrow)", 1),
        (r"(?:today|2day|later today|still today)", 0),
    ),
    weekdays=(
        r"mon(?:days?)?", r"tue(?:s|sdays?|days?)?", r"(?:wed(?:s|nesdays?|nsdays?|sdays?)?|wensdays?)", r"(?:thu(?:rs?|rsdays?)?|thrusdays?)",
        r"fri(?:days?)?", r"sat(?:urdays?)?", r"sun(?:days?)?",
    ),
    next_weekday=r"next",
    months=(
        r"jan(?:uary)?", r"feb(?:ruary)?", r"mar(?:ch)?", r"apr(?:il)?", r"may", r"june?", r"july?", r"aug(?:ust)?", r"sept?(?:ember)?",
        r"oct(?:ober)?", r"nov(?:ember)?", r"dec(?:ember)?",
    ),
    parts=(
        (r"(?:first thing(?: in the morning)?|early(?: in the)? morning|early)", "early"),
        (r"(?:before (?:lunch(?:time)?|noon|midday)|(?:late|mid)[ -]?morning)", "forenoon"),
        (r"(?:after (?:lunch(?:time)?|noon|midday)|early afternoon)", "after_lunch"),
        (r"(?:after (?:work|school)|when i(?:'m| am)? (?:get |am )?home(?: from work)?)", "after_work"),
        (r"(?:late(?:r in the)? afternoon|end of (?:the )?day|before closing)", "late_afternoon"),
        (r"(?:(?:at |around |over |during )?(?:my )?lunch(?:[ -]?time|[ -]?break)?|around midday)", "lunch"),
        (r"(?:in the |the )?(?:mornings?|mornin|am)", "morning"),
        (r"(?:in the |the )?(?:afternoons?|arvo|pm)", "afternoon"),
        (r"(?:in the |the )?evenings?", "evening"),
        (r"(?:tonight|tonite)", "tonight"),
        (r"(?:at |in the )?night", "night"),
    ),
    today_part=r"this",
    at=r"(?:at|@|around|about|by|round|from)",
    half=((rf"half ?(?:past )?{_H}", 30), (rf"(?:a )?quarter past {_H}", 15), (rf"(?:a )?quarter to {_H}", -15)),
    past=rf"{_M} (?:minutes )?past {_H}",
    to=rf"{_M} (?:minutes )?to {_H}",
    after=rf"(?:any ?time )?(?:after|from|later than|not before) (?:about )?{_H}(?: onwards?)?",
    before=rf"(?:any ?time )?(?:before|until|till|no later than|by) {_H}",
    between=rf"(?:between|from) {_A} ?(?:and|to|-|till|until) ?{_B}",
    duration=r"(?:in (?:about )?(?P<n>\d{1,2}|an?) ?(?:of )?(?P<u>minutes?|mins?|hours?|hrs?|h|days?|weeks?)(?: time)?|(?P<n2>\d{1,2}|an?) (?P<u2>minutes?|mins?|hours?|hrs?|days?|weeks?) (?:from now|from today))",
    half_hour=r"in (?:about )?half an hour|in a half hour",
    hour_and_half=r"in an hour and a half|in 1\.5 hours?",
    units=((r"m", "minutes"), (r"h", "hours"), (r"d", "days"), (r"w", "weeks")),
    weeks=(
        (r"(?:early next week|(?:at )?(?:the )?(?:start|beginning) of next week)", "early_next_week"),
        (r"(?:late next week|(?:at )?(?:the )?end of next week)", "late_next_week"),
        (r"(?:the )?week after next|the week after", "week_after"),
        (r"(?:at )?(?:the )?end of (?:the|this) week|later this week", "late_this_week"),
        (r"next week", "next_week"),
        (r"this week", "this_week"),
        (r"next weekend", "next_weekend"),
        (r"(?:this |at the |on the |over the |the )?weekend", "weekend"),
        (r"next month", "next_month"),
        (r"in a few days|in some days|in a day or 2", "few_days"),
        (r"later(?: on)?", "later"),
    ),
    any_time=r"(?:any ?time|any ?day|whenever(?: (?:you|it) \w+)?|(?:it )?(?:doesnt|does not|doesn't) matter|don'?t mind|you choose|you decide|all times work)",
    soon=r"(?:as soon as (?:possible|you can|u can)|asap|a\.s\.a\.p\.?|right (?:now|away)|straight away|immediately|now|soonest|at once|the sooner the better|first available|earliest(?: possible)?)",
    not_=r"(?:(?<!why )not|cant(?: do| make)?|can't(?: do| make)?|cannot(?: do| make)?|except|never|but not|anything but)(?: on| it)?",
    ordinal=r"(?:the )(?P<d>\d{1,2})(?:st|nd|rd|th)",
    fillers=r"please|pls|plz|thanks?|works|would|work|is|fine|good|ok(?:ay)?|sharp|then|if|or|and|for|call|me|suits?|great|perfect|best",
    exact=((r"(?:at )?(?:12 )?(?:noon|midday)", 12),),
)  # fmt: skip

SWEDISH = TimeWords(
    numbers={
        word: n
        for n, words in {
            1: "ett", 2: "tva par", 3: "tre", 4: "fyra", 5: "fem", 6: "sex", 7: "sju", 8: "atta", 9: "nio nie", 10: "tio tie", 11: "elva", 12: "tolv",
            13: "tretton", 14: "fjorton", 15: "femton", 16: "sexton", 17: "sjutton", 18: "arton", 19: "nitton", 20: "tjugo", 25: "tjugofem",
            30: "trettio", 45: "fyrtiofem",
        }.items()
        for word in words.split()
    },
    one=r"en|1",
    days=(
        (r"i ?over ?(?:morgon|morron|morrn|morn|imorgon)|dagen efter i ?morgon", 2),
        (r"i ?(?:morgon|morron|morrn|morn|morra|moron)", 1),
        (r"i ?dag|idag", 0),
    ),
    weekdays=(
        r"mandag(?:en|ar|ens)?", r"tis(?:dag(?:en|ar|ens)?)?", r"ons(?:dag(?:en|ar|ens)?)?", r"tors(?:dag(?:en|ar|ens)?)?", r"fre(?:dag(?:en|ar|ens)?)?",
        r"(?:lor|lordag(?:en|ar|ens)?)", r"sondag(?:en|ar|ens)?",
    ),
    next_weekday=r"nasta",
    months=(
        r"jan(?:uari)?", r"feb(?:ruari)?", r"mars", r"apr(?:il)?", r"maj", r"juni?", r"juli?", r"aug(?:usti)?", r"sept?(?:ember)?", r"okt(?:ober)?",
        r"nov(?:ember)?", r"dec(?:ember)?",
    ),
    parts=(
        (r"(?:tidigt? (?:pa )?(?:morgonen|morgon)|bitti|tidigt|det forsta ni gor|tidig morgon)", "early"),
        (r"(?:(?:fore|innan) (?:lunch(?:en)?|12))", "forenoon"),
        (r"(?:efter lunch(?:en)?|pa dagen efter lunch)", "after_lunch"),
        (r"efter (?:jobbet|arbetet|arbetstid|skolan)", "after_work"),
        (r"(?:(?:pa )?(?:sen|sena|sent pa) eftermiddag(?:en)?)", "late_afternoon"),
        (r"(?:(?:vid|runt|pa|under|kring) )?(?:lunch(?:en|tid|rasten|dags)?)|mitt pa dagen", "lunch"),
        (r"(?:pa |i )?(?:formiddag(?:en|arna)?|fm)", "forenoon"),
        (r"(?:pa |i )?(?:eftermiddag(?:en|arna)?|em)", "afternoon"),
        (r"(?:pa )?(?:morgon(?:en|arna)?|morron(?:en)?|morgonkvisten)", "morning"),
        (r"(?:pa )?(?:kvall(?:en|arna|stid)?)", "evening"),
        (r"(?:pa )?(?:natten|natt)", "night"),
    ),
    today_part=r"i(?= ?(?:eftermiddag|kvall|formiddag|natt))|nu pa",
    at=r"(?:kl\.?|klockan|klock|runt|vid|omkring|ca|cirka|vid|at|fran)(?: (?:kl\.?|klockan))?",
    half=((rf"(?:5 i )halv ?{_H}", -35), (rf"(?:5 over )halv ?{_H}", -25), (rf"halv ?{_H}", -30), (rf"(?:en )?kvart over {_H}", 15), (rf"(?:en )?kvart i {_H}", -15)),
    past=rf"{_M} (?:minuter )?over {_H}",
    to=rf"{_M} (?:minuter )?i {_H}",
    after=rf"(?:efter|fran|tidigast|inte fore) (?:kl\.? ?|klockan )?{_H}(?: och framat)?",
    before=rf"(?:fore|innan|senast|till) (?:kl\.? ?|klockan )?{_H}",
    between=rf"(?:mellan|fran) (?:kl\.? ?|klockan )?{_A} ?(?:och|till|o|-) ?{_B}",
    duration=r"(?:om|inom) (?:ca |ungefar )?(?P<n>\d{1,2}|ett?n?|en) ?(?P<u>min(?:ut(?:er)?)?|tim(?:me|mar|mes)?|h|dag(?:ar)?|veck(?:a|or))",
    half_hour=r"om en halv ?(?:timme|timma)|om (?:en )?halvtimme",
    hour_and_half=r"om (?:en|1) och en halv timme|om 1[.,]5 timm\w+|om anderhalv timme",
    units=((r"m", "minutes"), (r"[th]", "hours"), (r"d", "days"), (r"v", "weeks")),
    weeks=(
        (r"(?:i )?(?:borjan|starten) (?:av|pa) nasta vecka", "early_next_week"),
        (r"(?:i )?slutet (?:av|pa) nasta vecka", "late_next_week"),
        (r"veckan efter nasta|om 2 veckor|veckan darpa", "week_after"),
        (r"(?:i )?slutet (?:av|pa) (?:denna |den har )?veckan?|senare (?:i |denna |den har )?veckan?", "late_this_week"),
        (r"nasta vecka(?:n)?", "next_week"),
        (r"(?:den har|denna|i) veckan?", "this_week"),
        (r"nasta helg", "next_weekend"),
        (r"(?:i |till |over |pa )?helg(?:en)?", "weekend"),
        (r"nasta manad", "next_month"),
        (r"om nagra dagar|om nagon dag", "few_days"),
        (r"senare(?: i ?dag)?", "later"),
    ),
    any_time=r"(?:nar som helst|nar som|nar ni vill|nar det passar (?:er|dig|dej)|spelar ingen roll|vilken (?:tid|dag) som helst|(?:det )?kvittar|ni (?:far )?(?:valjer?|bestammer?)|nar du vill|jag ar flexibel)",
    soon=r"(?:sa (?:fort|snart|snabbt|tidigt) (?:som )?(?:mojligt|ni kan|du kan|det gar)|snarast(?: mojligt)?|omgaende|genast|med en gang|nu(?: direkt)?|direkt|asap|forsta (?:basta|lediga)(?: tid)?|ju forr desto battre)",
    not_=r"(?:inte|ej|aldrig|utom|forutom|allt utom)(?: (?:pa|om))?",
    ordinal=r"den (?P<d>\d{1,2})(?::?[ea])?",
    fillers=r"tack|snalla|gar|bra|passar|fungerar|funkar|blir|ok(?:ej)?|da|gärna|garna|ring|mig|mej|det|om|eller|och|prick|jag|ar|fint|bast",
    exact=((r"(?:kl\.? |klockan )12 pa dagen", 12),),
)  # fmt: skip

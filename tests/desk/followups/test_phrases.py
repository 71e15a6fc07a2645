"""What customers type for a time, and what moment it is. It is Wednesday 18 November 2026, 10:00 in Stockholm."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.followups.phrases import WORDS, parse_time
from desk.followups.time_text import fold

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
STOCKHOLM = "Europe/Stockholm"
YEAR = 2026

# language | phrase | "MM-DD HH:MM" for a moment, "MM-DD HH:MM..MM-DD HH:MM" for a stretch, "-" for none
TABLE = """
en | tomorrow at 10 | 11-19 10:00
en | tomorrow at 10? | 11-19 10:00
en | Tomorrow 10am | 11-19 10:00
en | tmrw 10 | 11-19 10:00
en | tommorow at 2 | 11-19 14:00
en | tomorrow at 3pm please | 11-19 15:00
en | 3 p.m. tomorrow | 11-19 15:00
en | tomorrow at half past three | 11-19 15:30
en | half past three | 11-18 15:30
en | half three tomorrow | 11-19 15:30
en | quarter to four | 11-18 15:45
en | a quarter past 11 tomorrow | 11-19 11:15
en | twenty past two | 11-18 14:20
en | ten to four tomorrow | 11-19 15:50
en | at 9 | 11-19 09:00
en | at 3 | 11-18 15:00
en | 10 | 11-19 10:00
en | 14:30 | 11-18 14:30
en | 14.30 works | 11-18 14:30
en | 9.30 | 11-19 09:30
en | 07:30 | 11-19 07:30
en | eleven o'clock | 11-18 11:00
en | today at 4 | 11-18 16:00
en | today at 9 | 11-18 21:00
en | this afternoon at 3 | 11-18 15:00
en | tonight at 8 | 11-18 20:00
en | tomorrow morning at 7 | 11-19 07:00
en | 8 in the evening | 11-18 20:00
en | thursday at ten | 11-19 10:00
en | on thursday at 10:30 | 11-19 10:30
en | fri 2pm | 11-20 14:00
en | next thursday at 11 | 11-26 11:00
en | monday next week at 9 | 11-23 09:00
en | wednesday at 11 | 11-25 11:00
en | the day after tomorrow at 1 | 11-20 13:00
en | day after tomorrow, ten thirty | 11-20 10:30
en | 24/11 9.30 | 11-24 09:30
en | 24/11 at 9 | 11-24 09:00
en | 24 November at 14:00 | 11-24 14:00
en | november 24th at 2 pm | 11-24 14:00
en | the 24th of november, 10 am | 11-24 10:00
en | the 24th at noon | 11-24 12:00
en | tomorrow at noon | 11-19 12:00
en | in two hours | 11-18 12:00
en | in 2 hours | 11-18 12:00
en | in an hour | 11-18 11:00
en | in half an hour | 11-18 10:30
en | in an hour and a half | 11-18 11:30
en | in 45 minutes | 11-18 10:45
en | in a couple of hours | 11-18 12:00
en | in three days at 10 | 11-21 10:00
en | 2026-11-24 09:30 | 11-24 09:30
en | 2026-11-24T09:30:00+02:00 | 11-24 08:30
en | 2026-11-24T09:30:00Z | 11-24 10:30
en | could you call me tomorrow at eleven please | 11-19 11:00
en | I get home around 5 tomorrow | 11-19 17:00
en | can't do tomorrow, friday at 10 is fine | 11-20 10:00
en | 1430 tomorrow | 11-19 14:30
en | tomorrow 10ish | 11-19 10:00
en | tomorrow | 11-19 00:00..11-20 00:00
en | tomorrow afternoon | 11-19 12:00..11-19 18:00
en | tomorrow morning | 11-19 06:00..11-19 12:00
en | first thing tomorrow | 11-19 06:00..11-19 09:00
en | after lunch | 11-18 13:00..11-18 18:00
en | after lunch tomorrow | 11-19 13:00..11-19 18:00
en | this afternoon | 11-18 12:00..11-18 18:00
en | this evening | 11-18 17:00..11-18 22:00
en | tonight | 11-18 17:00..11-18 22:00
en | in the morning | 11-18 10:00..11-18 12:00
en | friday afternoon | 11-20 12:00..11-20 18:00
en | thursday or friday | 11-19 00:00..11-20 00:00
en | tomorrow after 3 | 11-19 15:00..11-20 00:00
en | after 4 pm tomorrow | 11-19 16:00..11-20 00:00
en | tomorrow before 12 | 11-19 00:00..11-19 12:00
en | between 10 and 12 tomorrow | 11-19 10:00..11-19 12:00
en | tomorrow 10-12 | 11-19 10:00..11-19 12:00
en | between 2 and 4 | 11-18 14:00..11-18 16:00
en | friday from 9 to 11 | 11-20 09:00..11-20 11:00
en | after work | 11-18 16:30..11-18 21:00
en | next week | 11-23 00:00..11-30 00:00
en | later this week | 11-19 00:00..11-23 00:00
en | early next week | 11-23 00:00..11-26 00:00
en | in a week | 11-25 00:00..11-26 00:00
en | at the weekend | 11-21 00:00..11-23 00:00
en | in a few days | 11-20 00:00..11-24 00:00
en | the 24th | 11-24 00:00..11-25 00:00
en | next month | 12-01 00:00..01-01 00:00
en | as soon as possible | 11-18 10:00..12-02 10:00
en | asap!! | 11-18 10:00..12-02 10:00
en | any time | 11-18 10:00..12-02 10:00
en | whenever suits you | 11-18 10:00..12-02 10:00
en | not tomorrow | -
en | yes please | -
en | I want my money back | -
en | 10023847 | -
en | it cost 8990 kr | -
en | the 50 inch one | -
en | today at 09:00 | -
en | 30 february | -
en | 2026-11-17 09:30 | -
en | 25:00 | -
en | 👍 | -
sv | i morgon kl 14 | 11-19 14:00
sv | imorgon kl 14 | 11-19 14:00
sv | imorron klockan tio | 11-19 10:00
sv | i morgon kl. 9.30 | 11-19 09:30
sv | imorgon 14 | 11-19 14:00
sv | halv fyra | 11-18 15:30
sv | i morgon halv fyra | 11-19 15:30
sv | halv elva | 11-18 10:30
sv | halv ett imorgon | 11-19 12:30
sv | kvart över tre | 11-18 15:15
sv | kvart i fyra | 11-18 15:45
sv | tio över tre | 11-18 15:10
sv | fem i halv fyra | 11-18 15:25
sv | fem över halv fyra | 11-18 15:35
sv | kl 14.15 | 11-18 14:15
sv | kl14 | 11-18 14:00
sv | på torsdag klockan tio | 11-19 10:00
sv | pa torsdag kl 10 | 11-19 10:00
sv | torsdag 14 | 11-19 14:00
sv | nästa torsdag kl 11 | 11-26 11:00
sv | tisdag nästa vecka kl 9 | 11-24 09:00
sv | på onsdag kl 11 | 11-25 11:00
sv | i övermorgon kl tre | 11-20 15:00
sv | i overmorgon kl 15 | 11-20 15:00
sv | 24/11 kl 9 | 11-24 09:00
sv | 24/11 9.30 | 11-24 09:30
sv | den 24 november kl 14 | 11-24 14:00
sv | den 24:e kl 10 | 11-24 10:00
sv | om en timme | 11-18 11:00
sv | om två timmar | 11-18 12:00
sv | om ett par timmar | 11-18 12:00
sv | om en halvtimme | 11-18 10:30
sv | om en och en halv timme | 11-18 11:30
sv | om 20 minuter | 11-18 10:20
sv | om tre dagar kl 10 | 11-21 10:00
sv | i eftermiddag kl 3 | 11-18 15:00
sv | i kväll kl 7 | 11-18 19:00
sv | i kväll halv åtta | 11-18 19:30
sv | i morgon bitti kl 8 | 11-19 08:00
sv | kan ni ringa mig imorgon kl 11 tack | 11-19 11:00
sv | inte imorgon, på fredag kl 10 går bra | 11-20 10:00
sv | måndag kl 13 | 11-23 13:00
sv | fredag förmiddag kl 9 | 11-20 09:00
sv | i morgon | 11-19 00:00..11-20 00:00
sv | i morgon eftermiddag | 11-19 12:00..11-19 18:00
sv | i morgon förmiddag | 11-19 08:00..11-19 12:00
sv | imorgon bitti | 11-19 06:00..11-19 09:00
sv | efter lunch | 11-18 13:00..11-18 18:00
sv | på eftermiddagen | 11-18 12:00..11-18 18:00
sv | i eftermiddag | 11-18 12:00..11-18 18:00
sv | ikväll | 11-18 17:00..11-18 22:00
sv | torsdagseftermiddag | 11-19 12:00..11-19 18:00
sv | på fredag | 11-20 00:00..11-21 00:00
sv | efter kl 16 imorgon | 11-19 16:00..11-20 00:00
sv | mellan 10 och 12 | 11-18 10:00..11-18 12:00
sv | imorgon kl 10-12 | 11-19 10:00..11-19 12:00
sv | före lunch på torsdag | 11-19 08:00..11-19 12:00
sv | nästa vecka | 11-23 00:00..11-30 00:00
sv | i början av nästa vecka | 11-23 00:00..11-26 00:00
sv | i helgen | 11-21 00:00..11-23 00:00
sv | om en vecka | 11-25 00:00..11-26 00:00
sv | om några dagar | 11-20 00:00..11-24 00:00
sv | så fort som möjligt | 11-18 10:00..12-02 10:00
sv | snarast | 11-18 10:00..12-02 10:00
sv | när som helst | 11-18 10:00..12-02 10:00
sv | spelar ingen roll | 11-18 10:00..12-02 10:00
sv | efter jobbet | 11-18 16:30..11-18 21:00
sv | tomorrow at 10 | 11-19 10:00
sv | inte i morgon | -
sv | nej tack | -
sv | den luktar bränt | -
nb | i morgen klokka ti | 11-19 10:00
nb | imorgen kl 14 | 11-19 14:00
nb | i morra kl 10 | 11-19 10:00
nb | på torsdag klokka ti | 11-19 10:00
nb | halv fire | 11-18 15:30
nb | i morgen halv fire | 11-19 15:30
nb | kvart over tre | 11-18 15:15
nb | kvart på fire | 11-18 15:45
nb | ti over to | 11-18 14:10
nb | fem på halv fire | 11-18 15:25
nb | klokken fjorten | 11-18 14:00
nb | kl. 14.30 | 11-18 14:30
nb | i overmorgen kl 11 | 11-20 11:00
nb | neste torsdag klokka elleve | 11-26 11:00
nb | mandag neste uke kl 9 | 11-23 09:00
nb | 24. november kl. 14 | 11-24 14:00
nb | den 24. kl 10 | 11-24 10:00
nb | 24.11 kl 9 | 11-24 09:00
nb | om en time | 11-18 11:00
nb | om to timer | 11-18 12:00
nb | om en halvtime | 11-18 10:30
nb | om halvannen time | 11-18 11:30
nb | i ettermiddag klokka tre | 11-18 15:00
nb | i kveld kl 8 | 11-18 20:00
nb | kan dere ringe meg i morgen klokka elleve? | 11-19 11:00
nb | ikke i morgen, fredag kl 10 passer | 11-20 10:00
nb | fredag 13 | 11-20 13:00
nb | i morgen tidlig | 11-19 06:00..11-19 09:00
nb | i morgen ettermiddag | 11-19 12:00..11-19 18:00
nb | i morgen formiddag | 11-19 08:00..11-19 12:00
nb | tirsdag morgen | 11-24 06:00..11-24 12:00
nb | etter lunsj | 11-18 13:00..11-18 18:00
nb | etter klokka 16 | 11-18 16:00..11-19 00:00
nb | mellom 10 og 12 i morgen | 11-19 10:00..11-19 12:00
nb | i ettermiddag | 11-18 12:00..11-18 18:00
nb | i kveld | 11-18 17:00..11-18 22:00
nb | neste uke | 11-23 00:00..11-30 00:00
nb | til helga | 11-21 00:00..11-23 00:00
nb | om en uke | 11-25 00:00..11-26 00:00
nb | så snart som mulig | 11-18 10:00..12-02 10:00
nb | når som helst | 11-18 10:00..12-02 10:00
nb | ikke i morgen | -
nb | nei takk | -
fi | huomenna kello 10 | 11-19 10:00
fi | huomenna klo 9.30 | 11-19 09:30
fi | huomenna kello kymmenen | 11-19 10:00
fi | huomenna kymmeneltä | 11-19 10:00
fi | huomenna 14 | 11-19 14:00
fi | puoli neljä | 11-18 15:30
fi | huomenna puoli neljältä | 11-19 15:30
fi | kello puoli kaksitoista | 11-18 11:30
fi | vartin yli kolme | 11-18 15:15
fi | varttia vaille neljä | 11-18 15:45
fi | kymmentä yli kaksi | 11-18 14:10
fi | viittä vaille kolme | 11-18 14:55
fi | klo14 | 11-18 14:00
fi | kolmelta | 11-18 15:00
fi | kolmen aikaan huomenna | 11-19 15:00
fi | torstaina kello 10 | 11-19 10:00
fi | to klo 10 | 11-19 10:00
fi | ensi viikon torstaina klo 11 | 11-26 11:00
fi | maanantaina yhdeksältä | 11-23 09:00
fi | ylihuomenna klo 15 | 11-20 15:00
fi | 24.11. klo 9 | 11-24 09:00
fi | 24.11.2026 klo 9.30 | 11-24 09:30
fi | 24.11. klo 14:15 | 11-24 14:15
fi | 24. marraskuuta kello 14 | 11-24 14:00
fi | tunnin päästä | 11-18 11:00
fi | kahden tunnin kuluttua | 11-18 12:00
fi | puolen tunnin päästä | 11-18 10:30
fi | puolentoista tunnin päästä | 11-18 11:30
fi | tänään iltapäivällä kolmelta | 11-18 15:00
fi | illalla seitsemältä | 11-18 19:00
fi | voitteko soittaa huomenna klo 11? | 11-19 11:00
fi | huomenaamulla kahdeksalta | 11-19 08:00
fi | huomenna | 11-19 00:00..11-20 00:00
fi | huomenna iltapäivällä | 11-19 12:00..11-19 18:00
fi | huomenna aamupäivällä | 11-19 08:00..11-19 12:00
fi | huomenaamulla | 11-19 06:00..11-19 12:00
fi | torstai-iltana | 11-19 17:00..11-19 22:00
fi | lounaan jälkeen | 11-18 13:00..11-18 18:00
fi | kello 16 jälkeen | 11-18 16:00..11-19 00:00
fi | neljän jälkeen | 11-18 16:00..11-19 00:00
fi | ennen kahtatoista | 11-18 10:00..11-18 12:00
fi | huomenna 10-12 | 11-19 10:00..11-19 12:00
fi | kahden ja neljän välillä | 11-18 14:00..11-18 16:00
fi | ensi viikolla | 11-23 00:00..11-30 00:00
fi | viikonloppuna | 11-21 00:00..11-23 00:00
fi | viikon päästä | 11-25 00:00..11-26 00:00
fi | mahdollisimman pian | 11-18 10:00..12-02 10:00
fi | milloin vain | 11-18 10:00..12-02 10:00
fi | ihan sama | 11-18 10:00..12-02 10:00
fi | ei huomenna | -
fi | kiitos ei | -
"""
PHRASES = [tuple(cell.strip() for cell in line.split("|")) for line in TABLE.strip().splitlines()]


def _moment(text: str) -> datetime:
    local = datetime.strptime(f"{YEAR} {text}", "%Y %m-%d %H:%M").replace(tzinfo=ZoneInfo(STOCKHOLM))
    return local.replace(year=YEAR + 1) if local.month == 1 else local


@pytest.mark.parametrize(("language", "phrase", "meant"), PHRASES, ids=[f"{p[0]}-{p[1]}" for p in PHRASES])
def test_phrase_is_read_as_a_customer_means_it(language: str, phrase: str, meant: str) -> None:
    reading = parse_time(phrase, language, NOW, STOCKHOLM)
    if meant == "-":
        assert reading is None
        return
    assert reading is not None
    begin, _, end = meant.partition("..")
    assert reading.exact == (not end)
    # A stretch that has begun begins now.
    assert (reading.start, reading.end) == (_moment(begin), _moment(end or begin))


def test_customer_elsewhere_means_his_own_clock() -> None:
    reading = parse_time("huomenna klo 10", "fi", NOW, "Europe/Helsinki")
    assert reading
    assert reading.start.astimezone(UTC) == datetime(2026, 11, 19, 8, 0, tzinfo=UTC)


def test_date_that_has_passed_is_next_years() -> None:
    reading = parse_time("3 march at 10", "en", NOW, STOCKHOLM)
    assert reading
    assert reading.start.year == 2027


def test_hour_that_the_clock_leaves_out_is_the_next() -> None:
    before = datetime(2026, 3, 28, 9, 0, tzinfo=UTC)
    reading = parse_time("2026-03-29 02:30", "en", before, STOCKHOLM)
    assert reading
    assert reading.start == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


PIECES = [p for _, phrase, _ in PHRASES for p in phrase.split()] + [
    "99",
    "00",
    "31/12",
    "9999-12-31",
    "0000-00-00",
    "§",
    "-",
    "12.12.",
]
LANGUAGES = st.sampled_from(["en", "sv", "nb", "fi", "de", ""])
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@settings(max_examples=300, deadline=None)
@given(
    text=st.one_of(st.text(max_size=80), st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join)),
    language=LANGUAGES,
    now=MOMENTS,
)
def test_any_text_is_read_without_error_and_never_as_the_past(text: str, language: str, now: datetime) -> None:
    reading = parse_time(text, language, now, "Europe/Helsinki")
    if reading:
        assert now <= reading.start <= reading.end
        assert reading.start.tzinfo is not None
        assert reading.exact == (reading.start == reading.end)
        assert reading.start - now < timedelta(days=366 * 100)


def test_every_language_has_its_words() -> None:
    assert set(WORDS) == {"en", "sv", "nb", "fi"}
    for words in WORDS.values():
        assert len(words.weekdays) == 7
        assert len(words.months) == 12
        assert all(fold(word) == word for word in words.numbers)

"""The words of time in Norwegian Bokmål and Finnish (see time_words)."""

# ruff: noqa: E501  (word lists are read across)

from desk.followups.time_words import TimeWords

_T = r"(?P<{}>\d{{1,2}}(?:[:.]\d\d)?)"
_H, _H2, _A, _B = _T.format("h"), _T.format("h2"), _T.format("a"), _T.format("b")
_M = r"(?P<m>\d{1,2})"

NORWEGIAN = TimeWords(
    numbers={
        word: n
        for n, words in {
            1: "ett", 2: "to par", 3: "tre", 4: "fire", 5: "fem", 6: "seks", 7: "sju syv", 8: "atte", 9: "ni", 10: "ti", 11: "elleve", 12: "tolv",
            13: "tretten", 14: "fjorten", 15: "femten", 16: "seksten", 17: "sytten", 18: "atten", 19: "nitten", 20: "tjue", 25: "tjuefem", 30: "tretti",
            45: "forti",
        }.items()
        for word in words.split()
    },
    one=r"en|et|1",
    days=(
        (r"i ?over ?(?:morgen|morra|imorgen)|dagen etter i ?morgen", 2),
        (r"i ?(?:morgen|morra|morn)", 1),
        (r"i ?dag", 0),
    ),
    weekdays=(
        r"mandag(?:en|er)?", r"tirs(?:dag(?:en|er)?)?", r"ons(?:dag(?:en|er)?)?", r"tors(?:dag(?:en|er)?)?", r"fre(?:dag(?:en|er)?)?",
        r"(?:lor|lordag(?:en|er)?)", r"sondag(?:en|er)?",
    ),
    next_weekday=r"neste",
    months=(
        r"jan(?:uar)?", r"feb(?:ruar)?", r"mars", r"apr(?:il)?", r"mai", r"juni?", r"juli?", r"aug(?:ust)?", r"sept?(?:ember)?", r"okt(?:ober)?",
        r"nov(?:ember)?", r"des(?:ember)?",
    ),
    parts=(
        (r"(?:tidlig(?: (?:om |pa )?(?:morgenen|morgen))?|grytidlig|med en gang dere apner)", "early"),
        (r"for (?:lunsj(?:en)?|12)", "forenoon"),
        (r"etter lunsj(?:en)?", "after_lunch"),
        (r"etter (?:jobb(?:en)?|arbeid|arbeidstid|skolen)", "after_work"),
        (r"(?:pa )?(?:sen|sent pa) ettermiddag(?:en)?", "late_afternoon"),
        (r"(?:(?:ved|rundt|i|til) )?lunsj(?:en|tid(?:er|a)?|pausen)?|midt pa dagen", "lunch"),
        (r"(?:pa |om )?(?:formiddag(?:en)?|formiddan|fm)", "forenoon"),
        (r"(?:pa |om )?(?:ettermiddag(?:en)?|etter middag|ettermiddan|em)", "afternoon"),
        (r"(?:pa |om )?(?:morgenen|morgen|morran)", "morning"),
        (r"(?:pa |om )?(?:kveld(?:en|stid)?)", "evening"),
        (r"(?:pa |om )?(?:natta|natten|natt)", "night"),
    ),
    today_part=r"i(?= ?(?:ettermiddag|kveld|formiddag|natt))",
    at=r"(?:kl\.?|klokka|klokken|klokk|rundt|ved|cirka|ca|fra)(?: (?:kl\.?|klokka|klokken))?",
    half=((rf"(?:5 pa )halv ?{_H}", -35), (rf"(?:5 over )halv ?{_H}", -25), (rf"halv ?{_H}", -30), (rf"(?:et )?kvart(?:er)? over {_H}", 15), (rf"(?:et )?kvart(?:er)? pa {_H}", -15)),
    past=rf"{_M} (?:minutter )?over {_H}",
    to=rf"{_M} (?:minutter )?pa {_H}",
    after=rf"(?:etter|fra|tidligst|ikke for) (?:kl\.? ?|klokka |klokken )?{_H}(?: og utover)?",
    before=rf"(?:for|innen|senest|til) (?:kl\.? ?|klokka |klokken )?{_H}",
    between=rf"(?:mellom|fra) (?:kl\.? ?|klokka |klokken )?{_A} ?(?:og|til|-) ?{_B}",
    duration=r"om (?:ca |omtrent )?(?P<n>\d{1,2}|en|et|ett) ?(?P<u>min(?:utt(?:er)?)?|tim(?:e|er)?|t|dag(?:er)?|uk(?:e|er))",
    half_hour=r"om en halv ?time|om (?:en )?halvtime",
    hour_and_half=r"om (?:en|1) og en halv time|om halvannen time|om 1[.,]5 time\w*",
    units=((r"m", "minutes"), (r"t", "hours"), (r"d", "days"), (r"u", "weeks")),
    weeks=(
        (r"(?:i )?(?:begynnelsen|starten) av neste uk[ea]n?|tidlig neste uk[ea]", "early_next_week"),
        (r"(?:i |pa )?slutten av neste uk[ea]n?", "late_next_week"),
        (r"uk[ea]n? etter neste(?: uk[ea])?", "week_after"),
        (r"(?:i |pa )?slutten av (?:denne )?uk(?:a|en|e)|senere (?:i |denne )uk(?:a|en|e)", "late_this_week"),
        (r"neste uk[ea]n?", "next_week"),
        (r"(?:denne|i) uk(?:a|en|e)", "this_week"),
        (r"neste helg", "next_weekend"),
        (r"(?:i |til |over )?helg(?:a|en)", "weekend"),
        (r"neste maned", "next_month"),
        (r"om noen dager", "few_days"),
        (r"senere(?: i ?dag)?", "later"),
    ),
    any_time=r"(?:nar som helst|nar (?:dere|du) vil|nar det passer (?:dere|deg)|spiller ingen rolle|samme for meg|det er det samme|dere (?:kan )?(?:velger?|bestemmer?)|hvilken som helst (?:tid|dag))",
    soon=r"(?:sa (?:fort|snart|raskt|tidlig) som mulig|sa (?:fort|snart|raskt|tidlig) (?:dere|du) kan|snarest(?: mulig)?|omgaende|straks|med en gang|na(?: med en gang)?|asap|forste (?:ledige(?: time| tid)?|beste)|jo for jo bedre)",
    not_=r"(?:ikke|aldri|unntatt|bortsett fra|alt unntatt)(?: (?:pa|om))?",
    ordinal=r"den (?P<d>\d{1,2})\.?",
    fillers=r"takk|gar|bra|passer|fungerer|funker|blir|ok(?:ei|ay)?|da|gjerne|ring|meg|det|om|eller|og|presis|jeg|er|fint|best",
    exact=(),
)  # fmt: skip

_FI_ENDINGS = {
    1: "yksi yhta yhdelta yhden yhdeksi", 2: "kaksi kahta kahdelta kahden kahdeksi pari parin", 3: "kolme kolmea kolmelta kolmen kolmeksi", 4: "nelja neljaa neljalta neljan neljaksi",
    5: "viisi viitta viidelta viiden viideksi", 6: "kuusi kuutta kuudelta kuuden kuudeksi", 7: "seitseman seitsemaa seitsemalta seitsemaksi", 8: "kahdeksan kahdeksaa kahdeksalta kahdeksaksi",
    9: "yhdeksan yhdeksaa yhdeksalta yhdeksaksi", 10: "kymmenen kymmenelta kymmeneksi kymmenta", 11: "yksitoista yhtatoista yhdeltatoista yhdentoista",
    12: "kaksitoista kahtatoista kahdeltatoista kahdentoista", 13: "kolmetoista kolmeltatoista kolmentoista", 14: "neljatoista neljaltatoista neljantoista",
    15: "viisitoista viideltatoista viidentoista", 16: "kuusitoista kuudeltatoista kuudentoista", 17: "seitsemantoista seitsemaltatoista",
    18: "kahdeksantoista", 19: "yhdeksantoista", 20: "kaksikymmenta kahdenkymmenen", 30: "kolmekymmenta kolmenkymmenen",
}  # fmt: skip

FINNISH = TimeWords(
    numbers={word: n for n, words in _FI_ENDINGS.items() for word in words.split()},
    one=r"1",
    days=(
        (r"ylihuomen(?:na|iselle|iseksi|ista)?", 2),
        (r"huomen(?:na|iselle|iseksi|ista)?", 1),
        (r"(?:tanaan|tanaa|taan paivan aikana|talle paivalle)", 0),
    ),
    weekdays=(
        r"(?:maanantai(?:na|ksi|n|sin)?|maantai(?:na)?|ma(?= ?(?:klo|\d)))", r"(?:tiistai(?:na|ksi|n|sin)?|ti(?= ?(?:klo|\d)))",
        r"(?:keskiviik(?:ko(?:na)?|oksi|on|kona)|ke(?= ?(?:klo|\d)))", r"(?:torstai(?:na|ksi|n|sin)?|to(?= ?(?:klo|\d)))",
        r"(?:perjantai(?:na|ksi|n|sin)?|pe(?= ?(?:klo|\d)))", r"(?:lauantai(?:na|ksi|n|sin)?|la(?= ?(?:klo|\d)))",
        r"(?:sunnuntai(?:na|ksi|n|sin)?|su(?= ?(?:klo|\d)))",
    ),
    next_weekday=r"ensi viikon|seuraavan viikon",
    months=tuple(
        rf"{name}(?:kuu(?:ta|n|ssa)?)?"
        for name in ("tammi", "helmi", "maalis", "huhti", "touko", "kesa", "heina", "elo", "syys", "loka", "marras", "joulu")
    ),
    parts=(
        (r"(?:aikaisin(?: aamulla)?|varhain(?: aamulla)?|heti aamusta|heti aamulla|aamutuimaan)", "early"),
        (r"ennen (?:lounasta|puoltapaivaa|puolta paivaa)", "forenoon"),
        (r"(?:lounaan jalkeen|lounastauon jalkeen|puolenpaivan jalkeen)", "after_lunch"),
        (r"(?:toiden jalkeen|tyopaivan jalkeen|koulun jalkeen)", "after_work"),
        (r"(?:myohaan iltapaivalla|myohemmin iltapaivalla|loppuiltapaiva(?:sta|lla))", "late_afternoon"),
        (r"(?:lounasaikaan|lounaalla|lounastauolla|lounaan aikaan|keskella paivaa|paivalla)", "lunch"),
        (r"(?:aamupaiva(?:lla|na|ksi|sta|llakin)?|ap)", "forenoon"),
        (r"(?:iltapaiva(?:lla|na|ksi|sta)?|ip)", "afternoon"),
        (r"(?:aamu(?:lla|na|sta|ksi)?)", "morning"),
        (r"(?:ilta(?:na|an)?|illalla|illaksi|illasta|alkuillasta)", "evening"),
        (r"yolla", "night"),
    ),
    today_part=r"tana",
    at=r"(?:klo\.?|kello|kellon|kl\.?|noin|n\.|viimeistaan|alkaen)(?: (?:klo\.?|kello))?",
    half=((rf"puoli ?{_H}", -30), (rf"vartin? ?(?:a )?yli {_H}", 15), (rf"varttia yli {_H}", 15), (rf"(?:varttia|vartin?) (?:vaille|vailla|vaill) {_H}", -15)),
    past=rf"{_M} (?:minuuttia )?yli {_H}",
    to=rf"{_M} (?:minuuttia )?(?:vaille|vailla|vaill) {_H}",
    after=rf"(?:(?:klo\.? ?|kello )?{_H} jalkeen|(?:aikaisintaan|alkaen) (?:klo\.? ?|kello )?{_H2})",
    before=rf"(?:ennen|viimeistaan) (?:klo\.? ?|kello )?{_H}",
    between=rf"(?:klo\.? ?|kello )?{_A} ?(?:ja|-) ?{_B} (?:valilla|valissa|valiin|aikana)",
    duration=r"(?:(?P<n>\d{1,2})? ?(?P<u>min(?:uutin|uuttia|uutti)?|tun(?:nin|tia|ti)|paivan|paivaa|viikon|viikkoa) (?:paasta|kuluttua|sisalla|paahan))",
    half_hour=r"puolen tunnin (?:paasta|kuluttua)|puolisen tunnin (?:paasta|kuluttua)",
    hour_and_half=r"puolentoista tunnin (?:paasta|kuluttua)",
    units=((r"m", "minutes"), (r"t", "hours"), (r"p", "days"), (r"v", "weeks")),
    weeks=(
        (r"ensi viikon (?:alussa|alkupuolella|alkuun)|alkuviikosta ensi viikolla|ensi alkuviikosta", "early_next_week"),
        (r"ensi viikon (?:lopussa|lopulla|loppupuolella)|ensi loppuviikosta", "late_next_week"),
        (r"seuraavalla viikolla|sita seuraavalla viikolla", "week_after"),
        (r"loppuviikosta|loppuviikolla|viikon lopulla|myohemmin talla viikolla", "late_this_week"),
        (r"ensi viikonloppuna", "next_weekend"),
        (r"(?:talla|kuluvalla) viikolla", "this_week"),
        (r"viikonlop(?:puna|pu|uksi|un)", "weekend"),
        (r"ensi viik(?:olla|on|ko|koon|olle|ollakin)", "next_week"),
        (r"ensi kuussa", "next_month"),
        (r"muutaman paivan (?:paasta|kuluttua|sisalla)|lahipaivina", "few_days"),
        (r"myohemmin(?: tanaan)?", "later"),
    ),
    any_time=r"(?:milloin (?:vain|vaan|tahansa|ikina|teille sopii)|koska (?:vain|vaan|tahansa)|ihan sama|ei (?:ole )?valia|mika (?:vain|vaan|tahansa)(?: (?:aika|paiva))?|kaikki (?:ajat )?kay|te saatte (?:valita|paattaa))",
    soon=r"(?:niin (?:pian|nopeasti|aikaisin) kuin (?:mahdollista|voitte|pystytte|vain)|mahdollisimman (?:pian|nopeasti|aikaisin)|mita pikemmin sen parempi|heti(?: kun (?:ehditte|voitte|mahdollista))?|valittomasti|nyt(?: heti)?|asap|ensimmainen (?:vapaa|mahdollinen)(?: aika)?|pian)",
    not_=r"(?:ei(?: kay| sovi| onnistu| voi)?|en (?:voi|ehdi|paase)|paitsi|muulloin kuin)",
    ordinal=r"(?P<d>\d{1,2})\. ?paiva(?:na)?",
    fillers=r"kiitos|kay|sopii|sopisi|olisi|hyva|hyvin|ok|mulle|minulle|soittakaa|soita|voitte|soittaa|aikaan|aikoihin|tai|ja|on|jos|paras|tasan|mielellaan",
    exact=((r"keskipaivalla|puoliltapaivin|puolelta paivin", 12),),
)  # fmt: skip

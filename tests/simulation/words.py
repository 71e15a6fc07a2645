"""What simulated customers say: of their trouble, of their satisfaction, in four languages."""

TROUBLE = {
    "fault": {
        "en": "My new {product} does not work as it should. It stopped after a few days.",
        "sv": "Min nya {product} fungerar inte som den ska. Den slutade efter några dagar.",
        "nb": "Min nye {product} virker ikke som den skal. Den stoppet etter noen dager.",
        "fi": "Uusi {product} ei toimi kunnolla. Se lakkasi toimimasta muutamassa päivässä.",
    },
    "danger": {
        "en": "My {product} smells burnt and makes strange noises!",
        "sv": "Min {product} luktar bränt och låter konstigt!",
        "nb": "Min {product} lukter brent og lager rare lyder!",
        "fi": "{product} haisee palaneelle ja pitää outoa ääntä!",
    },
    "wrong_item": {
        "en": "I got the wrong thing in the box, not my {product}.",
        "sv": "Jag fick fel vara i lådan, inte min {product}.",
        "nb": "Jeg fikk feil vare i esken, ikke min {product}.",
        "fi": "Sain väärän tuotteen, en tilaamaani ({product}).",
    },
    "late_delivery": {
        "en": "Where is my {product}? You said it would be here days ago.",
        "sv": "Var är min {product}? Den skulle ha kommit för flera dagar sedan.",
        "nb": "Hvor er min {product}? Den skulle vært her for flere dager siden.",
        "fi": "Missä {product} on? Sen piti tulla jo päiviä sitten.",
    },
    "complaint": {
        "en": "I am not happy with how I was treated when I bought my {product}.",
        "sv": "Jag är inte nöjd med hur jag blev bemött när jag köpte min {product}.",
        "nb": "Jeg er ikke fornøyd med hvordan jeg ble møtt da jeg kjøpte min {product}.",
        "fi": "En ole tyytyväinen siihen, miten minua kohdeltiin, kun ostin tuotteen {product}.",
    },
    "suggestion": {
        "en": "An idea: let us choose the delivery hour ourselves.",
        "sv": "En idé: låt oss välja leveranstimme själva.",
        "nb": "En idé: la oss velge leveringstime selv.",
        "fi": "Ehdotus: antakaa meidän valita toimituksen kellonaika.",
    },
}
QUESTIONS = {
    "en": ["Do you have the {product} in stock?", "How long is the warranty?", "When are you open?", "Can I pay by invoice?"],
    "sv": ["Har ni {product} i lager?", "Hur lång är garantin?", "När har ni öppet?", "Kan jag betala med faktura?"],
    "nb": ["Har dere {product} på lager?", "Hvor lang er garantien?", "Når har dere åpent?", "Kan jeg betale med faktura?"],
    "fi": ["Onko {product} varastossa?", "Kuinka pitkä takuu on?", "Milloin olette auki?", "Voinko maksaa laskulla?"],
}
PERSON = {
    "en": "I want to talk to a person.",
    "sv": "Jag vill prata med en människa.",
    "nb": "Jeg vil snakke med et menneske.",
    "fi": "Haluan puhua ihmisen kanssa.",
}
WELL = {
    "en": "Yes, all is well now. Thank you!",
    "sv": "Ja, allt är bra nu. Tack!",
    "nb": "Ja, alt er bra nå. Takk!",
    "fi": "Kyllä, nyt kaikki on hyvin. Kiitos!",
}
NOT_WELL = {
    "en": "No, it is still not right.",
    "sv": "Nej, det är fortfarande inte bra.",
    "nb": "Nei, det er fortsatt ikke bra.",
    "fi": "Ei, se ei ole vieläkään kunnossa.",
}
THANKS = {"en": "Thanks, I'll wait.", "sv": "Tack, jag väntar.", "nb": "Takk, jeg venter.", "fi": "Kiitos, odotan."}
STOP = {
    "en": "Please send me no more messages.",
    "sv": "Skicka inga fler meddelanden, tack.",
    "nb": "Ikke send flere meldinger, takk.",
    "fi": "Älkää lähettäkö enää viestejä, kiitos.",
}
ANSWER = {"en": "It is order {order}.", "sv": "Det är order {order}.", "nb": "Det er ordre {order}.", "fi": "Tilaus {order}."}
WHY = {
    "high": {
        "en": ["Quick, friendly, and you called when you said you would.", "The new one came in three days. Impressed.", "You asked me afterwards how it went. Nobody else does."],
        "sv": ["Snabbt och vänligt, och ni ringde när ni sa att ni skulle.", "Den nya kom på tre dagar. Imponerad.", "Ni hörde av er efteråt. Det gör ingen annan."],
        "nb": ["Raskt og vennlig, og dere ringte når dere sa det.", "Den nye kom på tre dager. Imponert."],
        "fi": ["Nopeaa ja ystävällistä, ja soititte silloin kun lupasitte.", "Uusi tuli kolmessa päivässä. Hienoa."],
    },
    "low": {
        "en": ["I had to wait for a call that did not come.", "It took too long and I had to explain everything twice."],
        "sv": ["Jag fick vänta på ett samtal som inte kom.", "Det tog för lång tid och jag fick förklara allt två gånger."],
        "nb": ["Jeg måtte vente på en samtale som ikke kom.", "Det tok for lang tid."],
        "fi": ["Jouduin odottamaan puhelua, jota ei tullut.", "Kesti liian kauan."],
    },
}  # fmt: skip
AGENT_LINES = {
    "en": ["I'm sorry about this. I'm looking at it now.", "I've arranged it. You'll hear from us when it is on its way."],
    "sv": ["Jag beklagar. Jag tittar på det nu.", "Jag har ordnat det. Du hör av oss när den är på väg."],
    "nb": ["Jeg beklager. Jeg ser på det nå.", "Jeg har ordnet det. Du hører fra oss når den er på vei."],
    "fi": ["Olen pahoillani. Katson asiaa nyt.", "Järjestin asian. Kuulet meistä, kun se on matkalla."],
}
FIRST_NAMES = ["Anna", "Erik", "Aino", "Lars", "Ingrid", "Mikko", "Sofia", "Nils", "Kari", "Emma", "Oskar", "Liisa", "Maja", "Jonas", "Helmi", "Olav", "Elsa", "Ville", "Sara", "Johan", "Tuuli", "Hanne", "Karl", "Ida", "Petri", "Siri", "Hugo", "Marta", "Eero", "Astrid"]  # fmt: skip
LAST_NAMES = ["Lindqvist", "Virtanen", "Hansen", "Berg", "Korhonen", "Nilsson", "Dahl", "Mäkinen", "Olsen", "Svensson", "Laine", "Holm", "Nieminen", "Larsen", "Ek", "Heikkinen", "Sund", "Koskinen", "Lund", "Strand", "Ahlgren", "Moen", "Salo", "Wikström"]  # fmt: skip

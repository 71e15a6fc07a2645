"""Words that say nothing about what a question is about."""

STOP = {
    "en": """
        a an and any are as at be but by can could do does for from get give go had has have hello hey hi how i if in is
        it its just know like make me mine my need no not of on one or our out please s so some t tell than thanks that
        the their them then there they thing this to too up us want was we what when where which who why will with would
        you your about am im ive been did dont
    """,
    "sv": """
        alla allt att av bara bli blir då de dem den det detta dig din ditt du där eller en er ert ett för från får få
        ga ge göra gör ha har hej hur här i ifall inte ja jag jo kan ni kommer kunna lite man med men mig min mitt mina
        mycket måste nej ni när nu något någon några och också om på sa samt sig sin ska skulle så som till tack tycker
        under upp ut vad var vara vem veta vi vid vilken vilka vilket vill ville vår våra är än över undrar
    """,
    "nb": """
        alle alt at av bare bli blir da de dem den der det dette deg din ditt du eller en er et for fra får få gi gjør
        gjøre ha har hei hva hvem hvor hvordan hvilken hvilke hvis her i ikke ja jeg jo kan kommer kunne litt man med
        men meg min mitt mine mye må nei når nå noe noen og også om opp på sa seg sin skal skulle som så til takk under
        ut var vi ved vil ville vår våre vite være over lurer
    """,
    "fi": """
        ei eikä ehkä ei en ette että hei he hän ja jo joka jos kai kanssa kiitos kun kuin kuinka kyllä käy mikä
        millainen miksi minkä minulla minun minä mitä mihin missä milloin miten moi mutta myös niin nyt olen oli olisi
        olla on onko ovat pitää saa saako se sen siitä sitä sinun sinä tai te teidän teillä tämä tätä vai vaan voi voin
        voiko voinko voit vielä
    """,
}

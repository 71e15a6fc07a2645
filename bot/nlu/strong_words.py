"""Swearing, threats and courtesies in the four languages: signs of mood."""

from __future__ import annotations

from collections.abc import Mapping

from bot.nlu.phrases import PhraseFinder, read_doc

STRONG: Mapping[str, tuple[str, ...]] = {
    "swear": (
        "damn*|dammit|goddamn*|hell|crap|crappy|bloody|shit*|bullshit*|bs|fuck*|fck*|fuk*|f*cking|wtf|ffs|arse*|ass|asshole*|idiot*|moron*|stupid|piss*|bollocks|screw",
        "fan|fy|fasen|jävl*|jävel|javl*|jävulskt|helvete*|helvetes|skit*|idiot*|förbannad*|forbannad*|satan*|sablar|herregud|åt helvete|urusel*|förbannat|korkad*",
        "faen|fader|jævl*|javla|helvete|fanden|drit*|dritt*|søren|satan|idiot*|forbanna*|møkka*|møkk*|fy flate|pokker|forbannet",
        "perkele*|saatan*|vittu*|vitun|vitu*|helvet*|hitto*|hiton|hitsi|paska*|paskan|jumalaut*|prkl|idioot*|perseest*|piru*|pirun|jumalauta|saakeli|saatana*|tollo*|kusetu*",
    ),
    "threat": (
        "sue|suing|lawyer*|solicitor|court|police|ombudsman|consumer authority|authorities|legal action",
        "never again|ever buy|never shopping|never buy|never order|tell everyone|everybody|tell all my friends", "trustpilot|newspaper|press|media|social media|1 star|one star",
        "report you|reporting you|chargeback", "scam*|fraud*|thieves|theft|robbery|criminals|crooks|liars",
        "stämma|stämmer|advokat*|anmäl*|polisanmäl*|konsumentverket|arn|reklamationsnämnd*|tingsrätt*|aldrig mer|bedrägeri*|bedragare|skojare|tjuv*|lurendrej*|bluff*|kronofogd*|hallå konsument",
        "saksøk*|advokat*|anmeld*|politi*|forbrukerråd*|forbrukertilsyn*|forbrukerklage*|aldri mer|aldri igjen|svindel|svindl*|bedrag*|tyveri|tyver|lurt|kjeltring*",
        "oikeuteen|oikeus|lakimie*|asianaja*|poliisi*|kuluttaja-asiamie*|kuluttajansuoj*|kuluttajaneuvon*|kuluttajariita*|rikosilmoit*|huijar*|huijau*|huijat*|petos|petost*|varkait*|en ikinä|ei ikinä|koskaan",
    ),
    "extreme": (
        "unacceptable|outrageous|disgrace*|disgusting|appalling|pathetic|ridiculous|joke|worst|furious|livid|fuming|enraged|incompetent*|useless|shameful|shame|nightmare|sick of|last time|demand|fed up|hate|atrocious|insane|insult*|rage|seething|had enough|lied|lying|infuriat*|absurd",
        "oacceptabel*|skandal*|vidrig*|bedrövlig*|bedrovlig*|löjlig*|patetisk*|värsta|sämsta|rasande|skandalös*|inkompetent*|värdelös*|vardelos*|skäms|kräver|vansinn*|hatar|åt skogen|fy|urdålig*|katastrof*|under all kritik|ljög*|ljuger|tokig|galen",
        "uakseptabel*|uakseptabelt|skandale*|latterlig*|verste|rasende|elendig*|udugelig*|skam*|krever|håpløs*|hater|inkompetent*|søppel|bedritent|katastrof*|løgn*|lyver|forferdelig*|tragisk*",
        "ala-arvois*|törke*|törkeä*|naurettav*|surkein*|surkea*|häpeä*|hävet*|raivo*|raivoissa*|sietämätön*|kelvoton*|käsittämätön*|vaadin|vaadimme|vihaan|skandaali*|järkyttäv*|hirve*|täysin paska|paskin|mitta täynnä|mitta on täynnä|valehte*|epäpätev*|pöyristyttäv*",
    ),
    "irritated": (
        "annoy*|annoying|irritat*|disappoint*|frustrat*|tired of|seriously|honestly|again|still|really|great|brilliant|wonderful|typical|supposed|tbh|come on|ridicul*|excuse|not happy|unhappy|waiting|hours|third time|second time|nobody|no one|why|how hard",
        "irriter*|besvik*|trött på|frustrer*|tröttsamt|igen|fortfarande|allvarligt|ärligt|jaha|suck|typiskt|tredje gången|andra gången|ingen svarar|orkar inte|dåligt|tjatig*|missnöjd*|hur svårt|asså|alltså",
        "irriter*|skuff*|frustrer*|lei|leit|igjen|fortsatt|fremdeles|seriøst|ærlig talt|typisk|tredje gang|ingen svarer|oppgitt|dårlig*|misfornøyd*|hvor vanskelig|sukk|altså",
        "ärsyt*|pettyn*|turhaut*|väsyn*|taas|edelleen|vieläkin|yhä|oikeasti|tyypillis*|kolmas kerta|kolmannen kerran|kukaan ei|huono*|tyytymät*|miten vaikeaa|huoh|ei jaksa|hohhoijaa|harmitta*|ihmettelen",
    ),
    "courtesy": (
        "please|thanks|thank|cheers|kind|kindly|appreciate|lovely|great|hello|hi|hiya|sorry|grateful|happy|glad|pleased|wondering",
        "tack|tackar|snälla|vänlig*|hej|hejsan|mvh|tacksam*|gärna|undrar|glad|nöjd|vänliga",
        "takk|vennlig*|hei|heisann|hilsen|mvh|gjerne|lurer|fornøyd|glad|snill|vennligst|tusen",
        "kiitos|kiitän|kiitti|ystävälli*|hei|moi|terve|moikka|terveisin|mielelläni|kiitoksia|tyytyväi*|kiitoll*|mukava*|olisiko|voisiko|voisitteko|saisiko",
    ),
}

_FINDER = PhraseFinder(STRONG)


def strong_words(text: str) -> list[str]:
    """The kinds of strong word in the text, each at most twice."""
    counts: dict[str, int] = {}
    for phrase in _FINDER.find(read_doc(text)):
        counts[phrase.name] = counts.get(phrase.name, 0) + 1
    return [f"{name}{number}" for name, count in counts.items() for number in range(1, min(count, 2) + 1)]

"""Words of danger in the four languages, and the harmless phrases that contain them."""

from __future__ import annotations

from collections.abc import Mapping

from bot.nlu.phrases import PhraseFinder, read_doc

_SMELL_EN = "smell|smells|smelling|smelled|smelt|stinks|stink|stinking|reeks|reeking|pongs|odour|odor|stench|whiff|scent|fumes|fume"
_ODD_EN = "burn*|burnt|singed|scorched|funny|strange|weird|odd|chemical*|electric*|plastic|rubber|hot|fishy|smoke|smoky|smokey|toasty|acrid|metallic|melting|melted|fire|gas|wire|wires|cable|bad|awful|horrid|horrible|nasty|off"
_SMELL_SV = "lukt|lukten|luktar|luktade|luktat|stinker|stank|osar|os|doftar|stank|luktr|lukter"
_ODD_SV = "bränt|brant|brand|brunnet|svett|svedd|konstigt|konstig|skumt|skum|underligt|märkligt|kemi*|plast|gummi|el|elektriskt|rök|rokt|smält|varmt|metall|illa|äckligt|fränt|stickande|mysko|knepigt|kabel|krut|gas"
_SMELL_NB = "lukt|lukta|lukten|lukter|luktet|stinker|stank|osar|os|dunster|luktar"
_ODD_NB = "brent|brendt|svidd|rart|rar|merkelig|rart|snodig|kjemi*|plast|gummi|elektrisk|røyk|smeltet|varmt|metall|vondt|vond|ille|stikkende|kabel|krutt|gass|brann"
_SMELL_FI = "haju|hajua|hajun|haisee|haisi|haisemaan|haisevan|käry|käryä|käryn|käryää|käryää|katku|katkua|lemu|lemua|lemuaa|tuoksuu|löyhkä*|haissut|käryämään|kärysi|hajahti|haisoo|tuoksu*"
_ODD_FI = "palanut|palaneen|palaneelta|palanutta|palaneelle|kärynnyt|käryn|käryltä|omituinen|omituiselta|omituista|outo|oudolta|outoa|kummallinen|kummalliselta|kummallista|kumma|kummalta|kummaa|kemikaal*|kemiall*|muovi*|kumi|kumilta|sähkö*|savu*|sula*|kuuma*|pahalle|pahalta|metalli*|kitkerä*|johto*|ruuti|ruudilta|kaasu*|oudolle"

DANGER: Mapping[str, tuple[str, ...]] = {
    "smell": (
        f"{_SMELL_EN} {_ODD_EN}", f"{_SMELL_EN} like|of|a|so|very|really|kind|sort _? _? {_ODD_EN}", f"{_ODD_EN} {_SMELL_EN}", f"{_ODD_EN} _ {_SMELL_EN}", "burns|burning smell|odour|odor",
        f"{_SMELL_SV} {_ODD_SV}", f"{_SMELL_SV} _ {_ODD_SV}", f"{_SMELL_SV} _ _ {_ODD_SV}", f"{_ODD_SV} {_SMELL_SV}", "brandlukt*|bränd|brändlukt|plastlukt|brandrök*|rökluk*|brännlukt",
        f"{_SMELL_NB} {_ODD_NB}", f"{_SMELL_NB} _ {_ODD_NB}", f"{_SMELL_NB} _ _ {_ODD_NB}", f"{_ODD_NB} {_SMELL_NB}", "brannlukt*|svidd|svilukt*|brentlukt*|røyklukt*|svidlukt*|brentlukta",
        f"{_SMELL_FI} {_ODD_FI}", f"{_SMELL_FI} _ {_ODD_FI}", f"{_ODD_FI} {_SMELL_FI}", f"{_ODD_FI} _ {_SMELL_FI}", "palaneenhaju*|palaneenkäry*|kärynhaju*|käryää|käryämään|kärysi|kärtsää|käryttää|käryävä|palaneenkatku*|savunhaju*",
    ),
    "smoke": (
        "smoke|smoking|smokes|smoked|smoky|smoulder*|smolder*|haze|soot|smokin|fumes",
        "rök|röken|ryker|rykt|rökte|rökutveckling|pyr|sot|ryka|rök", "røyk|røyken|ryker|røyker|røk|ulmer|røykutvikling|osa|sot",
        "savu|savua|savun|savuaa|savusi|savuttaa|savuamaan|savutti|savuava|kytee|nokea|savahti",
    ),
    "fire": (
        "fire|flame|flames|flaming|burning|caught fire|ablaze|alight|ignite*|ignited|burst into flames|burned|burnt|scorch*|singed|charred|glowing",
        "eld|elden|brinner|brann|brand|branden|eldsvåda|lågor|låga|flammor|fattat eld|tog eld|antänd*|brunnit|förkolna*|glöder|bränd|brända|brännmärk*|svedd",
        "brann|brannen|brenner|flammer|flamme|tok fyr|tatt fyr|fyr|ild|tok ild|antent*|brent|forkull*|gløder|svidd|brannmerke*|svimerke*",
        "tuli|tulta|tulessa|palaa|palamaan|paloi|liekki|liekit|liekkej*|liekeiss*|syttyi|syttynyt|syttyy|tulipalo|tulipalon|roihu*|leimah*|palanut|hiiltyn*|hehku*|palojäl*|kärventyn*|syttymä*|leimaht*",
    ),
    "spark": (
        "spark*|arcing|flash|flashes|lightning|lightnings|crackl*|fizz*|sizzl*|sparky",
        "gnist*|gnistor|gnistrar|blixt*|sprak*|fräser|ljusbåge*|kortslut*|sprätter|slår gnistor",
        "gnist*|gnister|gnistrer|lyn|lynte|knitr*|freser|lysbue*|kortslut*|spraker|spraking",
        "kipinä*|kipinö*|kipuna*|salama*|sähisee|sihisee|rätisee|ritisee|valokaari*|oikosul*|räiskyy|räisky|kipinoi*|räiskähti",
    ),
    "shock": (
        "electric|electrical shock|shocks|shocked", "shock|shocks|shocked|shocking|zap|zaps|zapped|electrocut*|jolt|jolts|tingle*|tingles|tingling|tickles|prickle*|current|sting|stings|bites",
        "stöt|stötar|stöten|elstöt*|ström i|får ström|fick ström|elchock|sticker i|pirrar|strömför*|kittlar|elektrisk stöt|elchock*|strömmar|pirr",
        "støt|støtet|strøm i|får strøm|fikk strøm|elektrisk sjokk|elsjokk|kiler|prikker|strømstøt|strømførende|stikker|sjokk",
        "sähköisku*|iskun|iskuja|sähköiskun|kihelmöi*|kutittaa|nipistel*|pistel*|sätkä*|sätki|täräy*|tärsky*|säkär*|tälli|iskee|iski|jännitteinen|kihelmö*|sähköä|tärähti|sähköisk*",
    ),
    "heat": (
        "overheat*|over-heat*|red hot|boiling hot|scalding|scorching|glowing hot|melt*|melted|too hot|so hot|really hot|very hot|extremely hot|burning hot|super hot|hot to touch|dangerously hot|blister*|bubbly|gone soft|insanely hot|roasting",
        "överhett*|glödhet*|kokhet*|smält*|smälter|brännhet*|jättevarm*|skållhet*|stekhet*|så varm|så varmt|så het|för het|för varm|väldigt varm|extremt varm|skitvarm*|brändes|bränner|bränt|jättehet*",
        "overopphet*|glohet*|kokvarm*|kokende|smelt*|smeltet|brennhet*|kjempevarm*|så varm|så varmt|så het|for varm|veldig varm|ekstremt varm|steikvarm*|brennvarm*|glovarm*|skåldvarm*|brenner",
        "ylikuum*|tulikuuma*|kuumenee|kuumeni|kuumentu*|sulaa|suli|sulan*|sulamaan|polttava*|polttavan|polttaa|liian kuuma*|niin kuuma*|tosi kuuma*|todella kuuma*|kuuma*|poltti|kuumana|kiehuva*|hehkuva*",
    ),
    "battery": (
        "swell*|swollen|swelled|bulg*|puffed|puffy|bloated|ballooned|leak*|expanding|pregnant|inflated|explod*|exploded|explosion|hissing|hisses|burst|blew up|blow up|blown up",
        "svull*|svälld*|sväller|svällt|bukt*|buktar|uppblåst*|putar|pöser|exploder*|explosion|sprängd*|läck*|väser|smäll*|svalla*|svällde",
        "svulm*|hovne*|hoven|bulk*|buler|est ut|eksplo*|eksploder*|lekk*|freser|smell|smalt|oppblåst|svelle*|bule|bulet|hovnet",
        "turvo*|turpo*|pullist*|pullot*|paisu*|räjäh*|vuotaa|sihahti|pamaht*|pamahd*|paukaht*|poksaht*|pullahta*|pullollaan",
    ),
    "fuse": (
        "fuse|fuses|breaker|rcd|tripped|trips|tripping|bang|pop|popped|pops|short circuit|short-circuit*|blew|outlet|socket|plug|wire|wires|frayed",
        "säkring*|propp|proppen|proppar|jordfels*|small|smällde|smällen|poff|pang|kortslöt*|sladden|stickkontakt*|uttaget",
        "sikring*|jordfeil*|smell|smalt|poff|pang|kortslutt*|kortslutning|ledning*|støpsel*|stikkontakt*",
        "sulake*|sulakke*|sulakk*|vikavirta*|pamaus|poksahti|pamahti|napsahti|paukku*|pistok*|pistorasia*|johto|johdon|johdosta|töpsel*",
    ),
    "danger": (
        "danger*|hazard*|unsafe|fire brigade|fire department|burn down|burned down|electrician|hospital|could have died|safe to use|is it safe|fire hazard|evacuat*|killed",
        "farlig*|brandfar*|livsfarlig*|brandkår*|räddningstjänst*|är det säkert|elektriker*|kunde dött|sjukhus*",
        "farlig*|brannfar*|livsfarlig*|brannvesen*|er det trygt|elektriker*|kunne dødd|sykehus*",
        "vaarallis*|vaarallinen|vaara|palovaara*|hengenvaar*|palokun*|onko turvallis*|sähkömie*|sähköasenta*|kuolla|sairaala*",
    ),
}

HARMLESS: tuple[str, ...] = (
    "smoke|fire alarm|alarms|detector|detectors|grey|gray|coloured|colored|sensor|signal", "fire tv|stick|hd|tablet|sale|sales", "fire tv stick", "smoke-grey|smoke-gray",
    "smoked|smoking salmon|area|hot|deal|deals|ribs|fish|ham|meat", "no|without|any|isnt|not|doesnt|zero smoke|fire|sparks|smell|odour|odor|heat|burning", "hot deal|deals|price|prices|water|offer|offers|chocolate|coffee|topic|item|summer|weather|pink|plate|drinks",
    "burning question|questions|desire|through|a|cash|money|patience|cds|cd|dvd|calories", "burn|burned|burnt a|through|out hole|my|money|patience|the", "burnt|burned|burn out|in|toast|coffee|taste|tastes|bridges|image|screen", "image burn", "screen burn", "burn-in|burnt-in|burn-in*|burnout*",
    "tastes|taste|tasting burnt|burned|smoky|burning|burn", "spark|sparks joy|no|interest|my", "sparkling*|sparkle*|sparkly", "shock|shocked|shocking by|at|how|to|that|price|prices|service|customer|value|absorb*", "sticker shock", "shocked", "shocking|shockproof*",
    "on fire with|today|lately", "youre on fire", "fired|fireplace|firewall|firmware|fireworks|firestick|firefox|firefighter*", "my blood boiling", "smoke|smoking me|weed|break|habit|signals", "heated argument|discussion|floor|towel|seat", "hot potato|mess|air|wash|cycle|programme|program|setting",
    "leak* water", "water leak*|leaks|leaking|is|was leaking?", "leaks|leaking|leaked water|from", "bubbling with", "too hot to handle", "hot to trot", "current offer|offers|price|prices|address|order|account|customer|status|plan|bill|subscription|password|email|phone|number|delivery|model|provider", "exploded with|in my", "inbox explod*|exploding",
    "brandvarnar*|brandlarm*|brandsläck*|brandgul*|brandfilt*|brandmän|brandman|röklarm*|rökdetektor*|rökgrå*|rökfärgad*|rökfri*", "fire tv", "brinner för|i", "bränner hål|pengar", "eld och lågor", "het|heta deal|deals|erbjudande|erbjudanden|nyhet|vatten", "chockad|chockerad|chockpris*|chock|chockerande av|över", "rökt|rökta lax|skinka|korv", "inbränd bild|logga", "brändt|bränt kaffe|smak|barn", "inte|ingen varm|varmt|rök|lukt|eld", "gnistrande rent|ny|rena", "läcker vatten|ut", "läcker|läckra|läckert", "vatten läcker", "branschen|brandsäker*",
    "røykvarsler*|brannvarsler*|brannslukk*|røykgrå*|røykfri*|brannmur*|røykdetektor*|brannalarm*|brannteppe*", "brenner for|inne", "hot deal", "heit|hete tilbud", "sjokkert|sjokkpris*|sjokkerende over|av", "røkt|røkte laks", "innbrent bilde|logo", "brent kaffe|smak|barn|seg|av", "ikke|ingen varm|røyk|lukt", "lekker vann|ut", "lekker|lekkert|lekre", "vann lekker", "strømlevering|strømme|strømmetjeneste*|strømming*|strømbrudd*|strømpris*",
    "palovaroit*|savuvaroit*|palohälyt*|savunharmaa*|palomuur*|savulohi*|savusaun*|savustus*|savustet*|savukinkk*", "palaa|palanut loppuun|kuvaan|ruutuun|pinna|päreet|hermo|hermot|kahvi", "pinna|hermo|hermot|käämi|käämit|päreet palaa|paloi|palanut|kärähti|kiristyy", "kahvi maistuu palan*|pala*", "kuuma|kuumat|kuumia vesi|tarjous|tarjoukset|peruna|diili|linja", "ei|eikä kuumene|lämpene|savua|hajua", "kuumenn* vettä|vesi", "vuotaa vettä|vesi", "vesi vuotaa", "järkyttyn*|shokissa|shokki", "tulee|tulessa|tulilla|tulisi", "tulosta*|tulost*", "palautta*|palautu*", "palaa asiaan|palautus",
)  # fmt: skip

_FINDER = PhraseFinder({**DANGER, "harmless": HARMLESS})


def danger_words(text: str) -> dict[str, int]:
    """How often each kind of danger is named; `harmless` counts the phrases that only sound like it."""
    counts: dict[str, int] = {}
    for phrase in _FINDER.find(read_doc(text)):
        counts[phrase.name] = counts.get(phrase.name, 0) + 1
    return counts

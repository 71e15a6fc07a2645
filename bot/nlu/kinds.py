"""What ordinary people call the kinds of product that the shop sells, in the four languages."""

from __future__ import annotations

from bot.nlu.numbers import Found
from bot.nlu.phrases import PhraseFinder
from spacy.tokens import Doc

KINDS: dict[str, tuple[str, ...]] = {
    "tv": (
        "tv|tvs|tvn|tvt|tvta|tvss|tvssa|tvni|tv:n|tv:ta|tv:t|tv:ssa|tv-n|tv's|tv'n|teevee|telly|tele|tellys",
        "television*|tele|televis*|plasma|plasmas|plasman|plasmatv*|plasma-tv*|led-tv*|ledtv*|teve|teven",
        "flatscreen*|flat screen|screen tv|tv-apparat*|tv-n|tv-en|tv'n|tv-ar*|tvapparat*|tv-er|tver|tven|tvapparaten",
        "telkkari*|telkka*|telkku*|töllö*|televisio*|taulutelevisio*|taulutv*|teeveet|teevee*|teeveen",
        "teve-*|flatskarm*|flatskjerm*|fjernsyn*|dumburk*|tvskarm*|tv-skarm*",
    ),
    "washing_machine": (
        "washing machine|machines|mashine|machne", "washer|washers|washingmachine*|washmachine*",
        "tvättmaskin*|tvattmask*|tvättis*|tvattmaskin*", "vaskemaskin*|vaskemask*|vaskmaskin*",
        "pesukone*|pyykinpesukone*|pyykkikone*|pesurin|pyykkäri*",
    ),
    "dryer": (
        "tumble dryer|drier|dryers|driers", "tumbledryer*|tumbledrier*|dryer|dryers|drier|driers",
        "torktumlar*|tumlare|tumlaren|torktumla*|torkskåp*", "tørketromm*|torketrommel*|tørketrommel*|trommel|trommelen",
        "kuivausrumpu*|kuivausrummu*|kuivuri|kuivurin|kuivaaja*|kuivain*|rumpukuivain*",
    ),
    "dishwasher": (
        "dishwasher*|dish-washer*", "dish washer|washers", "diskmaskin*|diskis*|diskmask*", "oppvaskmaskin*|oppvaskemaskin*",
        "astianpesukone*|tiskikone*|tiskari*|astianpesu*",
    ),
    "fridge": (
        "fridge*|refrigerator*|refridgerator*|frige", "kylskåp*|kylskap*|kylen|kyl|kyl/frys*|kyl-frys*|kylfrys*",
        "kjøleskap*|kjøleskåp*|kjøl|kjøl/frys*|kombiskap*|kombiskåp*", "jääkaap*|jaakaap*|jääkaappi*|jääkaapin*|jääkaappipakast*",
    ),
    "freezer": (
        "freezer*", "frys|frysen|frysar*|frysskåp*|frysbox*|fryser|fryseren|frysere|fryseskap*|fryseboks*|fryseboksen",
        "pakastin*|pakastim*|pakkanen|arkkupakast*|kaappipakast*",
    ),
    "robot_vacuum": (
        "robot vacuum|vacuums|hoover|cleaner|vac", "robovac*|roomba*|robotvacuum*", "robot vacuum cleaner|cleaners",
        "robotdammsug*|robotstøvsug*|robotstovsug*|robot-imuri*|robotti-imuri*|robottiimuri*|imurirobot*|robottipölynimuri*",
        "robot dammsugare|støvsuger*|imuri*",
    ),
    "vacuum_cleaner": (
        "vacuum cleaner|cleaners", "vacuum|vacuums|hoover|hoovers|vacum|vaccum|vaccuum|vac",
        "dammsug*|dammsugar*", "støvsug*|stovsug*", "imuri|imurin|imuria|imurit|imurissa|imurista|imuriin|imuriini|imurini|pölynimur*|imureita|varsi-imuri*|varsiimuri*",
    ),
    "coffee_maker": (
        "coffee maker|machine|makers|machines|brewer|maschine", "coffeemaker*|coffemaker*|coffeemachine*|percolator*",
        "kaffebryg*|kaffemaskin*|bryggar*|kaffekokar*", "kaffetrakter*|kaffetrakt*|trakteren", "kahvinkeit*|kahvikone*|kahvinkeitin*|keittimen|kaffemasin*",
    ),
    "kettle": (
        "kettle*|kettel", "vattenkokar*|vattenkok*", "vannkoker*|vannkok*", "vedenkeit*|vedenkeitin*|keitin",
    ),
    "headphones": (
        "headphone*|headset*|earphone*|earbud*|hedphones|headfones", "hörlur*|horlur*|lurar|lurarna",
        "hodetelefon*|høretelefon*|øreplugg*|ørepropp*", "kuulokk*|kuuloke*|luurit|kuulokkeet",
    ),
    "phone": (
        "phone|phones|mobile|mobiles|smartphone*|cellphone*|handset|iphone*", "mobil|mobilen|mobiler|mobilerna|mobiltelefon*|smarttelefon*|smartphone*",
        "puhelin|puhelimen|puhelimeni|puhelimessa|puhelimesta|puhelinta|puhelimet|puhelimeen|puhelimia|kännykkä*|kännykä*|kännyk*|älypuhelin*|älypuhelim*|luuri|kännyni",
    ),
    "laptop": (
        "laptop*|notebook*|lap-top*|computer*", "datorn|dator|datorer|bärbar|bärbara|laptopp*|bärbar*", "bærbar|bærbare|pc|pcen|pc-en|pc'n|pcn|datamaskin*|maskinen",
        "läppär*|kannettava*|kannettavan|tietokone*",
    ),
    "tablet": ("tablet|tablets|tab", "surfplatt*|läsplatt*|platta|plattan|pekplatt*", "nettbrett*|brettet", "tabletti*|tabletin|tabletista|tabletilla|tabletilta|tabletissa|taulutietokone*|tabletit|tabletteja|tablettia|tablettini|täppäri*"),
    "soundbar": ("soundbar*|sound-bar*", "sound bar|bars", "ljudlimpa*|ljudlimpor*|lydplanke*|lydplank*|soundbaari*|äänipalkk*|äänipalki*"),
    "smoke_alarm": (
        "smoke alarm|detector|alarms|detectors|sensor", "fire alarm|alarms", "smokealarm*|smokedetector*", "brandvarnar*|brandlarm*|rökdetektor*|röklarm*",
        "røykvarsler*|brannvarsler*|røykvarsl*|røykdetektor*", "palovaroit*|palohälytin*|palohälyttim*|savuhälyt*",
    ),
    "streaming_stick": (
        "streaming|stream|media stick|sticks|dongle", "fire|tv stick|sticks", "fire tv stick", "streamingstick*|tv-stick*|tv-sticka*|chromecast*",
        "streamingsticka*|strömningssticka*|strømmepinne*|strømmestick*|stickan|sticken|strømmepinn*", "suoratoistotik*|mediatikku*|mediatikun|tv-tikku*|tv-tiku*|suoratoistolait*|tikku|tikun",
    ),
    "microwave": (
        "microwave*|micro-wave*|micowave", "mikro|mikron|mikrovågsugn*|mikrovågs*|mikrougn*", "mikrobølgeovn*|mikrobølge*|mikroen|mikrobølgeovnen", "mikroaaltouuni*|mikrouuni*|mikron|mikrossa|mikrosta|mikroa|mikrot|mikroaalto*",
    ),
    "hair_dryer": (
        "hair dryer|drier|dryers|driers|drayer", "hairdryer*|hairdrier*|hair-dryer*|blowdryer*", "hårtork*|hårfön*|fön|fönen|hårtorken", "hårføner*|føner|føneren|hårtørker*|føneren|hårtørrer*",
        "hiustenkuivaaj*|hiustenkuivai*|hiustenkuivain*|fööni*|föönin|föönäri*",
    ),
    "scooter": (
        "scooter*|e-scooter*|escooter*|electric scooter*", "elsparkcykel*|elsparkcykl*|elscooter*|elskoter*|sparkcykel*", "elsparkesykk*|sparkesykk*|el-sparkesykk*|elsparkesykkel*",
        "sähköpotkulau*|potkulau*|skootteri*|skuutti*|skuutin|sähköskuut*|skuuti*",
    ),
}

_FINDER = PhraseFinder(KINDS)


def read_kinds(doc: Doc) -> list[Found]:
    """The kinds of product that the text names."""
    return [Found("product_kind", phrase.name, phrase.start, phrase.end) for phrase in _FINDER.find(doc)]

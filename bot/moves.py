"""Moves of a conversation that are no topic: starting over, "the other order", "yes, but ...". Pure.

They are few, short and said alike by everyone, so that phrases read them better than a learner would.
"""

import re

START_OVER = "start_over"
OTHER_ORDER = "other_order"
LONGEST_MOVE = 9
"""Words; a longer message says more than a move."""

_LEAD_IN = r"(?:(?:no|nope|ok|okay|oh|hmm+|sorry|wait|please|actually|nej|nä|nei|ne|okej|vänta|förlåt|vent|beklager|unnskyld|ei|eiku|eikun|hei|odota|anteeksi|oho|well|ja|jo)[\s,.!:-]+)*"
_LEAD_OUT = r"(?:[\s,]+(?:please|thanks|tack|takk|kiitos|då|da|sit|sitten|nu|nå|now|then|heller|istället|i stället|i stedet))*"
_START_AGAIN = (
    r"(?:can we |could we |let'?s |i want to |i'd like to )?(?:please )?(?:start|begin) (?:all )?(?:over|again|afresh|anew)(?: again)?"
    r"|(?:can we |let'?s )?(?:start|begin|take it|go back) (?:from |to )?the (?:beginning|start|top)|from the (?:beginning|start|top)"
    r"|(?:just )?(?:forget|scrap|drop|ignore) (?:it|that|this|all (?:of )?that|everything|the whole thing)|never ?mind(?: that| it| all that)?|reset"
    r"|(?:kan vi |vi |jag vill |låt oss )?(?:börja|börjar|ta det) (?:om|på nytt)(?: från (?:början|noll))?|från början|(?:vi )?börja från (?:början|noll)"
    r"|(?:äh |asså )?(?:glöm|strunta i|strunt i|skit i|skippa) (?:det|allt|det där|alltihop)"
    r"|(?:kan vi |vi |jeg vil |la oss )?(?:begynne?r?|starte?r?|ta det) (?:på nytt|om igjen|forfra|på ny)|fra (?:begynnelsen|starten|scratch)"
    r"|(?:bare )?(?:glem|blås i|drit i|dropp) (?:det|alt|det der|alt sammen)"
    r"|(?:voidaanko |voisimmeko |haluan )?(?:aloita|aloitetaan|aloittaa|alotetaan|otetaan) (?:kaikki |tämä )?(?:alusta|uudestaan|uudelleen)|alusta"
    r"|(?:anna |antaa )?(?:unohda|unohdetaan) (?:se|tämä|koko juttu|kaikki)|antaa olla"
)
_START_OVER = re.compile(rf"^\W*{_LEAD_IN}(?:{_START_AGAIN})(?:[\s,.!]+(?:{_START_AGAIN}))?{_LEAD_OUT}\W*$", re.IGNORECASE)
_OTHER_ORDER = re.compile(
    r"\b(?:the other (?:order|purchase)|not (?:that|this) order|my other order"
    r"|(?:den|min) andra (?:ordern?|beställningen?)|det andra köpet|inte den(?: där| här)? (?:ordern|beställningen)"
    r"|(?:den|min) andre (?:ordren?|bestillingen?|bestillinga)|ikke den(?: der| her)? (?:ordren|bestillingen|bestillinga)"
    r"|(?:se |sen |sitä |siitä )?(?:tois(?:ta|ella|en|essa|esta)|toinen) tilau\w*|(?:en |ei )(?:tarkoita |tarkoittanut )?(?:tätä|sitä|tuota) tilau\w*)\b",
    re.IGNORECASE,
)
_OTHER_ONE = re.compile(
    r"\b(?:(?:the|my) other one|not (?:that|this) one|den andra|inte den|den andre|ikke den|se toinen|sitä toista|en (?:sitä|tätä|tuota)|ei (?:se|tämä|tuo))\b",
    re.IGNORECASE,
)
_YES_BUT = re.compile(
    r"^\W*(?:(?:yes|yeah|yep|yup|sure|ok|okay|fine|right|well|good|great|no|nope|nah|ja|jo|japp|jepp|visst|okej|absolut|nej|nä|nei|jaja|joo|juu|kyllä|toki|selvä|hyvä|ei|en|thanks|tack|takk|kiitos)[\s,.!]*){1,3}"
    r"\b(?:but|though|although|however|men|fast|dock|mutta|mut)\b[\s,]*(?P<rest>\S.*)$",
    re.IGNORECASE | re.DOTALL,
)


def move_in(text: str, about_an_order: bool = False) -> str | None:
    """START_OVER, OTHER_ORDER, or None. While we talk `about_an_order`, "the other one" is an order too."""
    if len(text.split()) > LONGEST_MOVE:
        return None
    if _START_OVER.match(text):
        return START_OVER
    return OTHER_ORDER if _OTHER_ORDER.search(text) or (about_an_order and _OTHER_ONE.search(text)) else None


def behind_but(text: str) -> str | None:
    """What "yes, but ..." is about: all that follows the but. None when the message does not begin so."""
    found = _YES_BUT.match(text)
    return found["rest"] if found else None

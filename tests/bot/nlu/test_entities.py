"""Kinds of product, rooms and times in four languages, and how they stand beside each other."""

import pytest

from bot.nlu.entities import EntityReader, hidden_spans
from bot.nlu.text import mask


def values(entities: EntityReader, text: str, kind: str) -> list[str]:
    return [one.value for one in entities.read(text) if one.kind == kind]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("my telly", "tv"), ("tvn", "tv"), ("tv:n kuva", "tv"), ("fjernsynet", "tv"), ("telkkarissa", "tv"), ("washing machines", "washing_machine"),
        ("TVÄTTMASKINEN", "washing_machine"), ("tvattmaskin", "washing_machine"), ("vaskemaskina", "washing_machine"), ("pesukoneeni", "washing_machine"),
        ("tumble dryer", "dryer"), ("torktumlaren", "dryer"), ("tørketrommelen", "dryer"), ("kuivausrumpuun", "dryer"),
        ("robot vacuum", "robot_vacuum"), ("robotdammsugaren", "robot_vacuum"), ("robotti-imuri", "robot_vacuum"), ("dammsugare", "vacuum_cleaner"),
        ("kaffebryggaren", "coffee_maker"), ("kahvinkeitin", "coffee_maker"), ("vannkokeren", "kettle"), ("hodetelefoner", "headphones"),
        ("läppäri", "laptop"), ("nettbrettet", "tablet"), ("brandvarnare", "smoke_alarm"), ("palovaroitin", "smoke_alarm"), ("smoke detector", "smoke_alarm"),
        ("Fire TV stick", "streaming_stick"), ("mikroen", "microwave"), ("hårfön", "hair_dryer"), ("elsparkesykkelen", "scooter"), ("kjøleskapet", "fridge"),
        ("pakastimen", "freezer"), ("oppvaskmaskina", "dishwasher"), ("lydplanke", "soundbar"), ("mobilen", "phone"),
    ],
)  # fmt: skip
def test_ordinary_words_name_a_kind(entities: EntityReader, text: str, kind: str) -> None:
    assert values(entities, text, "product_kind") == [kind]


@pytest.mark.parametrize("text", ["what is your phone number", "on the phone", "ringa på telefon"])
def test_a_phone_number_is_no_phone(entities: EntityReader, text: str) -> None:
    assert values(entities, text, "product_kind") == []


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("a TV for a small room", "small"), ("12 m2", "small"), ("20 kvm", "medium"), ("stue på 35 kvadratmeter", "large"), ("pieneen huoneeseen", "small"),
        ("about 3 metres away", "medium"), ("ett stort vardagsrum", "large"), ("we sit 2 m from the wall", "small"), ("18 neliötä", "medium"),
        ("sitter 4 meter från", "large"), ("liten stue", "small"), ("iso olohuone", "large"),
    ],
)  # fmt: skip
def test_rooms_are_small_medium_or_large(entities: EntityReader, text: str, size: str) -> None:
    assert values(entities, text, "room_size") == [size]


@pytest.mark.parametrize(
    "text",
    [
        "tomorrow at 10", "on tuesday afternoon", "imorgon kl 14", "på fredag", "huomenna klo 10.30", "ensi maanantaina", "i morgen klokka ti",
        "neste onsdag", "after 5 pm", "24.12.", "at half five", "on midsummer's eve", "in two hours", "om en timme", "kahden tunnin kuluttua",
        "between 2 and 4", "halv fem", "torstaina iltapäivällä", "the 3rd of june", "next week", "ikväll", "viikonloppuna",
    ],
)  # fmt: skip
def test_a_phrase_of_time_is_found_whole(entities: EntityReader, text: str) -> None:
    assert [value.lower() for value in values(entities, f"call me {text} please", "time")] == [text]


@pytest.mark.parametrize("text", ["good morning", "god kväll", "two of them", "open 24/7", "10/10 would buy again", "at one point"])
def test_greetings_and_counts_are_no_times(entities: EntityReader, text: str) -> None:
    assert values(entities, text, "time") == []


def test_entities_never_overlap_and_stand_where_they_say(entities: EntityReader) -> None:
    text = "Order 100 238 47, the Aurora P50 for 8 990 kr, mail erik.lund@example.com tomorrow at 10"
    found = entities.read(text)
    assert [one.kind for one in found] == ["order_number", "product", "amount", "email", "time"]
    assert all(left.end <= right.start for left, right in zip(found, found[1:], strict=False))
    assert [text[one.start : one.end] for one in found][1] == "Aurora P50"


def test_learners_do_not_see_names_and_numbers(entities: EntityReader) -> None:
    text = "my P50 from 10023847"
    assert mask(text, hidden_spans(entities.read(text))).split() == ["my", "‹product›", "from", "‹order_number›"]

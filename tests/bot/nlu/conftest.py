"""A few products and a small, trained understanding of four languages."""

from pathlib import Path

import pytest

from bot.nlu.catalogue import Product, read_catalogue
from bot.nlu.entities import EntityReader
from bot.nlu.examples import Example
from bot.nlu.products import ProductFinder
from bot.nlu.understanding import Understanding, fit_understanding

ROOT = Path(__file__).parents[3]
CATALOGUE = ROOT / "data" / "shop" / "products.csv"

SAID = {
    "en": {
        "greet": ["hello there", "good morning to you", "hi, anyone home", "hey you", "hello again"],
        "track_order": ["where is my order", "has my parcel been sent", "track my order please", "where is it now", "when is my order coming"],
        "report_fault": ["the screen is broken", "it does not start any more", "my kettle makes a noise", "the dryer stopped working", "picture is gone"],
    },
    "sv": {
        "greet": ["hej på er", "god morgon på dig", "tjena, nån där", "hallå där", "hejsan igen"],
        "track_order": ["var är min beställning", "har mitt paket skickats", "spåra min order tack", "var är det nu", "när kommer min order"],
        "report_fault": ["skärmen är trasig", "den startar inte längre", "min vattenkokare låter", "tumlaren slutade fungera", "bilden är borta"],
    },
    "nb": {
        "greet": ["hei på deg", "god morgen til dere", "heisann, noen der", "hallo du", "hei igjen"],
        "track_order": ["hvor er bestillingen min", "er pakken min sendt", "spor ordren min takk", "hvor er den nå", "når kommer ordren min"],
        "report_fault": ["skjermen er ødelagt", "den starter ikke lenger", "vannkokeren min bråker", "tørketrommelen sluttet å virke", "bildet er borte"],
    },
    "fi": {
        "greet": ["moi kaikille", "hyvää huomenta teille", "terve, onko siellä ketään", "no hei taas", "moikka vaan"],
        "track_order": ["missä tilaukseni on", "onko pakettini lähetetty", "seuraa tilaustani kiitos", "missä se nyt on", "milloin tilaukseni tulee"],
        "report_fault": ["näyttö on rikki", "se ei käynnisty enää", "vedenkeittimeni pitää ääntä", "kuivain lakkasi toimimasta", "kuva katosi"],
    },
}  # fmt: skip
FURIOUS = {"en": "THIS IS A DISGRACE!!!", "sv": "DET HÄR ÄR EN SKAM!!!", "nb": "DETTE ER EN SKAM!!!", "fi": "TÄMÄ ON HÄPEÄ!!!"}
DANGER = {
    "en": ["smoke comes out of the dryer", "my tv smells burnt", "the battery is swollen"],
    "sv": ["det kommer rök ur tumlaren", "min tv luktar bränt", "batteriet har svullnat"],
    "nb": ["det kommer røyk ut av trommelen", "tv-en min lukter svidd", "batteriet har svulmet opp"],
    "fi": ["kuivaimesta tulee savua", "telkkarini haisee palaneelta", "akku on turvonnut"],
}


def small_training_text(*languages: str) -> list[Example]:
    """Sentences of three topics, one of fury and some of danger in each language."""
    examples = []
    for language in languages:
        for topic, texts in SAID[language].items():
            examples += [Example(text, topic, language, "calm" if topic == "greet" else None) for text in texts]
        examples += [Example(text, "report_fault", language, "annoyed", True) for text in DANGER[language]]
        examples.append(Example(FURIOUS[language], "report_fault", language, "furious"))
    return examples


@pytest.fixture(scope="session")
def products() -> tuple[Product, ...]:
    return read_catalogue(CATALOGUE)


@pytest.fixture(scope="session")
def entities(products: tuple[Product, ...]) -> EntityReader:
    return EntityReader(ProductFinder(products))


@pytest.fixture(scope="session")
def small(products: tuple[Product, ...]) -> Understanding:
    return fit_understanding(small_training_text("en", "sv", "nb", "fi"), products)

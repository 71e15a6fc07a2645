"""Finds the catalogue's products in a text: inflected, run together, misspelt or by model alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from bot.nlu.catalogue import Product
from bot.nlu.numbers import Found
from bot.nlu.phrases import Word, read_words

_PIECE = re.compile(r"[a-z]+|\d+")
# Case endings and plurals in the four languages, as they hang on a name: P50:n, W7an, T10:ssa, K3's, stickia.
_ENDING = re.compile(
    r"(?:s|n|t|en|et|an|ar|er|ene|erna|arna|orna|in|un|on|lla|llä|lle|lta|ssa|sta|seen|een|iin|aan|oon|hin"
    r"|a|ta|tta|ksi|na|ni|nsa|iä|ia|ja|jen|ien|ns|ens|ets|ern|eren|sen|tv|tvn|tven|hun|iin|ssani|lleni|stani|nkin|kin|ko)?$"
)
# Brands that mean something in one of our languages (a guard, a spark): never a product by themselves.
_ORDINARY_WORDS = frozenset({"vakt", "kipin"})
# After these words "rulla" is Swedish for rolling, and no scooter.
_BEFORE_A_VERB = frozenset({"att", "borjar", "borjade", "kan", "ska", "vill", "far", "slutar", "slutade", "och", "kunde", "inte"})
_CODE = re.compile(r"([a-z]+\d+)([a-z]*)$")
_LETTERS = re.compile(r"[a-z]+")
_BEFORE_UNIT = re.compile(r"(?<!\d)\d{1,3}[ ,.]?$")


@dataclass
class ProductFinder:
    """Knows the catalogue by brand and by model."""

    products: Sequence[Product]
    _by_brand: dict[str, list[Product]] = field(init=False)
    _by_model: dict[str, list[Product]] = field(init=False)
    _spoken_models: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._spoken_models = tuple({product.model[:3] for product in self.products if product.model.isalpha()})
        self._by_brand = defaultdict(list)
        self._by_model = defaultdict(list)
        for product in self.products:
            self._by_brand[product.brand.replace(" ", "")].append(product)
            self._by_model[product.model].append(product)

    def find(self, text: str, kinds: Collection[str] = ()) -> list[Found]:
        """Products named in the text, first to last; `kinds` are those that it names, to tell a brand's products apart."""
        words = read_words(text)
        found: list[Found] = []
        at = 0
        while at < len(words):
            hit = self._branded(words, at, kinds) or self._by_model_alone(text, words, at)
            if hit is None:
                at += 1
                continue
            product, last = hit
            last = _take_ending(text, words, last)
            found.append(Found("product", product.name, words[at].start, words[last].end))
            at = last + 1
        return found

    def _branded(self, words: tuple[Word, ...], at: int, kinds: Collection[str]) -> tuple[Product, int] | None:
        """The product whose brand stands here, and its last word."""
        word = words[at].text
        if not word[0].isalpha() or len(word) < 3:
            return None
        following = words[at + 1].text if at + 1 < len(words) and words[at + 1].start - words[at].end <= 2 else ""
        third = words[at + 2].text if following and at + 2 < len(words) else ""
        named = any(char.isdigit() for char in word + following) or (len(following) == 1 and third.isdigit())
        misspelt = named or any(following.startswith(name) for name in self._spoken_models)
        for brand, products in self._by_brand.items():
            if word[0] not in brand[:2]:
                continue
            rest = _after_brand(word, brand) if misspelt or word.startswith(brand) else None
            if rest is None:
                continue
            if rest and (product := _model(products, rest)):
                return product, at  # aurorap50
            if following and (product := _model(products, following)):
                return product, at + 1  # aurora p50, auroran p50
            if len(following) == 1 and third and (product := _model(products, following + third)):
                return product, at + 2  # aurora p 50
            meant = products if len(products) == 1 else [product for product in products if product.kind in kinds]
            alone = len(meant) == 1 and brand not in _ORDINARY_WORDS and word.startswith(brand)
            if alone and word == "rulla" and at and words[at - 1].text in _BEFORE_A_VERB:
                return None
            if alone and _ENDING.match(rest):
                return meant[0], at  # the Tystra; my Frysta, that fridge
        return None

    def _by_model_alone(self, text: str, words: tuple[Word, ...], at: int) -> tuple[Product, int] | None:
        """The product of a model that only one brand has; "14", "5" and "stick" say nothing without their brand."""
        parts = _CODE.match(words[at].text)
        products = self._by_model.get(parts[1], []) if parts else []
        if parts is None or len(products) != 1 or not _ENDING.match(parts[2]):
            return None
        if _BEFORE_UNIT.search(text[: words[at].start]):
            return None  # 20 m2 is a room.
        return products[0], at


def _take_ending(text: str, words: tuple[Word, ...], last: int) -> int:
    """The ending after a mark belongs to the name: P50:n, K3's, T10-ssa."""
    if last + 1 < len(words) and words[last + 1].start == words[last].end + 1:
        if text[words[last].end] in ":'’" and _ENDING.match(words[last + 1].text):
            return last + 1
    return last


def _after_brand(word: str, brand: str) -> str | None:
    """What follows the brand in the word (an ending or a model), or None if it is another word."""
    if word.startswith(brand):
        return word[len(brand) :]
    letters = _LETTERS.match(word)
    if letters is None or len(brand) < 4:
        return None
    name = letters.group()
    if within(name, brand, 2 if len(brand) >= 6 else 1):
        return word[len(name) :]
    for cut in (name[:-1], name[:-2]):  # an ending or the model's letter after a misspelt brand
        if len(cut) >= 4 and within(cut, brand, 1):
            return word[len(cut) :]
    return None


def _model(products: Iterable[Product], text: str) -> Product | None:
    """The product of one brand whose model this is, with endings and slips (p5o, 50, p 50)."""
    for product in products:
        if text.startswith(product.model) and _ENDING.match(text[len(product.model) :]):
            return product
    fixed = re.sub(r"(?<=\d)o|o(?=\d)", "0", text)
    pieces = _PIECE.findall(fixed)
    numbers = [piece for piece in pieces if piece.isdigit()]
    if len(numbers) == 1:
        same = [product for product in products if _number(product.model) == numbers[0]]
        letters_before = pieces[0] if not pieces[0].isdigit() else ""
        if len(same) == 1 and len(letters_before) <= 1 and (len(numbers[0]) > 1 or not letters_before):
            return same[0]
    for product in products:
        if product.model.isalpha() and len(product.model) >= 5:
            if within(text, product.model, 1) or (text.startswith(product.model) and _ENDING.match(text[len(product.model) :])):
                return product
    return None


def _number(model: str) -> str:
    return "".join(char for char in model if char.isdigit())


def within(left: str, right: str, limit: int) -> bool:
    """Whether `limit` slips (insert, drop, replace, swap neighbours) make one word the other."""
    if abs(len(left) - len(right)) > limit:
        return False
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        following = [i]
        for j, b in enumerate(right, 1):
            cost = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        if min(following) > limit:
            return False
        before, row = row, following
    return row[-1] <= limit

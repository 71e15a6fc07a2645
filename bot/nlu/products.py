"""Finds the catalogue's products in a text: inflected, run together, misspelt or by model alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.nlu.catalogue import Product
from bot.nlu.numbers import Found
from bot.nlu.text import fold

_PIECE = re.compile(r"[a-z]+|\d+")
# Case endings and plurals in the four languages, as they hang on a name: P50:n, W7an, T10:ssa, K3's, stickia.
_ENDING = re.compile(
    r"(?:[:'\-])?(?:s|n|t|en|et|an|ar|er|ene|erna|arna|orna|in|un|on|lla|llä|lle|lta|ssa|sta|seen|een|iin|aan|oon|hin"
    r"|a|ta|tta|ksi|na|ni|nsa|iä|ia|ja|jen|ien|ns|ens|ets|tv|tvn|tven|hun|iin|ssani|lleni|stani|nkin|kin|ko)?$"
)
# Brands that mean something in one of our languages (a guard, a roll): never a product by themselves.
_ORDINARY_WORDS = frozenset({"vakt", "rulla"})
_BEFORE_SIZE = re.compile(r"\d[ ,.]?$")


@dataclass
class ProductFinder:
    """Knows the catalogue by brand and by model."""

    products: Sequence[Product]
    _by_brand: dict[str, list[Product]] = field(init=False)
    _by_model: dict[str, list[Product]] = field(init=False)

    def __post_init__(self) -> None:
        self._by_brand = defaultdict(list)
        self._by_model = defaultdict(list)
        for product in self.products:
            self._by_brand[product.brand.replace(" ", "")].append(product)
            self._by_model[product.model].append(product)

    def find(self, text: str) -> list[Found]:
        """Products named in the text, first to last."""
        folded = fold(text)
        tokens = [(match.start(), match.end()) for match in re.finditer(r"[a-z0-9]+(?:[:'][a-z]+)?", folded)]
        found: list[Found] = []
        at = 0
        while at < len(tokens):
            hit = self._at(folded, tokens, at)
            if hit is None:
                at += 1
                continue
            product, last = hit
            found.append(Found("product", product.name, tokens[at][0], tokens[last][1]))
            at = last + 1
        return found

    def _at(self, folded: str, tokens: list[tuple[int, int]], at: int) -> tuple[Product, int] | None:
        start, end = tokens[at]
        token = folded[start:end]
        for brand, products in self._by_brand.items():
            rest = _after_brand(token, brand)
            if rest is None:
                continue
            if rest and (product := _model(products, rest)):
                return product, at  # aurorap50
            if at + 1 < len(tokens) and tokens[at + 1][0] - end <= 2:
                following = folded[tokens[at + 1][0] : tokens[at + 1][1]]
                if product := _model(products, following):
                    return product, at + 1  # aurora p50, auroran p50:n
                if at + 2 < len(tokens) and tokens[at + 2][0] - tokens[at + 1][1] <= 1:
                    joined = following + folded[tokens[at + 2][0] : tokens[at + 2][1]]
                    if len(following) == 1 and (product := _model(products, joined)):
                        return product, at + 2  # aurora p 50
            alone = len(products) == 1 and brand not in _ORDINARY_WORDS and token.startswith(brand)
            if alone and _ENDING.match(rest):
                return products[0], at  # the Tystra
        return self._by_model_alone(folded, start, token, at)

    def _by_model_alone(self, folded: str, start: int, token: str, at: int) -> tuple[Product, int] | None:
        for model, products in self._by_model.items():
            if len(products) > 1 or not (model[0].isalpha() and model[-1].isdigit()):
                continue  # "14", "5" and "stick" say nothing without their brand.
            if token.startswith(model) and _ENDING.match(token[len(model) :]):
                if model[0] == "m" and _BEFORE_SIZE.search(folded[:start]):
                    return None  # 20 m2 is a room.
                return products[0], at
        return None


def _after_brand(token: str, brand: str) -> str | None:
    """What follows the brand in the token (an ending or a model), or None if it is another word."""
    if token.startswith(brand):
        return token[len(brand) :]
    slack = 2 if len(brand) >= 6 else 1
    if len(brand) < 4 or token[0] not in (brand[0], brand[1]):
        return None
    letters = re.match(r"[a-z]+", token)
    if letters is None:
        return None
    word = letters.group()
    if within(word, brand, slack):
        return token[len(word) :]
    for cut in (word[:-1], word[:-2]):  # auorap50 or auroran, with an error inside
        if len(cut) >= 4 and within(cut, brand, 1):
            return token[len(cut) :]
    return None


def _model(products: Iterable[Product], text: str) -> Product | None:
    """The product of one brand whose model this is, with endings and slips (p5o, 50, p 50)."""
    text = text.lstrip("-")
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

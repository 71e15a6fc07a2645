"""Five-fold cross-validation of the topics on the training text itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sklearn.model_selection import StratifiedKFold

from bot.nlu.catalogue import Product
from bot.nlu.entities import EntityReader, hidden_spans
from bot.nlu.examples import Example
from bot.nlu.products import ProductFinder
from bot.nlu.readers.topic import TOPICS, prepare
from bot.nlu.training import fit


def cross_validate(examples: Sequence[Example], products: Sequence[Product], folds: int = 5) -> dict[str, float]:
    """The share of held-out examples whose topic is right, by language."""
    reader = EntityReader(ProductFinder(products))
    texts = [prepare(example.text, hidden_spans(reader.read(example.text)), example.language) for example in examples]
    strata = [f"{example.language} {example.topic}" for example in examples]
    right: Counter[str] = Counter()
    for learn, hold in StratifiedKFold(folds, shuffle=True, random_state=0).split(texts, strata):
        fitted = fit(TOPICS.uncalibrated(), [texts[at] for at in learn], [examples[at].topic for at in learn])
        for at in hold:
            found = fitted.labels[int(fitted.scores(texts[at]).argmax())]
            right[examples[at].language] += found == examples[at].topic
    totals = Counter(example.language for example in examples)
    return {language: right[language] / total for language, total in totals.items()}

"""Which language a text is in: by its script, then by its small words. No weights, no loading.

Enough to tell English from the rest, which is all that the reading stages need; among the others
it names the likeliest of some thirty.
"""

import re
from collections import Counter

ENGLISH = "en"
UNKNOWN = "und"

_SAMPLE = 6000
_FEWEST_LETTERS = 3

_SMALL_WORDS = {
    "en": "the of and to in that for is on with was by at as it his he from have has be are not this but "
    "they said will an or were which their had who after been its would more about over could also "
    "than when into what there against during between",
    "fr": "le la les des et est une un que qui dans pour pas sur avec au aux du ce cette sont par plus ne "
    "se nous vous mais ou son ses été avait leur selon",
    "es": "el la los las de que y en un una por con para del se no su al es lo como más pero sus fue ha "
    "este son entre está también según",
    "pt": "o os as de que e em um uma para com não do da dos das no na por mais se foi ao são como pela "
    "pelo também seu sua ele segundo",
    "it": "il lo gli di che e la per un una non con del della dei delle nel nella sono è anche più alla dal "
    "come ha questo ma si secondo",
    "ro": "și de la în cu pe nu un o este din care pentru că mai au fost sunt lui ale al prin după sau",
    "de": "der die das und in den von zu mit ist im für auf nicht ein eine des dem sich auch als es an "
    "werden aus er hat dass wurde nach bei sie",
    "nl": "de het een van en in is dat op te voor met zijn niet aan er om ook als bij door naar uit worden "
    "was heeft maar",
    "sv": "och att det i en som på är av för med den till inte har de ett om var från vid han efter kan "
    "också",
    "da": "og at det i en som på er af for med den til ikke har de et om var fra ved han efter kan også blev",
    "pl": "i w na z do że się nie jest to o jak po za od przez są oraz dla ma który która już ale był",
    "cs": "a v na se je že z do s to o i k za jsou pro jako by ve po který která ale byl podle",
    "hu": "a az és hogy nem is egy van volt meg ez de csak el mint már ki azt után szerint lesz",
    "hr": "i u je da na se za su od s ne o kao što sa bi po iz koji koja ali bio nakon prema",
    "tr": "ve bir bu da de için ile olarak olan çok daha gibi ne kadar sonra ama olduğu etti dedi değil",
    "az": "və bir bu da də üçün ilə olan olaraq edib daha kimi sonra deyib onun həm görə isə",
    "id": "yang dan di untuk dengan dari pada ini itu tidak dalam akan telah oleh juga ke adalah ada mereka",
    "vi": "của và là có không được trong cho một các với những này đã người khi để từ tại",
    "sw": "ya wa na kwa ni katika la za kuwa hii cha huo baada yake hiyo pia lakini",
    "so": "oo ka iyo ku waa in la ay uu soo waxa ah si kale waxaa",
    "sq": "të e në dhe i për me një nga që u është ka se më si do nuk",
    "fi": "ja on ei se että oli hän mutta myös ovat kun kuin joka sekä mukaan",
    "ku": "û li bi ji di de ku jî ev ew bo hat kir dike",
    "uz": "va bu bilan uchun ham bir deb edi emas bo'lgan qilgan",
    "ru": "и в не на что с по как это к из за от для его он было так же у но был о также после",
    "uk": "і в не на що з до як це та за від для його він але був також після є у про які",
    "bg": "и в на да от за се е с не са че по до като това ще при след но която",
    "sr": "и у је да на се за су од са не о као што из који која али",
    "be": "і ў не на што з да як гэта та за ад для яго ён але быў таксама",
    "kk": "және мен үшін бұл бір деп туралы осы болып бойынша",
    "ar": "في من على إلى أن عن التي الذي هذا هذه مع كان قال بعد بين لا ما",
    "fa": "در و به از که این را با است برای آن می شد کرد تا بر است‌",
    "ur": "کے میں کی ہے اور سے کا کو پر نے کہ یہ ہیں",
    "ps": "په د او چې له ته کې دا سره شوي",
}
_LETTERS_OF = {
    "hy": "\u0530-\u058f", "ka": "\u10a0-\u10ff", "he": "\u0590-\u05ff", "el": "\u0370-\u03ff",
    "ko": "\uac00-\ud7af", "ja": "\u3040-\u30ff", "hi": "\u0900-\u097f", "bn": "\u0980-\u09ff",
    "ta": "\u0b80-\u0bff", "te": "\u0c00-\u0c7f", "si": "\u0d80-\u0dff", "th": "\u0e00-\u0e7f",
    "my": "\u1000-\u109f", "am": "\u1200-\u137f", "km": "\u1780-\u17ff", "zh": "\u4e00-\u9fff",
}  # fmt: skip
_TELLING_LETTERS = {
    "az": "ə", "tr": "ığ", "hu": "őű", "pl": "łąęż", "cs": "řěů", "ro": "șță", "vi": "ạảấầậệễộờượ", "pt": "ãõ",
    "de": "ß", "es": "ñ¿", "sq": "ë", "uk": "їєґ", "be": "ў", "sr": "ђћљњџј", "ru": "ыэё", "kk": "қңұғ",
    "fa": "پچگ", "ur": "ٹڈےں", "ps": "ښځې",
}  # fmt: skip
"""Letters that a language has and its neighbours have not; each counts as a third of a small word."""
_SCRIPTS = {code: re.compile(f"[{letters}]") for code, letters in _LETTERS_OF.items()}
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LANGUAGES = {code: frozenset(words.split()) for code, words in _SMALL_WORDS.items()}


def detect(text: str) -> str:
    """The two-letter code of a text's language, `und` when it has too few letters or none fits.

    Reads the first 6,000 characters. A headline without small words counts as English when it is in
    plain Latin letters.
    """
    sample = text[:_SAMPLE]
    words = [word.lower() for word in _WORD.findall(sample)]
    letters = sum(map(len, words))
    if letters < _FEWEST_LETTERS:
        return UNKNOWN
    return _by_script(sample, letters) or _by_small_words(words)


def _by_script(sample: str, letters: int) -> str:
    """A language that has a script of its own, if a third of the letters is in it."""
    counts = {code: len(pattern.findall(sample)) for code, pattern in _SCRIPTS.items()}
    if counts["ja"] > 0.1 * letters:
        return "ja"
    code = max(counts, key=lambda key: counts[key])
    return code if counts[code] > 0.3 * letters else ""


def _by_small_words(words: list[str]) -> str:
    counts = Counter(words)
    letters = Counter(letter for word in words for letter in word)
    shares: dict[str, float] = {
        code: sum(counts[word] for word in small) for code, small in _LANGUAGES.items()
    }
    for code, telling in _TELLING_LETTERS.items():
        shares[code] += sum(letters[letter] for letter in telling) / 3
    best = max(shares, key=lambda code: (shares[code], code == ENGLISH))
    if shares[best] >= max(1, 0.04 * len(words)):
        return best
    plain = all(word.isascii() for word in words)
    return ENGLISH if plain and len(words) < 40 else UNKNOWN

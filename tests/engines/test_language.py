import pytest

from detente.engines.language import detect

TEXTS = {
    "en": "The ministers of both countries said on Monday that talks would go on until the end of the month.",
    "fr": "Les ministres des deux pays ont dit lundi que les négociations se poursuivront ici.",
    "es": "Los ministros de ambos países dijeron el lunes que las negociaciones continuarán.",
    "de": "Die Minister der beiden Länder sagten am Montag, dass die Gespräche weitergehen.",
    "pt": "Os ministros dos dois países disseram na segunda-feira que as negociações vão continuar.",
    "tr": "İki ülkenin bakanları pazartesi günü başkentte bir araya geldi ve görüşmeler için tarih verdi.",
    "az": "Hər iki ölkənin nazirləri bazar ertəsi bildirib ki, danışıqlar davam edəcək.",
    "ru": "Министры двух стран заявили в понедельник, что переговоры будут продолжены в столице.",
    "uk": "Міністри двох країн заявили у понеділок, що переговори триватимуть у столиці.",
    "ar": "قال وزراء من البلدين يوم الاثنين إن المحادثات ستستمر في العاصمة على الرغم من القصف",
    "fa": "وزیران دو کشور روز دوشنبه گفتند که گفتگوها در پایتخت ادامه می یابد و این دیدار با صلح است",
    "hy": "Երկու երկրների նախարարներն ասացին, որ բանակցությունները կշարունակվեն։",
    "ka": "ორი ქვეყნის მინისტრებმა განაცხადეს, რომ მოლაპარაკებები გაგრძელდება.",
    "zh": "两国部长周一表示,谈判将在首都继续进行。",
    "ja": "両国の閣僚は月曜日、交渉は首都で続くと述べた。",
}


@pytest.mark.parametrize("code", TEXTS)
def test_names_the_language(code: str) -> None:
    assert detect(TEXTS[code]) == code


def test_a_headline_without_small_words_is_english() -> None:
    assert detect("Turkey, Azerbaijan sign defence pact") == "en"
    assert detect("MISSILES HIT ODESSA PORT") == "en"


@pytest.mark.parametrize("text", ["", "  \n", "12:30 — 14", "?"])
def test_without_letters_nothing_is_said(text: str) -> None:
    assert detect(text) == "und"

"""What each event type is called in a sentence: one row per verb, the type's general verb first.

A row is chosen by the words that triggered the event, then by its mode; a word that no row knows
gets the general verb, which is true of every event of the type. Forms are written
`base|past|participle`; `on_one` takes a recipient after it, `alone` takes none, `together` is for
several doers and no recipient, `noun` is for an event whose doer is not told.
"""

# ruff: noqa: E501  (a table: one row per verb)

import re
from dataclasses import dataclass
from functools import cache

from detente.records import EventType


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One verb of an event type in all the forms that a sentence may need."""

    type: EventType
    stems: str  # regular expression over trigger words and mode; empty: the type's general verb
    on_one: str  # "accuse|accused|accused"
    alone: str
    noun: str  # "criticism of"
    together: str = ""
    of_people: bool = False  # takes people, not states or bodies: "arrested"


def _verb(
    type: EventType, stems: str, on_one: str, alone: str, noun: str, together: str = "", people: bool = False
) -> Verb:
    return Verb(
        type=type, stems=stems, on_one=_three(on_one), alone=_three(alone), noun=noun,
        together=_three(together) if together else "", of_people=people,
    )  # fmt: skip


def _three(forms: str) -> str:
    return forms if forms.count("|") == 2 else f"{forms}|{forms.partition('|')[2]}"


@cache
def all_verbs() -> dict[EventType, tuple[Verb, ...]]:
    """Give the verbs by type; the first of each type is the general one."""
    verbs: dict[EventType, tuple[Verb, ...]] = {}
    for verb in (*_COOPERATION, *_SPEECH, *_FORCE):
        verbs[verb.type] = (*verbs.get(verb.type, ()), verb)
    return verbs


def choose_verb(type: EventType, trigger: str, mode: str | None, *, people: bool) -> Verb:
    """Give the verb that the trigger's words allow; `people` tells that the recipients are people.

    A verb that takes people is passed over where the recipient is a state or a body ("killed
    Ruritania" is no English); the general verb then serves.
    """
    general, *others = all_verbs()[type]
    for words in (trigger.casefold(), (mode or "").replace("_", " ").replace("-", " ").casefold()):
        for verb in others:
            if words and (people or not verb.of_people) and re.search(rf"\b(?:{verb.stems})", words):
                return verb
    return general


_COOPERATION = (
    _verb("AGREE", "", "signal readiness to work with|signalled readiness to work with",
          "signal readiness to cooperate|signalled readiness to cooperate", "a signal of readiness to work with",
          "signal readiness to work together|signalled readiness to work together"),
    _verb("AGREE", "agree|accord|deal|understanding", "reach an understanding with|reached an understanding with",
          "agree to a proposed step|agreed to a proposed step", "an understanding with",
          "reach an understanding|reached an understanding"),
    _verb("AGREE", "promis|pledg|vow", "make a promise to|made a promise to", "make a promise|made a promise",
          "a promise to", "make a joint promise|made a joint promise"),
    _verb("AGREE", "offer", "make an offer to|made an offer to", "make an offer|made an offer", "an offer to",
          "make a joint offer|made a joint offer"),
    _verb("AGREE", "propos", "make a proposal to|made a proposal to", "make a proposal|made a proposal",
          "a proposal to", "make a joint proposal|made a joint proposal"),
    _verb("AGREE", "invit", "invite|invited", "issue an invitation|issued an invitation", "an invitation to"),
    _verb("CONSULT", "", "hold talks with|held talks with", "hold talks|held talks", "talks with",
          "hold talks|held talks"),
    _verb("CONSULT", "visit|travel|arriv|trip", "visit|visited", "make a visit|made a visit", "a visit to",
          "hold talks|held talks"),
    _verb("CONSULT", "phone|telephon|by phone|call", "speak by telephone with|spoke by telephone with|spoken by telephone with",
          "hold talks by telephone|held talks by telephone", "a telephone call with",
          "speak by telephone|spoke by telephone|spoken by telephone"),
    _verb("CONSULT", "host|receiv|welcom", "receive|received", "host talks|hosted talks", "a reception of",
          "hold talks|held talks"),
    _verb("CONSULT", "meet|met|summit", "meet|met", "hold a meeting|held a meeting", "a meeting with", "meet|met"),
    _verb("CONSULT", "mediat|broker", "mediate with|mediated with", "mediate|mediated", "mediation with",
          "mediate|mediated"),
    _verb("SUPPORT", "", "show diplomatic support for|showed diplomatic support for|shown diplomatic support for",
          "take a step of diplomatic support|took a step of diplomatic support|taken a step of diplomatic support",
          "diplomatic support for",
          "take a step of diplomatic support together|took a step of diplomatic support together"
          "|taken a step of diplomatic support together"),
    _verb("SUPPORT", "sign|ratif", "sign or ratify an agreement with|signed or ratified an agreement with",
          "sign or ratify an agreement|signed or ratified an agreement", "the signing of an agreement with",
          "sign or ratify an agreement|signed or ratified an agreement"),
    _verb("SUPPORT", "prais|hail|laud|applaud|commend", "praise|praised", "give praise|gave praise|given praise",
          "praise for"),
    _verb("SUPPORT", "recogni", "recognise|recognised", "give recognition|gave recognition|given recognition",
          "recognition of"),
    _verb("SUPPORT", "congratulat", "congratulate|congratulated", "offer congratulations|offered congratulations",
          "congratulations to"),
    _verb("SUPPORT", "condolence|sympath", "offer condolences to|offered condolences to",
          "offer condolences|offered condolences", "condolences to"),
    _verb("SUPPORT", "thank", "thank|thanked", "give thanks|gave thanks|given thanks", "thanks to"),
    _verb("SUPPORT", "defend", "speak in defence of|spoke in defence of|spoken in defence of",
          "speak in defence|spoke in defence|spoken in defence", "a defence of"),
    _verb("SUPPORT", "support|back|endors", "support|supported", "express support|expressed support", "support for"),
    _verb("CONCEDE", "", "make a concession to|made a concession to", "make a concession|made a concession",
          "a concession to", "make concessions|made concessions"),
    _verb("CONCEDE", "apolog|regret", "apologise to|apologised to", "apologise|apologised", "an apology to",
          "apologise|apologised"),
    _verb("CONCEDE", "pardon|amnest", "pardon|pardoned", "grant a pardon|granted a pardon", "a pardon for", people=True),
    _verb("CONCEDE", "ceasefire|cease-fire|truce|armistice", "declare a ceasefire with|declared a ceasefire with",
          "declare a ceasefire|declared a ceasefire", "a ceasefire with", "declare a ceasefire|declared a ceasefire"),
    _verb("CONCEDE", "lift|eas(?:e|ed|es|ing)\\b|relax|loosen", "ease measures against|eased measures against",
          "ease measures|eased measures", "an easing of measures against", "ease measures|eased measures"),
    _verb("CONCEDE", "acquit", "acquit|acquitted", "hand down an acquittal|handed down an acquittal",
          "the acquittal of", people=True),
    _verb("COOPERATE", "", "cooperate with|cooperated with", "cooperate with others|cooperated with others",
          "cooperation with", "cooperate|cooperated"),
    _verb("COOPERATE", "exercis|drill|manoeuv|maneuv", "hold joint exercises with|held joint exercises with",
          "hold joint exercises|held joint exercises", "joint exercises with",
          "hold joint exercises|held joint exercises"),
    _verb("COOPERATE", "extradit", "extradite suspects to|extradited suspects to",
          "extradite suspects|extradited suspects", "an extradition to"),
    _verb("AID", "", "give help to|gave help to|given help to", "give help|gave help|given help", "help for",
          "give help|gave help|given help"),
    _verb("AID", "rescu", "rescue|rescued", "carry out a rescue|carried out a rescue", "the rescue of", people=True),
    _verb("AID", "asylum|shelter|refuge", "give shelter to|gave shelter to|given shelter to",
          "give shelter|gave shelter|given shelter", "shelter for"),
    _verb("AID", "train", "train forces of|trained forces of", "train forces|trained forces", "training for"),
    _verb("RETREAT", "", "make a material concession to|made a material concession to",
          "make a material concession|made a material concession", "a material concession to",
          "make material concessions|made material concessions"),
    _verb("RETREAT", "resign|step(?:ped|s|ping)? down", "resign|resigned", "resign|resigned", "a resignation"),
    _verb("RETREAT", "releas|free[ds]?\\b|freeing|liberat", "release|released", "release captives|released captives",
          "the release of", people=True),
    _verb("RETREAT", "evacuat", "evacuate|evacuated", "carry out an evacuation|carried out an evacuation",
          "the evacuation of", people=True),
    _verb("RETREAT", "withdr|pull(?:ed|s|ing)? (?:back|out)", "withdraw forces facing|withdrew forces facing|withdrawn forces facing",
          "withdraw forces|withdrew forces|withdrawn forces", "a withdrawal of forces facing",
          "withdraw forces|withdrew forces|withdrawn forces"),
    _verb("RETREAT", "surrender", "surrender to|surrendered to", "surrender|surrendered", "a surrender to",
          "surrender|surrendered"),
    _verb("RETREAT", "disarm", "disarm before|disarmed before", "disarm|disarmed", "disarmament before",
          "disarm|disarmed"),
)  # fmt: skip

_SPEECH = (
    _verb("REQUEST", "", "appeal to|appealed to", "make a demand or an appeal|made a demand or an appeal",
          "a demand or an appeal to", "make a joint appeal|made a joint appeal"),
    _verb("REQUEST", "demand", "make a demand of|made a demand of", "make a demand|made a demand", "a demand to",
          "make a joint demand|made a joint demand"),
    _verb("REQUEST", "appeal|urg|call", "appeal to|appealed to", "make an appeal|made an appeal", "an appeal to",
          "make a joint appeal|made a joint appeal"),
    _verb("REQUEST", "order", "give an order to|gave an order to|given an order to",
          "give an order|gave an order|given an order", "an order to"),
    _verb("REQUEST", "ask|request", "make a request to|made a request to", "make a request|made a request",
          "a request to", "make a joint request|made a joint request"),
    _verb("ACCUSE", "", "criticise or accuse|criticised or accused", "voice criticism|voiced criticism",
          "criticism of", "voice joint criticism|voiced joint criticism"),
    _verb("ACCUSE", "accus", "accuse|accused", "make an accusation|made an accusation", "an accusation against",
          "make accusations|made accusations"),
    _verb("ACCUSE", "condemn", "condemn|condemned", "issue a condemnation|issued a condemnation",
          "a condemnation of", "issue a joint condemnation|issued a joint condemnation"),
    _verb("ACCUSE", "denounc", "denounce|denounced", "issue a denunciation|issued a denunciation",
          "a denunciation of"),
    _verb("ACCUSE", "critici|slam|blast|rebuk", "criticise|criticised", "voice criticism|voiced criticism", "criticism of"),
    _verb("ACCUSE", "blam", "blame|blamed", "lay blame|laid blame", "blame laid on"),
    _verb("ACCUSE", "alleg", "make allegations against|made allegations against",
          "make allegations|made allegations", "allegations against"),
    _verb("ACCUSE", "complain|protest", "complain to or about|complained to or about",
          "make a complaint|made a complaint", "a complaint about"),
    _verb("ACCUSE", "su(?:e|ed|es|ing)\\b|lawsuit", "sue|sued", "go to court|went to court|gone to court", "a lawsuit against"),
    _verb("ACCUSE", "charg|indict|prosecut", "bring charges against|brought charges against",
          "bring charges|brought charges", "charges against"),
    _verb("ACCUSE", "investigat|prob(?:e|ed|es|ing)\\b", "investigate|investigated", "open an investigation|opened an investigation",
          "an investigation of"),
    _verb("ACCUSE", "warn", "warn about or admonish|warned about or admonished", "issue a warning|issued a warning",
          "a warning about"),
    _verb("REJECT", "", "rebuff|rebuffed", "issue a refusal or a denial|issued a refusal or a denial",
          "a refusal or a denial aimed at", "issue a joint refusal|issued a joint refusal"),
    _verb("REJECT", "den(?:y|ied|ies|ial)", "issue a denial concerning|issued a denial concerning",
          "issue a denial|issued a denial", "a denial concerning", "issue denials|issued denials"),
    _verb("REJECT", "refus|declin", "refuse the wishes of|refused the wishes of", "issue a refusal|issued a refusal",
          "a refusal to", "issue refusals|issued refusals"),
    _verb("REJECT", "veto", "veto a measure of|vetoed a measure of", "cast a veto|cast a veto|cast a veto", "a veto against"),
    _verb("REJECT", "dismiss|reject", "reject the position of|rejected the position of",
          "reject what was put forward|rejected what was put forward", "a rejection of the position of"),
    _verb("THREATEN", "", "threaten|threatened", "make a threat|made a threat", "a threat to",
          "make threats|made threats"),
    _verb("THREATEN", "warn", "warn|warned", "issue a warning|issued a warning", "a warning to"),
    _verb("THREATEN", "ultimatum", "give an ultimatum to|gave an ultimatum to|given an ultimatum to",
          "issue an ultimatum|issued an ultimatum", "an ultimatum to"),
)  # fmt: skip

_FORCE = (
    _verb("PROTEST", "", "protest against|protested against", "protest|protested", "a protest against",
          "protest|protested"),
    _verb("PROTEST", "demonstrat|rall(?:y|ied|ies)|march|demo\\b", "demonstrate against|demonstrated against",
          "demonstrate|demonstrated", "a demonstration against", "demonstrate|demonstrated"),
    _verb("PROTEST", "boycott", "boycott|boycotted", "stage a boycott|staged a boycott", "a boycott of",
          "stage a boycott|staged a boycott"),
    _verb("PROTEST", "riot", "riot against|rioted against", "riot|rioted", "a riot against", "riot|rioted"),
    _verb("PROTEST", "hunger", "go on hunger strike against|went on hunger strike against|gone on hunger strike against",
          "go on hunger strike|went on hunger strike|gone on hunger strike", "a hunger strike against"),
    _verb("PROTEST", "strike|struck|walkout|walk(?:ed)? out", "go on strike against|went on strike against|gone on strike against",
          "go on strike|went on strike|gone on strike", "a strike against"),
    _verb("SANCTION", "", "take punitive measures against|took punitive measures against|taken punitive measures against",
          "take punitive measures|took punitive measures|taken punitive measures", "punitive measures against",
          "take punitive measures|took punitive measures|taken punitive measures"),
    _verb("SANCTION", "sanction|embargo", "impose sanctions on|imposed sanctions on",
          "impose sanctions|imposed sanctions", "sanctions on", "impose sanctions|imposed sanctions"),
    _verb("SANCTION", "expel|expuls", "expel representatives of|expelled representatives of",
          "expel foreign representatives|expelled foreign representatives", "the expulsion of representatives of"),
    _verb("SANCTION", "recall", "recall representatives from|recalled representatives from",
          "recall representatives|recalled representatives", "the recall of representatives from"),
    _verb("SANCTION", "suspend|discontinu|halt|freez|froze", "suspend dealings with|suspended dealings with",
          "suspend dealings|suspended dealings", "a suspension of dealings with",
          "suspend dealings|suspended dealings"),
    _verb("SANCTION", "cancel|call(?:ed)? off", "cancel dealings with|cancelled dealings with",
          "call off planned dealings|called off planned dealings", "the cancelling of dealings with"),
    _verb("SANCTION", "cut|sever|break|broke", "cut ties with|cut ties with|cut ties with", "cut ties|cut ties|cut ties",
          "the cutting of ties with"),
    _verb("SANCTION", "fin(?:e|ed|es|ing)\\b", "fine|fined", "impose a fine|imposed a fine", "a fine on"),
    _verb("SANCTION", "ban|prohibit", "impose a ban on|imposed a ban on", "impose a ban|imposed a ban", "a ban on"),
    _verb("SANCTION", "withdr|quit|pull(?:ed|s|ing)? out", "withdraw from dealings with|withdrew from dealings with|withdrawn from dealings with",
          "withdraw from dealings|withdrew from dealings|withdrawn from dealings", "a withdrawal from dealings with"),
    _verb("MOBILIZE", "", "ready or show forces towards|readied or showed forces towards|readied or shown forces towards",
          "ready or show forces|readied or showed forces|readied or shown forces", "a show of force towards",
          "ready or show forces|readied or showed forces|readied or shown forces"),
    _verb("MOBILIZE", "deploy|send|sent|dispatch|troops", "deploy forces facing|deployed forces facing",
          "deploy forces|deployed forces", "a deployment of forces facing", "deploy forces|deployed forces"),
    _verb("MOBILIZE", "exercis|drill|manoeuv|maneuv|war ?game", "hold military exercises aimed at|held military exercises aimed at",
          "hold military exercises|held military exercises", "military exercises aimed at",
          "hold military exercises|held military exercises"),
    _verb("MOBILIZE", "mobili", "mobilise forces against|mobilised forces against", "mobilise forces|mobilised forces",
          "a mobilisation against", "mobilise forces|mobilised forces"),
    _verb("MOBILIZE", "test|launch", "test weapons in the face of|tested weapons in the face of",
          "test weapons|tested weapons", "a weapons test in the face of", "test weapons|tested weapons"),
    _verb("COERCE", "", "take coercive action against|took coercive action against|taken coercive action against",
          "take coercive action|took coercive action|taken coercive action", "coercive action against",
          "take coercive action|took coercive action|taken coercive action"),
    _verb("COERCE", "arrest", "arrest|arrested", "make arrests|made arrests", "the arrest of",
          "make arrests|made arrests", people=True),
    _verb("COERCE", "detain|detention|captur", "detain|detained", "detain people|detained people", "the detention of",
          "detain people|detained people", people=True),
    _verb("COERCE", "convict|guilty", "convict|convicted", "hand down a conviction|handed down a conviction",
          "the conviction of", people=True),
    _verb("COERCE", "sentenc", "sentence|sentenced", "pass a sentence|passed a sentence", "the sentencing of", people=True),
    _verb("COERCE", "jail|imprison", "jail|jailed", "jail people|jailed people", "the jailing of", people=True),
    _verb("COERCE", "deport", "deport|deported", "deport people|deported people", "the deportation of", people=True),
    _verb("COERCE", "search", "carry out a search against|carried out a search against",
          "carry out a search|carried out a search", "a search against"),
    _verb("COERCE", "raid", "raid premises of|raided premises of", "carry out a raid|carried out a raid",
          "a raid on premises of"),
    _verb("COERCE", "seiz|confiscat|impound", "seize property of|seized property of",
          "seize property|seized property", "the seizure of property of"),
    _verb("COERCE", "hack|cyber", "carry out a cyber operation against|carried out a cyber operation against",
          "carry out a cyber operation|carried out a cyber operation", "a cyber operation against"),
    _verb("COERCE", "spy|spied|espion", "spy on|spied on", "spy|spied", "spying on"),
    _verb("COERCE", "censor", "censor|censored", "impose censorship|imposed censorship", "the censoring of"),
    _verb("COERCE", "misinform|disinform", "spread disinformation about|spread disinformation about|spread disinformation about",
          "spread disinformation|spread disinformation|spread disinformation", "disinformation about"),
    _verb("COERCE", "crack", "crack down on|cracked down on", "carry out a crackdown|carried out a crackdown",
          "a crackdown on"),
    _verb("COERCE", "block|besieg|siege", "block or besiege|blocked or besieged", "impose a blockade|imposed a blockade",
          "a blockade of", "impose a blockade|imposed a blockade"),
    _verb("ASSAULT", "", "attack|attacked", "carry out an attack|carried out an attack", "an attack on",
          "attack|attacked"),
    _verb("ASSAULT", "assassinat", "assassinate|assassinated", "carry out an assassination|carried out an assassination",
          "the assassination of", people=True),
    _verb("ASSAULT", "kidnap|abduct", "kidnap|kidnapped", "carry out a kidnapping|carried out a kidnapping",
          "the kidnapping of", people=True),
    _verb("ASSAULT", "tortur", "torture|tortured", "torture people|tortured people", "the torture of", people=True),
    _verb("ASSAULT", "beat", "beat|beat|beaten", "beat people|beat people|beaten people", "the beating of", people=True),
    _verb("ASSAULT", "kill|murder|slain|slay", "kill|killed", "kill people|killed people", "the killing of",
          "kill people|killed people", people=True),
    _verb("ASSAULT", "wound|injur", "wound|wounded", "wound people|wounded people", "the wounding of", people=True),
    _verb("ASSAULT", "stab", "stab|stabbed", "stab people|stabbed people", "the stabbing of", people=True),
    _verb("ASSAULT", "air ?strike|air raid|aerial", "carry out an air strike on|carried out an air strike on",
          "carry out an air strike|carried out an air strike", "an air strike on"),
    _verb("ASSAULT", "drone", "carry out a drone attack on|carried out a drone attack on",
          "carry out a drone attack|carried out a drone attack", "a drone attack on"),
    _verb("ASSAULT", "suicide", "carry out a suicide attack on|carried out a suicide attack on",
          "carry out a suicide attack|carried out a suicide attack", "a suicide attack on"),
    _verb("ASSAULT", "bomb", "bomb|bombed", "carry out a bombing|carried out a bombing", "a bombing of"),
    _verb("ASSAULT", "shell(?:s|ed|ing)?\\b", "shell|shelled", "carry out shelling|carried out shelling", "shelling of"),
    _verb("ASSAULT", "(?:open|fire|shoot|shot|gunfire|firearm)", "fire on|fired on", "open fire|opened fire",
          "gunfire at", "open fire|opened fire"),
    _verb("ASSAULT", "ambush", "ambush|ambushed", "carry out an ambush|carried out an ambush", "an ambush of"),
    _verb("ASSAULT", "invad|invasion", "invade territory of|invaded territory of", "carry out an invasion|carried out an invasion",
          "an invasion of territory of"),
    _verb("ASSAULT", "storm", "storm premises of|stormed premises of", "storm a site|stormed a site", "the storming of premises of"),
    _verb("ASSAULT", "clash|skirmish", "clash with|clashed with", "take part in clashes|took part in clashes|taken part in clashes",
          "clashes with", "clash|clashed"),
    _verb("ASSAULT", "sabotag", "sabotage property of|sabotaged property of", "carry out sabotage|carried out sabotage",
          "sabotage against"),
)  # fmt: skip

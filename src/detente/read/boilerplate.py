# ruff: noqa: E501 - a phrase a line, however long
"""The phrases by which pages mark what is not their article, each with the reason it is left out.

They speak of how pages are made (sharing, promoting, crediting, selling), never of one site.
"""

import re
from collections.abc import Mapping

_FLAGS = re.IGNORECASE

# whole lines, or the beginning of lines, that are never body
LINES: Mapping[str, re.Pattern[str]] = {
    "share": re.compile(
        r"^(?:share(?: (?:this|on|via|the|article|story|by)\b.{0,40})?|tweet|retweet|pin it|print(?: this)?|e-?mail(?: this)?"
        r"|copy (?:the )?link|link copied!?|whats ?app|telegram|facebook|twitter|x\.com|linkedin|pinterest|reddit|messenger"
        r"|flipboard|tumblr|viber|line|wechat|bluesky|threads|mastodon|save(?: (?:article|story|for later))?|bookmark"
        r"|listen(?: to (?:this )?(?:article|story))?(?: \d+ min(?:utes?)?)?|gift(?: this)? article|\d+ shares?|\d+ likes?|likes?"
        r"|follow|following|font size|text size|a[+-]|aa)"
        r"(?:[\s|,/·•&+:-]+(?:share|tweet|print|e-?mail|copy link|whats ?app|telegram|facebook|twitter|linkedin|pinterest"
        r"|reddit|messenger|save|listen|on|x|instagram|youtube|\d+))*[\s.:…!]*$",
        _FLAGS,
    ),
    "promo": re.compile(
        r"^(?:[\[(→►▶»>*•\-–—\s]*)(?:(?:also|please|must) read|read (?:also|more|next|the full|our|all|this|now|:)|see also|(?:also )?(?:watch|listen|see|explore)\s*(?::|»|also|more)"
        r"|related(?: (?:articles?|stor(?:y|ies)|news|topics?|posts?|content|reading|coverage|links|items|tags))?\s*(?::|$)"
        r"|more (?:on|from|in|about) (?:this|the|our)\b.{0,40}$|more (?:stories|news|articles|headlines|related)\b.{0,30}$|more\s*>*$"
        r"|recommended(?: (?:for you|stories|articles|reading|videos?))?\s*:?$|you (?:may|might) (?:also )?(?:like|enjoy|be interested)"
        r"|most (?:read|popular|viewed|shared|commented|recent)\b.{0,30}$|trending(?: (?:now|topics|stories|news))?\s*:?$"
        r"|editor['’]?s['’]? (?:picks?|choice)|don['’]t miss\b.{0,40}$|(?:the )?latest (?:news|stories|headlines|updates|posts|articles|videos?)\b.{0,30}$"
        r"|top (?:stories|news|headlines|picks)\b.{0,30}$|other topics of interest|popular (?:now|posts|stories|articles|topics)"
        r"|what (?:others|people) are reading|up next|next (?:article|story|post|up)\b|previous (?:article|story|post)\b"
        r"|keep reading|continue reading|load more|show more|view (?:more|all)|see (?:more|all)|(?:in pictures|in pics|photos|video|gallery|podcast|opinion)\s*[:|]\s+\S.{0,120}$"
        r"|from (?:our|the) (?:archives?|partners?|web)|around the web|sponsored|promoted(?: content)?|paid content|advertis(?:ement|ing|e(?: with us)?)\b.{0,30}$|ad$|story continues below"
        r"|in case you missed it|today['’]s (?:top|headlines|picks)|featured (?:stories|articles|posts|news)|star ?picks|this week['’]s)",
        _FLAGS,
    ),
    "subscribe": re.compile(
        r"^(?:\W*)(?:sign up|subscribe|subscription|newsletters?$|get (?:the|our) (?:latest|best|top|daily|free|newsletter|morning|weekly)\b.{0,120}(?:inbox|newsletter|e-?mail|app|free|day|week|news)"
        r"|join (?:our|us|the \S+ (?:community|channel))|follow (?:us|our|the \S+|.{2,40}) (?:on|channel|page|via)\b|like us on"
        r"|download (?:the|our)|donate\b|support (?:us|our|independent|quality|local|\S+ journalism)|become an? (?:member|subscriber|supporter|patron)"
        r"|create (?:a|an|your) (?:free )?account|log ?in\b|sign ?in\b|register\b.{0,40}$|already (?:a|have|an)\b|enter your e-?mail|your e-?mail"
        r"|stay (?:informed|up to date|tuned|updated|connected)|never miss|turn on notifications|enable notifications|this (?:article|story|content) is (?:for|only|exclusive|reserved)"
        r"|to (?:read|continue|keep) .{0,40}(?:subscri|sign|log|register)|unlimited (?:digital )?access|\d+ free articles|click here to (?:subscribe|join|sign|donate|follow|read|view|see))",
        _FLAGS,
    ),
    "cookies": re.compile(
        r"^(?:\W*)(?:(?:we|this (?:site|website)|our (?:site|website)|by (?:using|continuing|clicking|visiting))\b.{0,160}\b(?:cookies?|privacy|consent|terms of (?:use|service))\b"
        r"|(?:accept|reject|allow|manage|customi[sz]e)(?: all)?(?: (?:cookies|preferences|settings|choices))?\W*$|cookies?(?: (?:policy|settings|notice|preferences))?\W*$"
        r"|privacy(?: (?:policy|notice|settings|statement))?\W*$|terms(?: (?:of (?:use|service)|and conditions|& conditions))?\W*$|your privacy\b|i agree\W*$|got it\W*$)",
        _FLAGS,
    ),
    "copyright": re.compile(
        r"^(?:\W*)(?:©|\(c\) ?\d{4}|copyright\b|all rights reserved|.{0,80}\ball rights reserved|.{0,60}©.{0,60}$"
        r"|(?:this|these|no part|all|any|the|content|material)\b.{0,140}\b(?:may not|must not|cannot) be (?:re-?published|reproduced|copied|reprinted|redistributed|distributed|broadcast|rewritten)\b"
        r"|.{0,100}\b(?:re-?publish(?:ing|ed)?|reproduction|reprint(?:ing|ed)?)\b.{0,60}\b(?:permission|credit|prohibited|allowed|permitted|consent|attribution|license|licence)\b"
        r"|powered by \S+.{0,30}$|(?:site|website|web) (?:by|design)\b.{0,30}$|exclusive report of\b)",
        _FLAGS,
    ),
    "comments": re.compile(
        r"^(?:\W*)(?:(?:\d+\s+)?(?:comments?|responses?|repl(?:y|ies)|thoughts? on\b.{0,100})(?:\s*\(?\d*\)?)?\s*[:.]?$|(?:no|one|two) comments?\b.{0,20}$"
        r"|leave a (?:comment|reply)|(?:post|write|add|submit) (?:a|your|the first|an?) (?:\w+ )?(?:comment|reply|message)|be the first to (?:comment|reply|respond)"
        r"|join the (?:conversation|discussion|debate)|comments? (?:are|is|section|policy|closed|\d)|(?:view|show|load|read|see|hide)(?: all| more| \d+)* (?:comments?|replies)"
        r"|sort by\b|newest first|oldest first|(?:log ?in|sign ?in|register)\b.{0,20}\bto (?:comment|reply|post)|you must be (?:logged|signed) in|your (?:comment|e-?mail address)\b"
        r"|required fields are marked|name \*|email \*|website$|have your say|what do you think\?$|discuss(?:ion)?$|report (?:abuse|comment)|upvote|downvote|\d+ (?:points?|upvotes?|votes?)\b.{0,30}$)",
        _FLAGS,
    ),
    "feed": re.compile(
        r"^(?:\W*)(?:the post .{2,300} (?:first )?appeared (?:first )?on|(?:this|the) (?:article|post|story|piece|op-?ed|text|column|commentary|essay|report|interview)\b.{0,60}"
        r"\b(?:(?:first|originally|previously|initially) (?:appeared|published|ran)|(?:appeared|published|ran) (?:first|originally)|is (?:re)?published (?:with|by|under|from|courtesy))"
        r"|(?:first|originally|previously) (?:appeared|published) (?:in|on|at|by)\b|re-?published (?:from|with|by|courtesy)|reprinted (?:from|with|by)|cross-?posted (?:from|at|on)"
        r"|source\s*[:–-]\s*.{2,120}$|sources?\s*:?$|via\s*:\s*.{2,80}$|with permission (?:from|of)\b)",
        _FLAGS,
    ),
    "correction": re.compile(
        r"^(?:\W*)(?:(?:this|the) (?:article|story|post|piece|report|headline|page)\b.{0,40}\b(?:was|has been|were) (?:amended|corrected|updated|edited|revised|modified|changed|clarified)\b"
        r"|(?:correction|clarification|editor['’]?s['’]? note|editorial note|note to editors)s?\s*[:(–—-]|an earlier version of|to (?:suggest|report|request) (?:a|an) (?:correction|error|clarification|mistake|typo)"
        r"|(?:see|found|spotted|notice) (?:a|an) (?:mistake|error|typo)|you can also highlight|.{0,60}press ctrl ?\+? ?enter|last (?:updated|modified|edited)\b.{0,60}$)",
        _FLAGS,
    ),
    "credit": re.compile(
        r"^[\s(\[*•–—-]*(?:except for the headline\b|(?:this|the) (?:story|article|report) (?:has|have) not been edited|(?:image|media|video|photo|picture) source\b|(?:additional|further|extra) (?:reporting|research|writing)\b|(?:with )?(?:reporting|writing|editing|compiled|edited|translated|translation|illustration|graphics?|photography|text|words|interview|transcript)s? (?:and (?:editing|writing|reporting) )?(?:by|:)\s"
        r"|(?:this|the) (?:article|story|report|piece) was (?:written|reported|compiled|produced|translated|edited) by\b|(?:with|includes?|including) (?:inputs?|files?|reporting|additional reporting|material|information|agency inputs?) (?:from|by)\b"
        r"|(?:file |stock |cover |representative |illustrative )?(?:photo(?:graph)?s?|images?|pictures?|pics?|picture credit|image credit|photo credit|credits?|courtesy|getty images|shutterstock)\s*(?:\||:|by\b|credits?\b|source\b|courtesy\b|via\b|©|/|$)"
        r"|(?:file|handout) (?:photo|image|picture)\b)"
        r"|^[^.!?]{2,200}[(\s–—|./-](?:(?:AP|AFP|EPA|Reuters|Getty Images|Getty|Shutterstock|Xinhua|TASS|Anadolu|Unsplash|Flickr|Wikimedia Commons|iStock|Alamy|Bloomberg)"
        r"(?:\s?(?:Photo|Images?|/|via|Pool|-EFE|EFE)[\w /-]{0,40})|(?<=\()(?:file )?(?:photo|image|picture)s?)\)?\.?$",
        _FLAGS,
    ),
    "disclaimer": re.compile(
        r"^[\s(\[*•–—-]*(?:(?:the )?(?:views?|opinions?|positions?|statements?)(?: and (?:opinions|views|facts|analys[ie]s))? (?:expressed|presented|stated|contained|in this|are (?:those|solely|the author))"
        r"|disclaimer\b|.{0,160}\b(?:do(?:es)? not|are not|not) necessarily (?:reflect|represent|those of|endorsed?|the views)"
        r"|(?:this|the) (?:article|piece|column|commentary|op-?ed|blog|post) (?:reflects?|represents?|expresses) the (?:author|writer|personal|view|opinion))",
        _FLAGS,
    ),
    "contact": re.compile(
        r"^[\s(\[*•–—-]*(?:contact (?:us|the (?:author|editor|reporter|writer|newsroom))|(?:e-?mail|write to|reach|call|text|message) (?:us|me|the (?:author|editor|reporter|writer|newsroom))\b"
        r"|(?:have|got|do you have) (?:a|any|information|news|something)\b.{0,60}\b(?:tip|story|news|share|information|tell)\b|send (?:us|your|in|tips|letters|news|an e-?mail)\b|submit (?:your|a|an|news|letters)"
        r"|(?:to|if you) (?:submit|contribute|pitch|would like to (?:write|submit|contribute|share|contact|republish)|are interested (?:in|to)|wish to (?:write|submit|contact|republish|share))"
        r"|don['’]t forget to send|(?:the (?:author|writer|reporter) )?(?:can|may) be (?:reached|contacted|followed)|(?:tel|phone|fax|mobile|e-?mail|address|website|twitter|x|instagram)\s*[.:]\s*\S|\S{1,40}@\S{1,60}\.\w{2,8}$|\S+ (?:AT|\[at\]|\(at\)) \S+ (?:DOT|\[dot\]|\(dot\)) \w+)",
        _FLAGS,
    ),
    "separator": re.compile(r"^[\s\-–—_=*•·.~#+|<>{}\[\]()/\\◆■●▪►▼▲↑↓←→✱✻⁂…'\"`^:;,]+$"),
}

CAPTION = re.compile(r"^\W*(?:(?:image|media|video|photo|picture) caption|caption)\b\s*[,:]?\s*\S", _FLAGS)
ABOUT_AUTHOR = re.compile(
    r"^\W*(?:about (?:the )?(?:authors?|writers?|contributors?|reporters?|columnists?)|(?:author|writer|contributor)(?:\(s\)|s)? (?:bio|info(?:rmation)?|profile|details)|the authors?|meet the author|written by|authors?\s*:)\b.{0,80}$",
    _FLAGS,
)
ABOUT_OUTLET = re.compile(r"^\W*about (?:us|(?-i:(?:[Tt]he )?[A-ZÀ-Þ])[^.!?:]{1,50})\s*:?$", _FLAGS)
SELF_PRAISE = re.compile(
    r"\b(?:leading|brand|company|compan(?:y|ies)|publishers?|news (?:site|agency|organi[sz]ation|service|outlet)|media|network|platform|non-?profit|mission|founded in|established in"
    r"|headquartered|provider|subscribers|readers|members|visit (?:us|our|www)|www\.|independent|think[- ]tank|institute|foundation)\b",
    _FLAGS,
)
_ROLE = (
    r"(?:[\w'’-]+[ -]){0,7}(?:analysts?|professors?|lecturer|fellow|scholar|researcher|journalists?|reporter|correspondent|editor|director|writer|author|columnist|commentator"
    r"|contributor|historian|economist|lawyer|attorney|diplomat|ambassador|consultant|advis[eo]r|expert|specialist|scientist|student|candidate|founder|co-?founder|president|chair(?:man|woman|person)?"
    r"|activist|photographer|blogger|freelancer?|freelance|strategist|officer|general|minister|mp|senator|member|associate|chief|head|coordinator|executive|manager|pseudonym|academic|novelist|poet|filmmaker|host|producer|intern|staff)\b"
)
BIO = re.compile(
    rf"^[\s(\[*•▪●–—-]*(?:(?:dr|prof|professor|sir|dame|amb|ambassador|gen|col|lt|maj|mr|mrs|ms)\.? )?(?-i:[A-ZÀ-ÞĀ-Ž][\w'’.-]+(?: (?:(?:de|da|del|della|di|van|von|der|bin|ibn|al|el|la|le|dos|ter)\b[ -]?)*[A-ZÀ-ÞĀ-Ž][\w'’.-]*){{1,4}})"
    rf"(?:,[^,]{{2,60}},)? (?:(?:is|was|has been|serves as|works as) (?:currently )?(?:an?|the|one of the|pseudonym|senior|associate|assistant|deputy|chief|executive|managing|former|based)\b ?{_ROLE}|(?:writes|reports|covers|teaches|specialis[ez]es|tweets|wrote the|studied|studies|lives in)\b)",
    _FLAGS,
)
BIO_NAME = re.compile(
    r"^[\s•▪●*([–—-]*(?:(?:Dr|Prof|Professor|Sir|Dame|Amb|Gen|Col|Lt|Maj)\.? )?(?P<author>[A-ZÀ-Þ][\w'’.-]+(?: (?:(?:de|da|del|van|von|bin|al|el|le)[ -])*[A-ZÀ-Þ][\w'’.-]*){1,3})"
)
BIO_EXTRA = re.compile(
    r"\b(?:tweets? (?:at )?@|follow (?:him|her|them|me) (?:on|at)|is the author of|his (?:work|writing) has|her (?:work|writing) has|on twitter\b|@\w{3,})",
    _FLAGS,
)

# matter that follows the last sentence of a body on the same line
TAIL = re.compile(
    r"(?:^|(?<=[.!?…\"”’)»\]])|(?<=\s))\s*(?P<tail>"
    r"[•▪●]\s+\S.{0,600}$"
    r"|This (?:article|story|piece|post|report) was (?:amended|updated|corrected|edited|originally published|first published|produced|supported|written)\b.{0,600}$"
    r"|\(?(?:Additional|Further) reporting (?:by|from)\b.{0,300}$"
    r"|\(?(?:Reporting|Writing|Compiled|Edited|Translated) by [A-ZÀ-Þ].{0,300}$"
    r"|\(With (?:inputs?|agency|files|additional)\b.{0,160}$"
    r"|Follow (?:@\w+|us|the \S+|[A-Z]\w+(?: [A-Z]\w+){0,3}) on (?:Twitter|X|Facebook|Instagram|Telegram)\b.{0,300}$"
    r"|(?:Sign up|Subscribe) (?:to|for|here)\b.{0,300}$"
    r"|(?:Read|See) (?:more|also)\s*:.{0,300}$"
    r"|The post .{2,300} appeared first on .{2,100}$"
    r"|[-–—(]{1,2} ?(?:Reuters|AFP|AP|dpa|DPA|Bernama|Xinhua|TASS|Interfax|ANI|PTI|IANS|EFE|ANSA|Kyodo|Yonhap|Anadolu|Agencies|CNA|UPI|APP|BSS|UNB)(?:[/ ,-]+[A-Z]\w+){0,3}\)?\.?$"
    r")",
)

PAPER = re.compile(
    r"\b(?:Times|Post|News|Daily|Herald|Courier|Standard|Journal|Review|Gazette|Tribune|Radio|Telegraph|Chronicle|Observer|Star|Sun|Mail|Press|Agency"
    r"|Mirror|Monitor|Dispatch|Bulletin|Examiner|Globe|Guardian|Independent|Express|Today|Weekly|Magazine|Report|Insider|Wire|TV|Television|Broadcasting)$"
)
LETTERS = re.compile(r"^\W*(?:letters?(?: to the editor)?|(?:open |your )letters?|dear\b.{0,60})\W*$", _FLAGS)
BYLINE = re.compile(
    r"^\W*(?:by|written by|words by|story by|text by|posted by|author|reported by|analysis by|opinion by|commentary by|a column by)\s*[:|]?\s+(?P<author>(?-i:[A-ZÀ-ÞĀ-Ž])[^\d|•·]{2,90}?)"
    r"(?:\s*[|•·,–—-]\s*(?P<rest>.{0,120}))?$",
    _FLAGS,
)
POSTED = re.compile(
    r"^\W*(?:posted|reply|started|submitted|op) by:?\s+@?(?P<author>[\w.-]{2,40})(?:[\s,|•·–—-]+(?P<rest>.{0,60}))?$",
    _FLAGS,
)
SIGNATURE = re.compile(
    r"^\W*(?:yours (?:faithfully|sincerely|truly|respectfully)|sincerely(?: yours)?|respectfully|best regards|kind regards|signed)\W*$",
    _FLAGS,
)
READING_TIME = re.compile(
    r"^\W*(?:\d{1,3}[\s-]*min(?:ute)?s?\.? ?(?:read|to read)?|read(?:ing)? time\b.{0,30}|estimated reading\b.{0,30}|\d{1,3}[\s-]*minute read.{0,20})\W*$",
    _FLAGS,
)


def name_line(text: str) -> str | None:
    """Give the reason why a line is no body, or None if no phrase of pages says so."""
    if text[0] in '“"«„' and len(text) > 60:  # somebody is quoted
        return None
    for reason, pattern in LINES.items():
        if pattern.match(text):
            return reason
    if READING_TIME.match(text):
        return "meta"
    return None

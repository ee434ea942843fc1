"""Tells printed text that talks to a model from text that talks to people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from deepocr_kit.documents import Document

__all__ = ["is_suspicious", "suspicious_ids", "suspicious_numbers"]

FOLLOWERS = 3
"""How many regions after such a text are not trusted either: an instruction and what it asks for may be lines apart."""

_SEAM_CHARS = 300
"""How much of two neighbours is looked at together, in case an instruction runs over both, or over two pages."""

_GAP = r"(?:\w+[ ,]+){0,5}"
_INSTRUCTIONS = (
    # English
    rf"\b(?:ignore|disregard|forget|override|bypass|discard)\s+{_GAP}"
    r"(?:instructions?|prompts?|rules|directions|guidelines|messages|context|system)\b"
    r"|\b(?:ignore|disregard|forget)\s+(?:everything|anything|all)\b[^.\n]{0,20}\b(?:above|before|previous|prior|else)\b"
    r"|\b(?:ignore|disregard|forget|override)\s+(?:all\s+|any\s+|the\s+)?(?:previous|prior|preceding)\b"
    r"|\bsystem\s+prompt\b|\b(?:new|updated)\s+(?:system\s+)?instructions?\b"
    r"|\byou\s+are\s+(?:now\s+)?(?:an?\s+)?(?:ai|assistant|llm|language\s+model|chatbot)\b|\bas\s+an\s+ai\b"
    rf"|\b(?:do\s+not|don['\u2019]t|never)\s+(?:follow|obey)\s+{_GAP}(?:instructions?|prompts?|messages)\b"
    r"|\b(?:instead|only|always|must)\s+(?:output|answer|respond|reply)\b"
    r"|\b(?:instead|only|always|must)\s+return\s+(?:[\"'{\d]|(?:with|json|null|only|total|amount"
    r"|th(?:e|is|ese)\s+(?:values?|total|amount|following|json))\b)"
    r"|\b(?:return|output|answer|respond|reply)\s+(?:only\s+)?(?:with|in)\s+(?:the\s+)?(?:following|json|this)\b"
    r"|\b(?:set|change)\s+(?:the\s+)?(?:field\s+)?[\"']?(?:grand\s+)?(?:total|amount|value|field|company|date)[\"']?\s+(?:to|as)\b"
    r"|\b(?:note|message|attention|instructions?)\s+(?:to|for)\s+(?:the\s+|any\s+)?(?:ai|llm|model|assistant|parser|reader)\b",
    # German, French, Italian, Spanish, Portuguese, Dutch, Polish
    rf"\b(?:ignorier\w*|vergiss|vergessen|missacht\w*)\s+{_GAP}(?:anweisung\w*|instruktion\w*|regeln|vorgaben)\b"
    rf"|\b(?:ignore[rz]?|oublie[rz]?)\s+{_GAP}(?:instructions|consignes|directives|r[eè]gles)\b"
    rf"|\b(?:ignora\w*|dimentica\w*|olvid\w*|descart\w*)\s+{_GAP}(?:istruzioni|regole|instrucciones|indicaciones|reglas)\b"
    rf"|\b(?:ignor[ea]\w*|esque[cç]\w*|desconsider\w*)\s+{_GAP}(?:instru[cç][oõ]es|regras|orienta[cç][oõ]es)\b"
    rf"|\b(?:negeer|vergeet)\s+{_GAP}(?:instructies|aanwijzingen|regels)\b"
    rf"|\b(?:zignoruj|ignoruj|pomi[nń]|zapomnij)\s+{_GAP}(?:instrukcj\w*|polece\w*)\b",
    # Swedish, Danish, Norwegian, Czech, Romanian, Hungarian
    rf"\b(?:ignorera|ignorer|glöm|glem|bortse)\s+{_GAP}(?:instruktion\w*|instruks\w*|anvisning\w*|regler)\b"
    rf"|\b(?:ignoruj\w*|zapomeň\w*)\s+{_GAP}(?:pokyn\w*|instrukc\w*)"
    rf"|\b(?:ignor[aă]\w*|uit[aă]\w*)\s+{_GAP}instruc[tțţ]iuni\w*"
    r"|\bfigyelmen\s+kívül\b[^.\n]{0,40}(?:utasítás|szabály)",
    # Greek, Ukrainian, Hebrew, Persian, Bengali, Thai, Tagalog
    rf"\bαγνό\w*\s+{_GAP}(?:οδηγί\w*|εντολ\w*)"
    rf"|\b(?:ігнору\w*|проігнор\w*)\s+{_GAP}(?:інструкц\w*|вказів\w*)"
    r"|(?:התעלם|התעלמו|התעלמי)[^.\n]{0,20}(?:הוראות|הנחיות)|دستور[^.\n]{0,40}نادیده"
    r"|নির্দেশ[^।\n]{0,30}উপেক্ষা|(?:ไม่ต้องสนใจ|เพิกเฉย|ละเว้น)[^.\n]{0,20}(?:คำสั่ง|คำแนะนำ)"
    rf"|\bhuwag\s+(?:pansinin|sundin)\s+{_GAP}(?:tagubilin|utos)\b",
    # Russian, Turkish, Vietnamese, Malay, Arabic, Hindi
    rf"\b(?:игнориру\w*|проигнорир\w*|забуд\w*)\s+{_GAP}(?:инструкци\w*|указани\w*|правил\w*)"
    rf"|\b(?:talimat|yönerge)\w*\s+{_GAP}(?:yok\s+say|unut|görmezden)"
    rf"|\bbỏ\s+qua\s+{_GAP}(?:hướng\s+dẫn|chỉ\s+dẫn|lệnh)|\b(?:abaikan|lupakan)\s+{_GAP}(?:arahan|instruksi|perintah)\b"
    r"|تجاهل[^.\n]{0,30}تعليمات|निर्देश[^।\n]{0,30}(?:अनदेखा|नज़रअंदाज|नजरअंदाज)",
    # Chinese, Japanese, Korean
    r"(?:忽略|无视|無視|忘记|忘記|不要理会|不理會)[^。\n]{0,12}(?:指令|指示|以上|之前|上述|规则|規則|提示)"
    r"|(?:系统|系統)(?:提示|指令)|你(?:现在|現在)?是(?:一个|一個)?(?:AI|人工智能|助手|语言模型|語言模型)"
    r"|(?:请|請|必须|必須)(?:直接|只)?(?:输出|輸出|返回|回答)[^。\n]{0,12}(?:JSON|以下|结果|結果)"
    r"|(?:以上|以下|上記|下記|これまで)の(?:すべての)?(?:指示|命令)|(?:指示|命令|プロンプト)を?(?:無視|忘れ)"
    r"|(?:이전|위의?|앞의?|모든)[^.\n]{0,12}(?:지시|명령|지침)[^.\n]{0,8}(?:무시|잊)",
)
"""Every repetition is bounded, or runs over words and spaces that nothing after it matches, so a search is linear."""

_FORM = (
    r"<\|[^|<>]{1,40}\|>|\[/?INST\]|<</?SYS>>|</?s>|<(?:start|end)_of_turn>"
    r"|</?(?:system|assistant|user|human|think|tool_call|function_calls?|tool_response)>"
    r"|\[(?:/?(?:SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_(?:CALLS|RESULTS|CONTENT))\]|\|(?:system|user|assistant)\|\])"
    r"|\]~!?b\[?\]|<(?:tools>|__(?:function|parameter)=|function=)|\\u003c"
    r"|###\s?(?:instructions?|system|assistant|response|human)\b|(?:^|\n)\s{0,8}(?:assistant|human)\s?[:\uff1a]"
    r"|\b(?:BEGIN|END)-[0-9a-f]{8,64}|```"
    r"|[\"\u201c\u201d](?:text|src)[\"\u201c\u201d]\s?:|\{\s?[\"\u201c][^\"\u201c\u201d\n{}]{1,60}[\"\u201d]\s?:"
    r"|(?-i:\bp\d{1,4}r\d{1,5}\b)"
)
"""Marks of chat templates, of our own prompt, and of answers as JSON."""

# texts are looked at in this form, which writes some letters of Thai and Hindi as two
_WORDS_TO_A_MODEL = re.compile(unicodedata.normalize("NFKC", "|".join((*_INSTRUCTIONS, _FORM))), re.IGNORECASE)
_SPACED_OUT = re.compile(r"(?<=\b\w) (?=\w\b)")
_SPACES = re.compile(r"[^\S\n]+")
_LOOK_ALIKES = str.maketrans("аеорсухіѕјԁԛԝһοανικρτυχ", "aeopcyxisjdqwhoavikptux")
"""Letters of Cyrillic and Greek that look like Latin ones."""


def is_suspicious(text: str) -> bool:
    """Whether a printed text reads like an instruction to a model, or like a model's answer.

    It is a hint, never a defence: such text stays in the document, and a
    value that stands in it alone is not taken as proved. Invisible characters,
    full-width letters, look-alikes of Latin letters and s p a c e d words are seen through.
    """
    ascii_only = text.isascii()
    if not ascii_only:
        text = "".join(char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
    plain = _SPACED_OUT.sub("", _SPACES.sub(" ", text))
    forms = {plain, text} if ascii_only else {plain, text, plain.casefold().translate(_LOOK_ALIKES)}
    return any(_WORDS_TO_A_MODEL.search(form) for form in forms)


def suspicious_ids(document: Document) -> frozenset[str]:
    """Ids of the regions whose text is not trusted, see ``suspicious_numbers``."""
    pairs = [(page.index, region) for page in document.pages for region in page.regions]
    numbers = suspicious_numbers([region.text for _, region in pairs], [index for index, _ in pairs])
    return frozenset(pairs[number][1].id for number in numbers)


def suspicious_numbers(texts: Sequence[str], page_indices: Sequence[int]) -> set[int]:
    """Which regions read like an instruction to a model, alone or with their neighbour, and the ones right after them.

    Args:
        texts: Of all regions, in reading order.
        page_indices: Their pages.
    """
    found = {number for number, text in enumerate(texts) if is_suspicious(text)}
    for number in range(len(texts) - 1):
        if not found & {number, number + 1}:
            seam = f"{texts[number][-_SEAM_CHARS:]} {texts[number + 1][:_SEAM_CHARS]}"
            if is_suspicious(seam):
                found |= {number, number + 1}
    return {
        after
        for number in found
        for after in range(number, min(number + FOLLOWERS + 1, len(texts)))
        if page_indices[after] == page_indices[number]
    }

"""The sentences that static content adds, in the languages in which there are any, and how a brief's language is told."""

from __future__ import annotations

import re
from collections.abc import Mapping

from noillusion.catalog.platforms import PlatformName

NAMES: Mapping[str, frozenset[str]] = {
    "en": frozenset({"english"}),
    "de": frozenset({"german", "deutsch"}),
    "fr": frozenset({"french", "français", "francais"}),
    "es": frozenset({"spanish", "español", "espanol"}),
    "pt": frozenset({"portuguese", "português", "portugues"}),
    "it": frozenset({"italian", "italiano"}),
    "nl": frozenset({"dutch", "nederlands"}),
    "pl": frozenset({"polish", "polski"}),
}
"""Language → its names in requests."""
_WORDS: Mapping[str, str] = {
    "en": "the and is of to for with on my we our this that it are was have has from by at you i",
    "de": "und der die das ist ich nicht ein eine mit für auf am im wir es zu von den dem bei ab habe hat wieder sich auch",
    "fr": "et le la les est un une des du nous je pour dans sur avec ce cette mon ma mes au aux qui sous en il",
    "es": "y el la los las es un una nos yo para en con por mi mis al del que se he hoy de después lo",
    "pt": "e o a os as é um uma nós eu para em com por meu minha ao do da dos das que no na não",
    "it": "e il lo la gli le è un una noi io per in con di del della dei che ho mio mia nel non",
    "nl": "en de het een is ik niet met voor op wij we van te zijn bij ons onze dat mijn aan naar zoeken",
    "pl": "i w na z do jest nie to się dla o my ja że od po za moje nasz nasza wczoraj dziś",
}
_SETS = {language: frozenset(words.split()) for language, words in _WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
FEWEST = 2
"""Words that a language must have in a text, and more than any other, to be taken for its language."""

CLOSINGS: Mapping[str, Mapping[str, Mapping[PlatformName, str]]] = {
    "en": {
        "business": {
            "facebook": "What do you think? Tell us in the comments.",
            "instagram": "Tell us in the comments what you think.",
            "linkedin": "What is your experience with this?",
        },
        "influencer": {
            "facebook": "What do you think? Tell me in the comments.",
            "instagram": "Tell me in the comments what you think.",
            "linkedin": "What is your experience with this?",
        },
        "personal": {"facebook": "What do you think?", "linkedin": "What is your experience with this?"},
    },
    "de": {
        "business": {
            "facebook": "Was meinen Sie? Schreiben Sie es uns in die Kommentare.",
            "instagram": "Schreiben Sie uns Ihre Meinung in die Kommentare.",
            "linkedin": "Welche Erfahrungen haben Sie damit gemacht?",
        },
        "influencer": {
            "facebook": "Was meint ihr? Schreibt es mir in die Kommentare.",
            "instagram": "Schreibt mir eure Meinung in die Kommentare.",
            "linkedin": "Welche Erfahrungen habt ihr damit gemacht?",
        },
        "personal": {"facebook": "Was meint ihr?", "linkedin": "Welche Erfahrungen habt ihr damit gemacht?"},
    },
    "fr": {
        "business": {
            "facebook": "Qu’en pensez-vous ? Dites-le-nous dans les commentaires.",
            "instagram": "Donnez-nous votre avis dans les commentaires.",
            "linkedin": "Quelle est votre expérience à ce sujet ?",
        },
        "influencer": {
            "facebook": "Qu’en pensez-vous ? Dites-le-moi dans les commentaires.",
            "instagram": "Donnez-moi votre avis dans les commentaires.",
            "linkedin": "Quelle est votre expérience à ce sujet ?",
        },
        "personal": {"facebook": "Qu’en pensez-vous ?", "linkedin": "Quelle est votre expérience à ce sujet ?"},
    },
    "es": {
        "business": {
            "facebook": "¿Qué opinas? Cuéntanoslo en los comentarios.",
            "instagram": "Cuéntanos tu opinión en los comentarios.",
            "linkedin": "¿Cuál es tu experiencia con esto?",
        },
        "influencer": {
            "facebook": "¿Qué opinas? Cuéntamelo en los comentarios.",
            "instagram": "Cuéntame tu opinión en los comentarios.",
            "linkedin": "¿Cuál es tu experiencia con esto?",
        },
        "personal": {"facebook": "¿Qué opinas?", "linkedin": "¿Cuál es tu experiencia con esto?"},
    },
    "pt": {
        "business": {
            "facebook": "O que acha? Conte-nos nos comentários.",
            "instagram": "Conte-nos a sua opinião nos comentários.",
            "linkedin": "Qual é a sua experiência com isto?",
        },
        "influencer": {
            "facebook": "O que acham? Contem-me nos comentários.",
            "instagram": "Contem-me a vossa opinião nos comentários.",
            "linkedin": "Qual é a vossa experiência com isto?",
        },
        "personal": {"facebook": "O que acham?", "linkedin": "Qual é a vossa experiência com isto?"},
    },
    "it": {
        "business": {
            "facebook": "Che cosa ne pensate? Scrivetecelo nei commenti.",
            "instagram": "Scriveteci la vostra opinione nei commenti.",
            "linkedin": "Qual è la vostra esperienza?",
        },
        "influencer": {
            "facebook": "Che cosa ne pensate? Scrivetemelo nei commenti.",
            "instagram": "Scrivetemi la vostra opinione nei commenti.",
            "linkedin": "Qual è la vostra esperienza?",
        },
        "personal": {"facebook": "Che cosa ne pensate?", "linkedin": "Qual è la vostra esperienza?"},
    },
    "nl": {
        "business": {
            "facebook": "Wat vindt u? Laat het ons weten in de reacties.",
            "instagram": "Laat ons in de reacties weten wat u vindt.",
            "linkedin": "Wat is uw ervaring hiermee?",
        },
        "influencer": {
            "facebook": "Wat vinden jullie? Laat het me weten in de reacties.",
            "instagram": "Laat me in de reacties weten wat jullie vinden.",
            "linkedin": "Wat is jullie ervaring hiermee?",
        },
        "personal": {"facebook": "Wat vinden jullie?", "linkedin": "Wat is jullie ervaring hiermee?"},
    },
    "pl": {
        "business": {
            "facebook": "Co Państwo o tym myślą? Prosimy o komentarze.",
            "instagram": "Prosimy o opinie w komentarzach.",
            "linkedin": "Jakie są Państwa doświadczenia?",
        },
        "influencer": {
            "facebook": "Co o tym myślicie? Napiszcie mi w komentarzach.",
            "instagram": "Napiszcie mi w komentarzach, co o tym myślicie.",
            "linkedin": "Jakie są wasze doświadczenia?",
        },
        "personal": {"facebook": "Co o tym myślicie?", "linkedin": "Jakie są wasze doświadczenia?"},
    },
}
"""Language → content mode → platform → the sentence at the end of a post. TikTok's captions have none."""

IDEAS: Mapping[str, Mapping[PlatformName, tuple[str, str, str]]] = {
    "en": {
        "facebook": ("A question to your readers", "What it means to you", "A photo from behind the scenes"),
        "instagram": ("Three images: before, during, after", "A close-up with a short personal note", "A reel in three scenes"),
        "linkedin": (
            "One lesson in three paragraphs",
            "How you approach it, step by step",
            "A question, your own answer first",
        ),
        "tiktok": ("The surprising part first", "A day in five quick cuts", "The answer to a common question"),
    },
    "de": {
        "facebook": ("Eine Frage an die Leser", "Was es dir bedeutet", "Ein Foto hinter den Kulissen"),
        "instagram": ("Drei Bilder: vorher, währenddessen, nachher", "Eine Nahaufnahme mit Notiz", "Ein Reel in drei Szenen"),
        "linkedin": (
            "Eine Lehre in drei Absätzen",
            "Das Vorgehen, Schritt für Schritt",
            "Eine Frage, eigene Antwort zuerst",
        ),
        "tiktok": ("Das Überraschende zuerst", "Ein Tag in fünf schnellen Schnitten", "Die Antwort auf eine häufige Frage"),
    },
    "fr": {
        "facebook": ("Une question aux lecteurs", "Ce que cela représente", "Une photo des coulisses"),
        "instagram": ("Trois images : avant, pendant, après", "Un gros plan avec une note", "Un reel en trois scènes"),
        "linkedin": (
            "Une leçon en trois paragraphes",
            "La méthode, étape par étape",
            "Une question, sa propre réponse d’abord",
        ),
        "tiktok": ("Le plus surprenant d’abord", "Une journée en cinq plans rapides", "La réponse à une question fréquente"),
    },
    "es": {
        "facebook": ("Una pregunta a los lectores", "Lo que significa", "Una foto entre bastidores"),
        "instagram": ("Tres imágenes: antes, durante, después", "Un primer plano con una nota", "Un reel en tres escenas"),
        "linkedin": ("Una lección en tres párrafos", "El método, paso a paso", "Una pregunta, primero la propia respuesta"),
        "tiktok": ("Primero lo sorprendente", "Un día en cinco cortes rápidos", "La respuesta a una pregunta frecuente"),
    },
    "pt": {
        "facebook": ("Uma pergunta aos leitores", "O que significa", "Uma foto dos bastidores"),
        "instagram": ("Três imagens: antes, durante, depois", "Um grande plano com uma nota", "Um reel em três cenas"),
        "linkedin": ("Uma lição em três parágrafos", "O método, passo a passo", "Uma pergunta, com a própria resposta primeiro"),
        "tiktok": ("Primeiro o surpreendente", "Um dia em cinco cortes rápidos", "A resposta a uma pergunta frequente"),
    },
    "it": {
        "facebook": ("Una domanda ai lettori", "Che cosa significa", "Una foto dietro le quinte"),
        "instagram": ("Tre immagini: prima, durante, dopo", "Un primo piano con una nota", "Un reel in tre scene"),
        "linkedin": ("Una lezione in tre paragrafi", "Il metodo, passo dopo passo", "Una domanda, prima con la propria risposta"),
        "tiktok": ("Prima ciò che sorprende", "Una giornata in cinque tagli rapidi", "La risposta a una domanda frequente"),
    },
    "nl": {
        "facebook": ("Een vraag aan de lezers", "Wat het betekent", "Een foto achter de schermen"),
        "instagram": ("Drie beelden: voor, tijdens, na", "Een close-up met een notitie", "Een reel in drie scènes"),
        "linkedin": ("Eén les in drie alinea’s", "De aanpak, stap voor stap", "Een vraag, met eerst het eigen antwoord"),
        "tiktok": ("Het verrassende eerst", "Een dag in vijf snelle shots", "Het antwoord op een veelgestelde vraag"),
    },
    "pl": {
        "facebook": ("Pytanie do czytelników", "Co to znaczy", "Zdjęcie zza kulis"),
        "instagram": ("Trzy zdjęcia: przed, w trakcie, po", "Zbliżenie z krótką notatką", "Rolka w trzech scenach"),
        "linkedin": ("Jedna lekcja w trzech akapitach", "Metoda, krok po kroku", "Pytanie, najpierw z własną odpowiedzią"),
        "tiktok": ("Najpierw to, co zaskakuje", "Dzień w pięciu szybkich ujęciach", "Odpowiedź na częste pytanie"),
    },
}
"""Language → platform → forms of a post, each before the person's own words."""


def named(language: str) -> str | None:
    """Return the language that a request names by a tag or a name, if there are sentences in it."""
    first = language.casefold().split("-")[0]
    return next((code for code, names in NAMES.items() if first == code or language.casefold() in names), None)


def detected(text: str) -> str | None:
    """Return the language of a text by its most frequent words; ``None`` if that is not clear, or it is another one."""
    words = [word.casefold() for word in _WORD.findall(text)]
    counts = sorted(((sum(word in known for word in words), language) for language, known in _SETS.items()), reverse=True)
    (most, language), (second, _) = counts[:2]
    return language if most >= FEWEST and most > second else None

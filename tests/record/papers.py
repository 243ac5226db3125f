"""Signed notes to print, invented: in English, German and Arabic."""

from rapport.core.prose import tree
from rapport.record.press import Paper, Words

ENGLISH = Words(
    note="Progress note",
    client="Client",
    date="Date",
    time="Time",
    contact="Contact",
    clinician="Clinician",
    scores="Scores",
    instrument="Measure",
    total="Total",
    band="Meaning",
    score_date="Answered",
    addenda="Added later",
    signed="Signed",
    cosigned="Co-signed",
    page="Page {page} of {pages}",
    verification="Verification",
    what_this_is=(
        "When this note was signed, Rapport sealed its words, its signer and its time. A seal "
        "below fits only what was sealed: a single letter changed afterwards would show. The "
        "seal speaks for the note in the practice’s records, not for this copy."
    ),
    how_to_check="Whoever runs the practice checks every seal with one command:",
    number="Note",
    seal="Seal",
    at_utc="Time, UTC",
    at_local="Time, local",
    gaps="Some letters of this note are in no typeface here. An empty box stands for each.",
)
GERMAN = Words(
    note="Verlaufsnotiz",
    client="Klientin oder Klient",
    date="Datum",
    time="Uhrzeit",
    contact="Art des Kontakts",
    clinician="Behandelnde Person",
    scores="Fragebogenergebnisse",
    instrument="Fragebogen",
    total="Summe",
    band="Bedeutung",
    score_date="Beantwortet",
    addenda="Später hinzugefügt",
    signed="Unterschrieben",
    cosigned="Mitunterschrieben",
    page="Seite {page} von {pages}",
    verification="Überprüfung",
    what_this_is="Beim Unterschreiben hat Rapport Wortlaut, Person und Zeitpunkt versiegelt.",
    how_to_check="Die Praxis prüft alle Siegel mit einem Befehl:",
    number="Notiz",
    seal="Siegel",
    at_utc="Zeit, UTC",
    at_local="Zeit, örtlich",
    gaps="Einige Zeichen kommen in keiner Schrift dieses Drucks vor.",
)
ARABIC = Words(
    note="ملاحظة جلسة",
    client="العميل",
    date="التاريخ",
    time="الوقت",
    contact="نوع اللقاء",
    clinician="المعالجة",
    scores="الدرجات",
    instrument="المقياس",
    total="المجموع",
    band="المعنى",
    score_date="تاريخ الإجابة",
    addenda="إضافات لاحقة",
    signed="التوقيع",
    cosigned="توقيع المشرف",
    page="صفحة {page} من {pages}",
    verification="التحقق",
    what_this_is="عند التوقيع ختم البرنامج النص واسم الموقّع والوقت. أي تغيير لاحق يظهر عند التحقق.",
    how_to_check="تتحقق العيادة من جميع الأختام بأمر واحد:",
    number="الملاحظة",
    seal="الختم",
    at_utc="الوقت العالمي",
    at_local="الوقت المحلي",
    gaps="بعض الحروف لا توجد في خطوط هذه الطباعة.",
)

CHART = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 150" width="600" height="150">
<rect x="40" y="10" width="550" height="60" fill="#e4ecec"/>
<polyline points="60,30 180,42 300,40 420,70 560,96" fill="none" stroke="#0f5a5e" stroke-width="2"/>
<circle cx="560" cy="96" r="5" fill="#0f5a5e"/>
<text x="40" y="142" font-size="12" font-family="Atkinson Hyperlegible Next">March</text>
<text x="540" y="142" font-size="12" font-family="Atkinson Hyperlegible Next">July</text>
</svg>"""


def english(**other) -> Paper:
    """A supervised note with everything a note can have."""
    paper = Paper(
        lang="en",
        dir="ltr",
        paper="letter",
        words=ENGLISH,
        practice={
            "name": "Alder Street Psychotherapy",
            "place": "114 Alder Street, Suite 2\nPortland, OR 97205",
        },
        client="Mara Kowalczyk",
        remarks=["Late entry, written three days after the session."],
        date="Monday, 24 November 2025",
        time="09:00–09:50",
        contact="In person, individual session",
        clinician="Ines Okafor, LPC Associate",
        sections=[
            {
                "heading": "Subjective",
                "prose": tree(
                    "Mara slept through four of seven nights, *for the first time since March*. "
                    "She brought the diary and read two entries aloud.\n\n"
                    "> I noticed I was waiting for the bad thing, and then it was just Tuesday.\n\n"
                    "What changed for her:\n\n"
                    "- she answers her sister again\n"
                    "- the walk at noon, **five days of seven**\n"
                    "  - alone, without the phone\n"
                    "- less checking at night"
                ),
            },
            {
                "heading": "Objective",
                "prose": tree(
                    "Mood: brighter, at times tearful\nAffect: congruent\nRisk: no thoughts of "
                    "death, asked directly"
                ),
            },
            {
                "heading": "Assessment",
                "prose": tree(
                    "Depressive episode, improving. The drop in the score is larger than chance "
                    "and agrees with what her sister sees."
                ),
            },
            {
                "heading": "Plan",
                "prose": tree(
                    "# Until next week\n\n1. keep the walk\n2. one call to the union office\n"
                    "3. diary only on days that were hard\n\n---\n\nNext session Monday, 09:00."
                ),
            },
        ],
        scores=[
            {"instrument": "PHQ-9", "total": "14", "band": "moderate", "date": "24 Nov 2025"},
            {"instrument": "GAD-7", "total": "8", "band": "mild", "date": "24 Nov 2025"},
        ],
        chart={"svg": CHART, "alt": "PHQ-9 from March to July: it fell from 20 to 14."},
        addenda=[
            {
                "author": "Ines Okafor, LPC Associate",
                "at": "1 December 2025, 11:20",
                "prose": tree("Mara called: the union office gave her a date, *18 December*."),
            }
        ],
        signed={"name": "Ines Okafor, LPC Associate", "at": "27 November 2025, 18:04"},
        cosigned={"name": "Dr. Ruth Adeyemi, Supervisor", "at": "28 November 2025, 08:15"},
        number="0199f3c2-6a1e-7c44-9d1b-5f0a7be2c913",
        short_number="5f0a7be2c913",
        signed_on=(2025, 11, 27),
        command="rapport verify",
        seals=[
            {
                "what": "Signed by Ines Okafor",
                "at_local": "27 November 2025, 18:04:11 (UTC−08:00)",
                "at_utc": "2025-11-28 02:04:11",
                "code": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            },
            {
                "what": "Co-signed by Dr. Ruth Adeyemi",
                "at_local": "28 November 2025, 08:15:40 (UTC−08:00)",
                "at_utc": "2025-11-28 16:15:40",
                "code": "60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752",
            },
        ],
    )
    return paper | other


def german(**other) -> Paper:
    """Long words in every place."""
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    paper = english(
        lang="de",
        paper="A4",
        words=GERMAN,
        practice={
            "name": "Gemeinschaftspraxis für Psychotherapie und Verhaltensmedizin am Kurpark",
            "place": "Kurfürstendamm 101\n10711 Berlin-Charlottenburg",
        },
        client="Friederike-Charlotte von und zu Hohenstein-Löwenberg-Wittgenstein",
        remarks=[],
        contact="Videosprechstunde, Einzelbehandlung mit Bezugsperson",
        clinician="Dr. rer. nat. Jörg Großkreutz, Psychologischer Psychotherapeut",
        sections=[
            {
                "heading": "Behandlungsverlauf und Veränderungsbereitschaft",
                "prose": tree(
                    "Die Wiedereingliederungsmaßnahme wurde besprochen; "
                    f"Arbeitgeberin ist die {long}. Krankenversicherungsträgerbescheinigung und "
                    "Arbeitsunfähigkeitsbescheinigung liegen vor.\n\n"
                    "3. März: Streit mit der Schwester\n17. März: Versöhnung"
                ),
            }
        ],
        scores=[
            {
                "instrument": "Gesundheitsfragebogen für Patienten, PHQ-9",
                "total": "14",
                "band": "mittelgradig ausgeprägt",
                "date": "24.11.2025",
            }
        ],
    )
    return paper | other


def arabic(**other) -> Paper:
    """Right to left, with words that run the other way inside."""
    paper = english(
        lang="ar",
        dir="rtl",
        paper="A4",
        words=ARABIC,
        practice={"name": "عيادة النخيل للعلاج النفسي", "place": "شارع الملك فيصل ١٢\nعمّان"},
        client="ليلى عبد الرحمن الخطيب",
        remarks=["كُتبت هذه الملاحظة متأخرة."],
        date="الاثنين ٢٤ تشرين الثاني ٢٠٢٥",
        contact="جلسة فردية في العيادة",
        clinician="د. سلمى حدّاد، معالجة نفسية",
        sections=[
            {
                "heading": "ما قالته العميلة",
                "prose": tree(
                    "نامت ليلى أربع ليالٍ من سبع، *لأول مرة منذ آذار*. قالت إن **المشي ظهراً** "
                    "يساعدها، وإن تطبيق Headspace لم يعد ضرورياً.\n\n"
                    "> لاحظت أنني أنتظر الأسوأ، ثم كان مجرد يوم ثلاثاء.\n\n"
                    "- ترد على أختها\n- تمشي خمسة أيام\n  - وحدها\n\n"
                    "1. تكمل اليوميات\n2. مكالمة واحدة"
                ),
            },
            {"heading": "من رسالة", "prose": tree("She wrote: “It was a calm week.”")},
        ],
        scores=[{"instrument": "PHQ-9", "total": "14", "band": "متوسط", "date": "٢٤ تشرين الثاني"}],
        addenda=[
            {
                "author": "د. سلمى حدّاد",
                "at": "١ كانون الأول ٢٠٢٥",
                "prose": tree("اتصلت ليلى وحددت موعداً."),
            }
        ],
        signed={"name": "د. سلمى حدّاد، معالجة نفسية", "at": "٢٧ تشرين الثاني ٢٠٢٥، ١٨:٠٤"},
        cosigned={"name": "د. هالة منصور، مشرفة", "at": "٢٨ تشرين الثاني ٢٠٢٥"},
        seals=[
            {
                "what": "وقّعتها د. سلمى حدّاد",
                "at_local": "٢٧ تشرين الثاني ٢٠٢٥، ١٨:٠٤",
                "at_utc": "2025-11-27 15:04:11",
                "code": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            }
        ],
    )
    return paper | other

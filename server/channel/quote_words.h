/* What mail programs write around a quotation, by language: for quote.c alone. Texts as the programs write them, in lower case where the
 * script has one; a table without rules, to be added to. */
#pragma once

/* How a line that introduces a quotation ends: "Ann wrote:", without its colon. */
static const char *const QUOTE_VERBS[] = {
    "wrote", /* en */
    "schrieb",
    "schrieb folgendes",
    "hat geschrieben", /* de */
    "a écrit",
    "écrit", /* fr */
    "escribió",
    "ha escrito", /* es */
    "ha scritto",
    "scritto",
    "scrive", /* it */
    "schreef",
    "geschreven",
    "heeft geschreven",
    "het volgende geschreven", /* nl */
    "escreveu",
    "escreveu no dia", /* pt */
    "пишет",
    "написал",
    "написала",
    "написал(а)",
    "писал",
    "писала",
    "писал(а)", /* ru */
    "пише",
    "написав",
    "написав(ла)",
    "написав(-ла)", /* uk */
    "napisał",
    "napisała",
    "napisał(a)",
    "pisze", /* pl */
    "napsal",
    "napsala",
    "napsal(a)",
    "napísal",
    "napísal(a)", /* cs, sk */
    "skrev",
    "skrev följande",
    "skrev følgende", /* sv, da, no */
    "kirjoitti",
    "kirjoitti seuraavaa", /* fi */
    "şunu yazdı",
    "yazdı",
    "yazmış", /* tr */
    "님이 작성",
    "작성",
    "님이 썼습니다",
    "님의 말",
    "썼습니다", /* ko */
    "كتب",
    "كتبت",
    "كتب ما يلي", /* ar */
    "έγραψε",
    "γράφει", /* el */
    "写道",
    "寫道",
    "写到",
    "来信", /* zh */
    "さんは書きました",
    "のメール",
    "のメッセージ",
    "さんのメッセージ",
    "wrote（書きました）", /* ja */
    "a scris",
    "írta",
    "ezt írta",
    "menulis",
    "đã viết",
    "כתב",
    "כתבה",
    "pisao je",
    "je napisao/la",
};

/* How one begins that may be wrapped over some lines. */
static const char *const QUOTE_OPENINGS[] = {
    "on ",   "am ", "le ",   "el ",  "il ",    "op ", "em ", "den ", "dne ", "dnia ",   "w dniu ", "på ",
    "στις ", "în ", "pada ", "vào ", "a las ", "在",  "于",  "於",   "في ",  "בתאריך ", "пн",      "вт",
    "ср",    "чт",  "пт",    "сб",   "вс",     "нд",  "pon", "wt",   "śr",   "czw",     "pt",      "sob",
    "niedz", "po ", "út ",   "st ",  "čt ",    "pá ", "so ", "ne ",  "man",  "tir",     "tor",     "fre",
    "lør",   "søn", "ma ",   "ti ",  "ke ",    "to ", "pe ", "la ",  "su ",
};

/* Lines of a block of headers: who, when, about what. Without their colon. */
static const char *const QUOTE_FROM[] = {
    "from",      "von",      "de",  "da",       "van",    "差出人", "送信者", "发件人",    "寄件者", "寄件人",
    "от",        "от кого",  "від", "від кого", "od",     "från",   "fra",    "lähettäjä", "kimden", "gönderen",
    "보낸 사람", "보낸사람", "من",  "από",      "feladó", "de la",  "מאת",    "dari",
};
static const char *const QUOTE_SENT[] = {
    "sent",       "date",
    "gesendet",   "datum",
    "envoyé",     "enviado",
    "enviado el", "fecha",
    "data",       "inviato",
    "verzonden",  "送信日時",
    "日付",       "日時",
    "发送时间",   "發送時間",
    "寄件日期",   "日期",
    "отправлено", "дата",
    "надіслано",  "wysłano",
    "odesláno",   "odeslané",
    "odoslané",   "skickat",
    "sendt",      "dato",
    "lähetetty",  "päivämäärä",
    "päiväys",    "gönderildi",
    "tarih",      "gönderme tarihi",
    "보낸 날짜",  "보낸 시간",
    "날짜",       "تاريخ الإرسال",
    "التاريخ",    "ημερομηνία",
    "στάλθηκε",   "εστάλη",
    "elküldve",   "dátum",
    "trimis",     "תאריך",
    "נשלח",
};
static const char *const QUOTE_SUBJECT[] = {
    "subject", "betreff", "objet", "asunto",  "assunto", "oggetto", "onderwerp", "件名", "題名",
    "主题",    "主題",    "主旨",  "тема",    "temat",   "předmět", "predmet",   "ämne", "emne",
    "aihe",    "konu",    "제목",  "الموضوع", "θέμα",    "tárgy",   "subiect",   "נושא", "subjek",
};

/* What stands between rules, or alone on its line, above a mail that is answered or passed on. */
static const char *const QUOTE_SEPARATORS[] = {
    "original message",
    "original appointment",
    "forwarded message",
    "begin forwarded message",
    "ursprüngliche nachricht",
    "originalnachricht",
    "weitergeleitete nachricht",
    "message d'origine",
    "message d’origine",
    "message original",
    "message transféré",
    "mensaje original",
    "mensaje reenviado",
    "messaggio originale",
    "messaggio inoltrato",
    "oorspronkelijk bericht",
    "doorgestuurd bericht",
    "mensagem original",
    "mensagem encaminhada",
    "元のメッセージ",
    "original メッセージ",
    "転送メッセージ",
    "原始邮件",
    "原始郵件",
    "转发的邮件",
    "轉寄郵件",
    "исходное сообщение",
    "пересылаемое сообщение",
    "вихідне повідомлення",
    "переслане повідомлення",
    "oryginalna wiadomość",
    "wiadomość oryginalna",
    "przekazana wiadomość",
    "původní zpráva",
    "přeposlaná zpráva",
    "ursprungligt meddelande",
    "vidarebefordrat meddelande",
    "oprindelig meddelelse",
    "videresendt meddelelse",
    "opprinnelig melding",
    "videresendt melding",
    "alkuperäinen viesti",
    "välitetty viesti",
    "özgün ileti",
    "orijinal mesaj",
    "iletilen mesaj",
    "원본 메시지",
    "원본 메일",
    "전달된 메시지",
    "الرسالة الأصلية",
    "رسالة معاد توجيهها",
    "αρχικό μήνυμα",
    "προωθημένο μήνυμα",
    "eredeti üzenet",
    "mesaj original",
    "reply above this line",
    "please type your reply above this line",
    "please reply above this line",
    "bitte antworten sie oberhalb dieser linie",
    "この行より上に返信してください",
    "ここより上に返信を書いてください",
};

/* What stands below mails, by language: for quote_foot.c alone. Texts as programs and firms write them, in lower case where the script has
 * one; tables without rules, to be added to. */
#pragma once

/* How a line begins that a program puts below all, and with which words it goes on. */
static const char *const QUOTE_SENT_FROM[] = {
    "sent from ",
    "sent via ",
    "get outlook for",
    "outlook for ",
    "von meinem ",
    "diese nachricht wurde von meinem ",
    "diese e-mail wurde von meinem ",
    "this message was sent from my ",
    "sent with ",
    "get [outlook for",
    "télécharger outlook pour",
    "obtenir outlook pour",
    "outlook für ",
    "obtener outlook para",
    "ottieni outlook per",
    "obtenha o outlook para",
    "hämta outlook för",
    "hent outlook ",
    "outlook voor ",
    "pobierz program outlook",
    "gesendet von ",
    "gesendet mit ",
    "envoyé de ",
    "envoyé avec ",
    "envoyé depuis ",
    "envoyé à partir de ",
    "enviado desde ",
    "enviado do ",
    "enviado de ",
    "inviato da ",
    "verzonden vanaf ",
    "verzonden met ",
    "verzonden via ",
    "verstuurd vanaf ",
    "skickat från ",
    "sendt fra ",
    "sendt med ",
    "skickat med ",
    "lähetetty ",
    "iphone'umdan ",
    "ipad'imden ",
    "wysłano z ",
    "odesláno z ",
    "odoslané z ",
    "отправлено с ",
    "отправлено из ",
    "надіслано з ",
    "στάλθηκε από ",
    "iphoneから送信",
    "ipadから送信",
    "androidから送信",
    "私のiphoneから送信",
    "发自我的",
    "我的iphone",
    "发送自",
    "傳送自",
    "從我的",
    "나의 ",
    "내 ",
};
static const char *const QUOTE_DEVICES[] = {
    "iphone",       "ipad",         "ipod",        "android",          "samsung",        "galaxy",     "blackberry",
    "huawei",       "xiaomi",       "redmi",       "oneplus",

    "nokia",        "motorola",     "htc",         "alcatel",          "wiko",           "smartphone", "mobile device",
    "mobile phone", "mobiltelefon", "mobilgerät",  "mobiele telefoon", "handy gesendet", "windows",    "outlook",
    "yahoo",        "gmail",        "thunderbird", "mail for",         "mail app",       "proton",     "k-9 mail",
    "typeapp",      "bluemail",     "airmail",

    "sparrow",

    "gmx",          "web.de",
};

/* Words of the notices that firms put below all mails; one of the first begins the paragraph, and one of the second is in it. */
static const char *const QUOTE_NOTICES[] = {
    "this e-mail",         "this email",       "this message",
    "the information",     "the contents",     "confidential",
    "disclaimer",          "diese e-mail",     "diese nachricht",
    "dieses e-mail",       "die information",  "le informazioni",
    "ce message",          "ce courriel",      "cet e-mail",
    "este mensaje",        "este correo",      "esta mensagem",
    "este e-mail",         "questo messaggio", "questa e-mail",
    "dit bericht",         "deze e-mail",      "本メール",
    "このメール",          "本邮件",           "本郵件",
    "это сообщение",       "данное сообщение", "ta wiadomość",
    "niniejsza wiadomość", "detta meddelande", "denne e-post",
};
static const char *const QUOTE_SECRETS[] = {
    "confidential", "privileged", "intended recipient", "vertraulich", "confidentiel",
    "confidencial", "riservat",   "vertrouwelijk",      "機密",        "秘密",
    "保密",         "机密",       "конфиденциал",       "poufn",       "konfidentiell",
    "konfidensiel", "fortrolig",
};

/* What a line of a signature has in it, or begins with, that says where its writer is found. */
static const char *const QUOTE_CONTACTS[] = {"@", "http://", "https://", "www."};
static const char *const QUOTE_TELEPHONES[] = {
    "+",     "tel",     "tlf",  "phone", "mobil", "cell", "fax", "télé", "puh", "gsm",
    "móvil", "celular", "電話", "携帯",  "电话",  "тел",  "моб", "전화", "τηλ",
};

/* What a list of mails has in its footer. */
static const char *const QUOTE_LISTS[] = {
    "mailing list",       "mailing-list",     "mailinglist",        "mailman/listinfo",
    "unsubscribe",        "subscribed to",    "liste de diffusion", "lista de correo",
    "lista de discussão", "メーリングリスト", "список рассылки",    "邮件列表",
};

/* How the words begin that a person adds below their name. */
static const char *const QUOTE_POSTSCRIPTS[] = {"p.s",  "ps:",  "ps.", "ps ", "p. s.", "pps", "追伸", "追记",
                                                "附言", "추신", "з.ы", "п.с", "υ.γ",   "n.b", "nb:",  "edit:"};

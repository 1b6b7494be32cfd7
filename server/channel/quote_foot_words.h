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
    "gesendet von ",
    "gesendet mit ",
    "envoyé de ",
    "envoyé depuis ",
    "envoyé à partir de ",
    "enviado desde ",
    "enviado do ",
    "enviado de ",
    "inviato da ",
    "verzonden vanaf ",
    "verstuurd vanaf ",
    "skickat från ",
    "sendt fra ",
    "lähetetty ",
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
    "從我的",
    "나의 ",
    "내 ",
};
static const char *const QUOTE_DEVICES[] = {
    "iphone",   "ipad",     "android",    "samsung", "galaxy", "outlook", "yahoo",  "gmail",
    "mail for", "mail app", "blackberry", "huawei",  "xiaomi", "windows", "proton",
};

/* Words of the notices that firms put below all mails; one of the first begins the paragraph, and one of the second is in it. */
static const char *const QUOTE_NOTICES[] = {
    "this e-mail",      "this email",    "this message",     "the information",  "the contents",
    "confidential",     "disclaimer",    "diese e-mail",     "diese nachricht",  "dieses e-mail",
    "die information",  "ce message",    "ce courriel",      "cet e-mail",       "este mensaje",
    "este correo",      "esta mensagem", "este e-mail",      "questo messaggio", "questa e-mail",
    "dit bericht",      "deze e-mail",   "本メール",         "このメール",       "本邮件",
    "本郵件",           "это сообщение", "данное сообщение", "ta wiadomość",     "niniejsza wiadomość",
    "detta meddelande", "denne e-post",
};
static const char *const QUOTE_SECRETS[] = {
    "confidential", "privileged", "intended recipient", "vertraulich", "confidentiel",
    "confidencial", "riservat",   "vertrouwelijk",      "機密",        "秘密",
    "保密",         "机密",       "конфиденциал",       "poufn",       "konfidentiell",
    "konfidensiel", "fortrolig",
};
